import Annotations
import Documents
import TestSupport
import Testing

@Suite struct LabelMeGroupsTests {
  private func object(
    _ id: Int, _ category: Int = 1, image: Int = 1, group: Int? = nil, parts: Int = 1
  ) -> ObjectAnnotation {
    let start = Double(id * 4)
    let rings = (0..<parts).map { part -> [Double] in
      let y = Double(part * 3)
      return [start, y, start + 2, y, start, y + 2]
    }
    return ObjectAnnotation(
      id: id, imageID: image, categoryID: category,
      box: Box(x0: start, y0: 0, x1: start + 2, y1: Double(parts * 3 - 1)), area: Double(parts * 2),
      segmentation: Segmentation(polygons: rings),
      extra: JSONObject(group.map { [("group_id", JSON($0))] } ?? []))
  }

  private func set(_ objects: [ObjectAnnotation]) -> AnnotationSet {
    AnnotationSet(
      categories: [Category(id: 1, name: "cat"), Category(id: 2, name: "dog")],
      images: [1, 2].map { ImageRecord(id: $0, fileName: "\($0).jpg", height: 50, width: 50) }, objects: objects)
  }

  @Test("objects that would share label and group in an image stay apart; the number of the later one is a loss")
  func apart() throws {
    let set = set([
      object(1, group: 5), object(2, group: 5), object(3, 2, group: 5), object(4, group: 5, parts: 2),
      object(5, image: 2, group: 5),
    ])
    let folder = try ScratchFolder()
    try LabelMeFolder.write(set, to: folder.path)
    let back = try LabelMeFolder.read(folder.path).set
    #expect(back.objects.map(\.box) == set.objects.map(\.box))
    #expect(back.objects.map(\.area) == set.objects.map(\.area))
    #expect(back.objects.map { $0.extra["group_id"]?.int } == [5, nil, 5, 4, 5])
    let loss = try #require(LabelMeFolder.losses(of: set).losses.first { $0.code == .objectKeys })
    #expect(loss.count == 2 && loss.examples == ["group_id of object 2", "group_id of object 4"])
  }

  @Test("an object of several rings gets a number that no other object of its label has, before or behind it")
  func rings() throws {
    let set = set([
      object(7, parts: 2), object(8, group: 7), object(9, group: 1), object(10, 2, parts: 2), object(11, parts: 3),
    ])
    let folder = try ScratchFolder()
    try LabelMeFolder.write(set, to: folder.path)
    let back = try LabelMeFolder.read(folder.path).set
    #expect(back.objects.map(\.box) == set.objects.map(\.box))
    #expect(back.objects.map { $0.extra["group_id"]?.int } == [2, 7, 1, 10, 11])
    #expect(!LabelMeFolder.losses(of: set).losses.contains { $0.code == .objectKeys })
  }

  private func read(_ shapes: String) throws -> AnnotationReading {
    let folder = try ScratchFolder()
    _ = try folder.write(#"{"shapes":[\#(shapes)],"imagePath":"a.jpg","imageHeight":10,"imageWidth":20}"#, to: "a.json")
    return try AnnotationSource.inspect(folder.path)
  }

  private static func shape(_ keys: String) -> String {
    #"{"label":"cat","points":[[1,1],[5,1],[1,4]],"shape_type":"polygon","group_id":3\#(keys)}"#
  }

  @Test("a group is marked as one of its shapes is")
  func marks() throws {
    let reading = try read(
      [
        Self.shape(""), Self.shape(#","flags":{"difficult":true}"#), Self.shape(#","flags":{"iscrowd":true}"#),
        Self.shape(#","truncated":1"#),
      ].joined(separator: ","))
    let object = try #require(reading.set.objects.first)
    #expect(reading.set.objects.count == 1)
    #expect(object.isDifficult && object.isCrowd && object.isTruncated)
    #expect(reading.problems.counts.isEmpty)
    #expect(object.extra == JSONObject([("group_id", 3)]))
  }

  @Test("other flags and keys are those of the first shape; what another has beside them is noted, not what it lacks")
  func keys() throws {
    let reading = try read(
      [
        Self.shape(#","flags":{"blurred":true},"note":"n","own":1"#), Self.shape(#","note":"n""#),
        Self.shape(#","note":"m","more":2,"flags":{"far":true}"#),
      ].joined(separator: ","))
    #expect(
      reading.set.objects.map(\.extra)
        == [JSONObject([("note", "n"), ("own", 1), ("flags", ["blurred": true]), ("group_id", 3)])])
    #expect(reading.problems.counts == [.ignoredElement: 3])
    let message = reading.problems.examples.first?.message ?? ""
    #expect(
      message.hasSuffix("a.json: shapes[2]: note is another than that of the first shape of its group, which is kept"),
      "\(message)")
  }
}
