import Annotations
import Documents
import TestSupport
import Testing

/// What VOC's forms say and the internal form has no place for.
@Suite struct VOCUnreadTests {
  private static let box = "<xmin>1</xmin><ymin>2</ymin><xmax>5</xmax><ymax>6</ymax>"

  /// One image with one object.
  private static func file(
    root: String = "", text: String = "", size: String = "<depth>3</depth>", object: String = "",
    in box: String = box
  ) -> String {
    """
    <annotation\(root)>\(text)<folder>x</folder><filename>a.jpg</filename>
    <source id="1"><database>d</database></source>
    <size><width>20</width><height>10</height>\(size)</size>
    <object\(object)><name>x</name><difficult>0</difficult><truncated>0</truncated><bndbox>\(box)</bndbox></object>
    </annotation>
    """
  }

  @Test(
    "attributes, stray text and unknown elements of any element that is read are noted",
    arguments: [
      (file(root: #" checked="yes""#), ":1: checked of <annotation> is not read"),
      (file(object: #" id="5" more="m""#), ":4: id, more of <object> is not read"),
      (file(text: "stray"), ":1: the text \"stray\" of <annotation> is not read"),
      (file(size: "<foo>1</foo>"), ":3: <foo> of <size> is not read"),
      (file(in: box + "<zz>3</zz>"), ":4: <zz> of <bndbox> is not read"),
      (file(in: box.replacing("1<", with: "1<b/><")), ":4: <b> of <xmin> is not read"),
    ])
  func inXML(text: String, note: String) throws {
    let folder = try ScratchFolder()
    let file = try folder.write(text, to: "Annotations/a.xml")
    let (set, problems) = try VOCFolder.read(folder.path)
    #expect(set.objects.map(\.box) == [Box(x0: 0, y0: 1, x1: 5, y1: 6)])
    #expect(problems.counts == [.ignoredElement: 1])
    #expect(problems.examples.map(\.message) == [file + note])
  }

  @Test("that a person has looked at an image is kept, in XML and in JSON")
  func verified() throws {
    let folder = try ScratchFolder()
    _ = try folder.write(Self.file(root: #" verified="yes""#), to: "Annotations/a.xml")
    let (set, problems) = try VOCFolder.read(folder.path)
    #expect(problems.counts.isEmpty && set.images[0].extra == JSONObject([("verified", "yes")]))
    #expect(VOCFolder.losses(of: set).count(.imageKeys) == 0 && VOCJSON.losses(of: set).count(.imageKeys) == 0)
    try VOCFolder.write(set, to: folder.path + "/voc")
    #expect(try VOCFolder.read(folder.path + "/voc").set == set)
    try VOCJSON.write(set, to: folder.path + "/voc.json")
    #expect(try VOCJSON.read(folder.path + "/voc.json").set == set)
  }

  @Test("names of XML's own say nothing of labels, nor does what is known and not used")
  func plain() throws {
    let folder = try ScratchFolder()
    _ = try folder.write(Self.file(root: #" xmlns:q="http://q.example""#), to: "Annotations/a.xml")
    #expect(try VOCFolder.read(folder.path).problems.counts.isEmpty)
  }

  @Test(
    "in JSON unknown keys are noted wherever they stand",
    arguments: [
      (#""annotation""#, #""zz":1,"annotation""#, "[0]: the key \"zz\" is not read"),
      (#""depth""#, #""q":1,"depth""#, "[0].annotation.size: the key \"q\" is not read"),
      (#""xmin""#, #""z":1,"xmin""#, "[0].annotation.object[0].bndbox: the key \"z\" is not read"),
      (#""filename""#, #""filename""#, nil), (#""depth":3"#, #""depth":1"#, nil),
    ] as [(String, String, String?)])
  func inJSON(found: String, replaced: String, note: String?) throws {
    let text = #"""
      [{"annotation":{"filename":"a.jpg","size":{"width":20,"height":10,"depth":3},
        "object":[{"name":"x","bndbox":{"xmin":1,"ymin":2,"xmax":5,"ymax":6}}]}}]
      """#
    let folder = try ScratchFolder()
    let file = try folder.write(text.replacing(found, with: replaced), to: "v.json")
    let problems = try VOCJSON.read(file).problems
    #expect(problems.examples.map(\.message) == [note].compactMap { $0 })
    var losses = ConversionLosses()
    losses.add(unreadBy: problems)
    #expect(losses.count(.notRead) == (note == nil ? 0 : 1))
  }

  @Test("hexadecimal numbers are none, in JSON and in files of results")
  func hexadecimals() throws {
    let folder = try ScratchFolder()
    let file = try folder.write(
      #"{"annotation":{"filename":"a.jpg","object":{"name":"x","bndbox":{"xmin":"0x1","ymin":2,"xmax":5,"ymax":6}}}}"#,
      to: "v.json")
    #expect(try VOCJSON.read(file).problems.examples.first?.message.contains("is \"0x1\", not a number") == true)
    let results = try folder.write("a 0.5 0x1 2 3 4\n", to: "comp4_det_test_x.txt")
    let labels = AnnotationSet(
      categories: [Category(id: 1, name: "x")], images: [ImageRecord(id: 1, fileName: "a.jpg", height: 9, width: 9)])
    #expect(
      errorMessage { _ = try VOCResults.read(results, labels: labels) }?.contains("wanted is `image score") == true)
  }
}
