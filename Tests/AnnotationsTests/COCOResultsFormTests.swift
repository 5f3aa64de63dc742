import Annotations
import Documents
import TestSupport
import Testing

/// COCO results as a form of labels.
@Suite struct COCOResultsFormTests {
  private let truth = """
    {"images":[{"id":7,"file_name":"a.jpg","height":20,"width":40},{"id":9,"file_name":"b.jpg","height":20,"width":40}],
    "categories":[{"id":3,"name":"x"},{"id":90,"name":"y"}],"annotations":[{"id":1,"image_id":7,"category_id":3,"bbox":[1,2,3,4]}]}
    """

  @Test("images and classes are those of the labels, scores are keys, boxes without one are those of the mask")
  func reads() throws {
    let folder = try ScratchFolder()
    let labels = try folder.write(truth, to: "t.json")
    let file = try folder.write(
      """
      [{"image_id":9,"category_id":90,"bbox":[0.1,0.2,3,4],"score":0.25},
       {"image_id":7,"category_id":3,"segmentation":{"size":[20,40],"counts":[20,20,760]},"score":1}]
      """, to: "r.json")
    let reading = try AnnotationSource.inspect(file, labels: labels)
    #expect(reading.form == .cocoResults)
    #expect(reading.set.images.map(\.id) == [7, 9])
    #expect(reading.set.objects.map(\.categoryID) == [90, 3])
    #expect(reading.set.objects.map { $0.extra["score"]?.double } == [0.25, 1])
    #expect(reading.set.objects[1].box == Box(x0: 1, y0: 0, x1: 2, y1: 20))
    #expect(reading.set.objects[1].area == 20)
    let again = try folder.file("again.json")
    try AnnotationFormat.cocoResults.write(reading.set, to: again)
    let (first, second) = (try COCOResults.read(file), try COCOResults.read(again))
    #expect(second.map(\.score) == first.map(\.score))
    #expect(second[0].writtenBox == first[0].writtenBox)
  }

  @Test("keys without a place are noted, each with how many predictions have it, in plain elements and others")
  func otherKeys() throws {
    let folder = try ScratchFolder()
    let labels = try folder.write(truth, to: "t.json")
    let file = try folder.write(
      """
      [{"image_id":9,"category_id":90,"bbox":[1,2,3,4],"score":0.25,"id":1,"area":12},
       {"image_id":7,"category_id":3,"bbox":[1,2,3,4],"score":1,"id":2,"more":{"a":1}}]
      """, to: "r.json")
    let problems = try AnnotationSource.inspect(file, labels: labels).problems
    #expect(problems.counts == [.ignoredElement: 3])
    #expect(
      problems.examples.map(\.message) == [
        "\(file): the key \"area\", which 1 predictions have, is not read",
        "\(file): the key \"id\", which 2 predictions have, is not read",
        "\(file): the key \"more\", which 1 predictions have, is not read",
      ])
    #expect(try COCOResults.read(file).count == 2)
  }

  @Test("an empty box beside a mask is none, as pycocotools has it; alone it is an error")
  func emptyBox() throws {
    let folder = try ScratchFolder()
    func file(_ more: String) throws -> String {
      try folder.write(#"[{"image_id":1,"category_id":1,"bbox":[],"score":0.5\#(more)}]"#, to: "found.json")
    }
    let found = try COCOResults.read(try file(#","segmentation":{"size":[2,2],"counts":[0,2,2]}"#))
    #expect(found.count == 1 && found[0].writtenBox == nil && found[0].segmentation != nil)
    let message = try #require(errorMessage { _ = try COCOResults.read(try file("")) })
    #expect(
      message.hasSuffix("found.json: [0].bbox: has 0 numbers, not 4 (x, y, width, height) (byte 1)"), "\(message)")
  }

  @Test("without the labels, and with ids that they do not have, predictions are refused")
  func refusals() throws {
    let folder = try ScratchFolder()
    let labels = try folder.write(truth, to: "t.json")
    let file = try folder.write(#"[{"image_id":8,"category_id":4,"bbox":[1,2,3,4],"score":1}]"#, to: "r.json")
    #expect(
      errorMessage { _ = try AnnotationSource.read(file) }?.contains("convert takes them with --labels SRC") == true)
    let problems = try AnnotationSource.inspect(file, labels: labels).problems
    #expect(problems.counts == [.unknownImage: 1, .unknownCategory: 1])
  }
}
