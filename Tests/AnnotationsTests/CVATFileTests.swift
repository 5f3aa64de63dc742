import Documents
import TestSupport
import Testing

@testable import Annotations

@Suite struct CVATFileTests {
  private static let sample = """
    <?xml version="1.0" encoding="utf-8"?>
    <annotations>
      <version>1.1</version>
      <meta><task><id>4</id><labels>
        <label><name>car</name><color>#ff0000</color><attributes></attributes></label>
        <label><name>person</name></label>
      </labels></task><dumped>2026</dumped></meta>
      <image id="0" name="d/a.jpg" subset="Train" width="640" height="480">
        <box label="person" source="manual" occluded="0" xtl="1.5" ytl="2.00" xbr="33.25" ybr="44.00" z_order="0">
          <attribute name="age">40</attribute><attribute name="difficult">true</attribute>
        </box>
        <polygon label="car" source="auto" occluded="1" points="1.00,2.00;11.00,2.00;11.00,12.00" z_order="3" group_id="7">
          <attribute name="is_crowd">1</attribute>
        </polygon>
        <polyline label="car" points="1,2;3,4" occluded="0"/>
        <box label="car" rotation="30" xtl="1" ytl="2" xbr="3" ybr="4"/>
        <mask label="car" rle="1, 2" left="0" top="0" width="3" height="1"/>
        <tag label="car"/>
      </image>
      <image id="5" name="b.jpg" width="10" height="10"/>
    </annotations>
    """

  @Test("boxes, polygons, attributes, flags and the list of labels are read; other shapes are counted")
  func reads() throws {
    let folder = try ScratchFolder()
    let reading = try AnnotationSource.inspect(folder.write(Self.sample, to: "annotations.xml"))
    let set = reading.set
    #expect(reading.form == .cvat)
    #expect(set.images.map(\.id) == [1, 6])
    #expect(set.images.map(\.fileName) == ["d/a.jpg", "b.jpg"])
    #expect(set.images[0].extra["subset"] == "Train")
    #expect(set.categories.map(\.name) == ["car", "person"])
    #expect(set.objects.map(\.categoryID) == [2, 1])
    #expect(set.objects[0].box == Box(x0: 1.5, y0: 2, x1: 33.25, y1: 44))
    #expect(set.objects[0].isDifficult)
    #expect(set.objects[0].extra == JSONObject([("attributes", ["age": "40"])]))
    #expect(set.objects[1].box == Box(x0: 1, y0: 2, x1: 11, y1: 12))
    #expect(set.objects[1].area == 50)
    #expect(set.objects[1].isCrowd)
    #expect(set.objects[1].extra == JSONObject([("source", "auto"), ("occluded", 1), ("z_order", 3), ("group_id", 7)]))
    #expect(reading.problems.counts == [.otherShape: 4])
    var losses = ConversionLosses()
    losses.add(unreadBy: reading.problems)
    #expect(losses.count(.notRead) == 4)
    // The folder of an export is read, too.
    #expect(try AnnotationSource.inspect(folder.path).set == set)
  }

  @Test("what <meta> says beside the names of labels is kept: of a label with its class, else with the file")
  func meta() throws {
    let folder = try ScratchFolder()
    let set = try AnnotationSource.inspect(folder.write(Self.sample, to: "annotations.xml")).set
    #expect(set.categories.map(\.extra) == [JSONObject([("color", "#ff0000")]), JSONObject()])
    #expect(set.extra == JSONObject([("meta", ["task": ["id": "4"], "dumped": "2026"])]))
    #expect(AnnotationFormat.yolo.losses(of: set).count(.classKeys) == 1)
    #expect(AnnotationFormat.yolo.losses(of: set).count(.fileKeys) == 1)
  }

  @Test("a flag that says neither yes nor no is kept as an attribute; what stands there again or is unknown is noted")
  func attributes() throws {
    let folder = try ScratchFolder()
    let attributes = [
      ("difficult", "maybe"), ("truncated", "true"), ("truncated", "0"), ("is_crowd", "1"), ("iscrowd", "0"),
    ]
    let text = attributes.map { "<attribute name=\"\($0.0)\">\($0.1)</attribute>\n" }.joined()
    let file = try folder.write(
      """
      <annotations><image id="0" name="a.jpg"><box label="x" xtl="1" ytl="2" xbr="3" ybr="4">
      \(text)<attribute>7</attribute><more/></box></image></annotations>
      """, to: "l.xml")
    let reading = try AnnotationSource.inspect(file)
    let object = try #require(reading.set.objects.first)
    #expect(!object.isDifficult && object.isTruncated && object.isCrowd)
    #expect(object.extra == JSONObject([("attributes", ["difficult": "maybe"])]))
    #expect(
      reading.problems.examples.map(\.message) == [
        "\(file):4: a second attribute truncated of <box> is not read",
        "\(file):6: a second attribute iscrowd of <box> is not read",
        "\(file):7: an <attribute> without a name of <box> is not read", "\(file):7: <more> of <box> is not read",
      ])
  }

  @Test(
    "what breaks the form is an error with file and line",
    arguments: [
      (
        #"<image id="0" name="a.jpg"><box label="x" xtl="a" ytl="0" xbr="1" ybr="1"/></image>"#,
        ":1: <box>: xtl is \"a\", not a number"
      ),
      (
        #"<image id="0" name="a.jpg"><box label="x" xtl="nan" ytl="0" xbr="1" ybr="1"/></image>"#,
        ":1: <box>: xtl is \"nan\""
      ),
      (
        #"<image id="0" name="a.jpg"><box label="x" xtl="0x1" ytl="0" xbr="3" ybr="1"/></image>"#,
        ":1: <box>: xtl is \"0x1\", not a number"
      ),
      (
        #"<image id="0" name="a.jpg"><box label="x" rotation="x" xtl="1" ytl="0" xbr="3" ybr="1"/></image>"#,
        ":1: <box>: rotation is \"x\", not a number"
      ),
      (
        #"<image id="0" name="a.jpg"><box label="x" ytl="0" xbr="1" ybr="1"/></image>"#,
        ":1: <box> has no attribute xtl"
      ),
      (#"<image id="0" name="a.jpg"><polygon label="x" points="1,2;3,4"/></image>"#, ":1: <polygon> has 2 points"),
      (#"<image id="0" name="a.jpg"><polygon label="x" points="1,2;3;4,5"/></image>"#, "\"3\" is no point x,y"),
      (#"<image id="-1" name="a.jpg"/>"#, "id is \"-1\", not a whole number from 0"),
      (#"<image id="9223372036854775807" name="a.jpg"/>"#, "not a whole number from 0"),
      (#"<image id="0"/>"#, "<image> has no attribute name"),
      (#"<image id="0" name="a.jpg" width="99999999" height="1"/>"#, "is no size of an image"),
      (#"<image id="0" name="a.jpg"/><image id="0" name="b.jpg"/>"#, "the id 1 occurs before"),
      (#"<track id="0"/>"#, "is CVAT for video; wanted is CVAT for images"), ("<image", "l.xml"),
    ])
  func errors(text: String, message: String) throws {
    let folder = try ScratchFolder()
    let file = try folder.write("<annotations>\(text)</annotations>", to: "l.xml")
    let found = errorMessage { _ = try AnnotationSource.read(file) }
    #expect(found?.contains(message) == true, "\(found ?? "no error")")
    #expect(found?.contains(file) == true)
  }

  @Test("a file of more than 16 MiB is read, an image at a time")
  func large() throws {
    let folder = try ScratchFolder()
    var text = "<annotations><version>1.1</version>\n"
    let box = """
      <box label="car" source="manual" occluded="0" xtl="1.00" ytl="2.00" xbr="3.00" ybr="4.00" z_order="0"></box>

      """
    let count = 8000
    for index in 0..<count {
      text += "<image id=\"\(index)\" name=\"\(index).jpg\" width=\"640\" height=\"480\">\n"
      text += String(repeating: box, count: 22) + "</image>\n"
    }
    text += "</annotations>\n"
    #expect(text.utf8.count > 16 << 20)
    let set = try AnnotationSource.inspect(folder.write(text, to: "annotations.xml")).set
    #expect(set.images.count == count && set.objects.count == 22 * count)
    #expect(set.images.last?.fileName == "7999.jpg")
  }
}
