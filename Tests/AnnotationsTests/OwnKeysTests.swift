import Annotations
import Documents
import TestSupport
import Testing

/// Keys that a form keeps without knowing them, under names that mean something in another one.
@Suite struct OwnKeysTests {
  /// Reads a source, writes it in a form, and reads that: what was lost, and what came back.
  private func converted(
    _ text: String, _ name: String, to form: AnnotationFormat
  ) throws -> (losses: [String], reading: AnnotationReading) {
    let folder = try ScratchFolder()
    let source = try folder.write(text, to: "in/" + name)
    let reading = try AnnotationSource.read(name == "a.json" ? folder.path + "/in" : source)
    let place = folder.path + (form.isFolder ? "/out" : "/out.json")
    try form.write(reading.set, to: place)
    let losses = form.losses(of: reading.set).losses.filter {
      [.objectKeys, .imageKeys, .difficult, .truncated].contains($0.code)
    }
    return (
      losses.map { "\($0.code.rawValue) \($0.examples.joined(separator: ", "))" },
      try AnnotationSource.inspect(place, form: form)
    )
  }

  private static let coordinates = #""coordinates":{"x":3,"y":4,"width":2,"height":2}"#

  private static func createML(_ keys: String, ofImage: String = "") -> String {
    #"[{"image":"a.jpg","annotations":[{"label":"x",\#(coordinates)\#(keys)}]\#(ofImage)}]"#
  }

  private static func labelMe(_ keys: String) -> String {
    #"{"shapes":[{"label":"x","points":[[2,3],[4,5]],"shape_type":"rectangle"\#(keys)}],"imagePath":"a.jpg"}"#
  }

  private static func cvat(_ attributes: String) -> String {
    #"<annotations><image id="0" name="a.jpg"><box label="x" xtl="2" ytl="3" xbr="4" ybr="5"\#(attributes)/></image></annotations>"#
  }

  @Test(
    "keys called as COCO's own are left out and reported: written, they would stand there twice",
    arguments: [
      (
        createML(#","id":3,"area":7,"note":"n""#, ofImage: #","id":7,"height":"tall","date":"d""#), "l.json",
        ["drops-image-keys id of a.jpg, height of a.jpg", "drops-object-keys id of object 1, area of object 1"]
      ),
      (
        labelMe(#","bbox":[1],"iscrowd":1,"note":"n""#), "a.json",
        ["drops-object-keys bbox of object 1, iscrowd of object 1"]
      ),
      (
        cvat(#" id="4" category_id="2" note="n""#), "l.xml",
        ["drops-object-keys id of object 1, category_id of object 1"]
      ),
    ])
  func coco(text: String, name: String, losses: [String]) throws {
    let found = try converted(text, name, to: .coco)
    #expect(found.losses == losses)
    #expect(found.reading.problems.count(.error) == 0)
    #expect(found.reading.set.objects.map(\.box) == [Box(x0: 2, y0: 3, x1: 4, y1: 5)])
    #expect(found.reading.set.objects[0].extra == JSONObject([("note", "n")]))
    #expect(found.reading.set.images.map(\.id) == [1])
    #expect(found.reading.set.objects.map(\.area) == [4])
  }

  @Test(
    "flags that stand among the keys of other forms are the object's, in COCO's file too",
    arguments: [
      (createML(#","difficult":1,"truncated":false"#), "l.json"), (labelMe(#","difficult":true"#), "a.json"),
      (cvat(#" difficult="1""#), "l.xml"),
    ])
  func flags(text: String, name: String) throws {
    let (losses, reading) = try converted(text, name, to: .coco)
    #expect(losses.isEmpty)
    #expect(reading.set.objects.map(\.isDifficult) == [true] && reading.set.objects.map(\.isTruncated) == [false])
    #expect(try converted(text, name, to: .createML).losses == ["drops-difficult object 1 in a.jpg"])
    #expect(try converted(text, name, to: .labelme).reading.set.objects.map(\.isDifficult) == [true])
  }

  @Test(
    "a key called as a flag that says neither yes nor no is reported where it has no place",
    arguments: [AnnotationFormat.coco, .createML, .labelme, .voc])
  func noFlag(form: AnnotationFormat) throws {
    let found = try converted(Self.createML(#","difficult":"hard""#), "l.json", to: form)
    #expect(found.losses.count == 1 && found.losses[0].hasPrefix("drops-object-keys difficult of object 1"))
    #expect(found.reading.set.objects.map(\.isDifficult) == [false])
  }

  @Test("what VOC takes as pose and occluded comes back, what it cannot take is reported")
  func poses() throws {
    let kept = try converted(Self.createML(#","pose":"Left","occluded":true"#), "l.json", to: .voc)
    #expect(kept.losses.isEmpty)
    #expect(kept.reading.set.objects[0].extra == JSONObject([("pose", "Left"), ("occluded", 1)]))
    let lost = try converted(Self.createML(#","pose":" Left","occluded":"half""#), "l.json", to: .voc)
    #expect(lost.losses == ["drops-object-keys pose of object 1, occluded of object 1"])
    #expect(try converted(Self.createML(#","pose":7"#), "l.json", to: .vocJSON).losses.count == 1)
  }
}
