import TestSupport
import Testing

@testable import Annotations

/// Image-level labels from CSV and COCO JSON.
@Suite struct ImageTagsTests {
  private let folder: ScratchFolder
  private let classes = ClassTable([
    .init(id: 7, name: "road", color: .black), .init(id: 9, name: "traffic light", color: .white),
    .init(id: 2, name: "car", color: .white),
  ])

  init() throws { folder = try ScratchFolder() }

  private func tags(_ text: String, _ name: String) throws -> ImageTags {
    try ImageTags.read(folder.write(text, to: name), classes: classes)
  }

  private func message(_ text: String, _ name: String, images: [String] = ["a.jpg"]) throws -> String {
    let path = try folder.write(text, to: name)
    let message = errorMessage { _ = try ImageTags.read(path, classes: classes).places(in: images) }
    return message?.replacing(path, with: name) ?? ""
  }

  private let coco = """
    {"annotations": [{"image_id": 1, "category_id": 3}, {"id": 8, "image_id": 2, "category_id": 4, "bbox": "none"},
                     {"image_id": 1, "category_id": 4}, {"image_id": 1, "category_id": 3}],
     "images": [{"id": 1, "file_name": "x/1.jpg"}, {"id": 2, "file_name": "2.png"}, {"id": 3, "file_name": "3.png"}],
     "categories": [{"id": 3, "name": "car"}, {"id": 4, "name": "road"}, {"id": 5, "name": "zebra"}]}
    """

  @Test("of COCO JSON classes go by name; images without an annotation have no tags, classes without one are no matter")
  func cocoJSON() throws {
    let tags = try tags(coco, "tags.json")
    #expect(try tags.places(in: ["3.png", "x/1.jpg", "2.png"], besides: []) == [1: [0, 2], 2: [0]])
  }

  @Test("without categories an id is a class's number")
  func cocoNumbers() throws {
    let text = #"{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"image_id": 1, "category_id": 9}]}"#
    #expect(try tags(text, "tags.json").places(in: ["a.jpg"]) == [0: [1]])
    let other = text.replacing("\"category_id\": 9", with: "\"category_id\": 1")
    #expect(
      try message(other, "tags.json")
        == "tags.json: annotations[0].category_id: 1 is none of the classes road, traffic light, car")
  }

  @Test("of CSV an image may stand in several lines, after a head or without one, under any form of its name")
  func csv() throws {
    let text = "image,class\na,car\n\"b.jpg\",traffic light\nsub/a.jpg,road\n"
    #expect(try tags(text, "tags.csv").places(in: ["sub/a.jpg", "b.jpg"]) == [0: [0, 2], 1: [1]])
    #expect(try tags("b,car\nb,car", "tags.csv").places(in: ["sub/a.jpg", "b.jpg"]) == [1: [2]])
    // Images of the run that are not unlabelled may be there; nothing is said of them.
    #expect(try tags(text, "tags.csv").places(in: ["b.jpg"], besides: ["/data/sub/a.png", "sub/a.jpg"]) == [0: [1]])
  }

  @Test("what is wrong is said in one line with file and place")
  func errors() throws {
    #expect(try message("", "tags.csv") == "tags.csv: holds no image tag")
    #expect(try message("image,class\n", "tags.csv") == "tags.csv: holds no image tag")
    #expect(try message(#"{"images": [], "annotations": []}"#, "tags.json") == "tags.json: holds no image tag")
    #expect(
      try message("a,car\na,Car\n", "tags.csv")
        == "tags.csv: line 2: 'Car' is none of the classes road, traffic light, car")
    #expect(try message("a,car\n\na,b,c\n", "tags.csv") == "tags.csv: line 3: wanted is image,class")
    #expect(try message("a,car\nz.jpg,car\n", "tags.csv") == "tags.csv: line 2: z.jpg is not among the images")
    #expect(
      try message("a,car\n", "tags.csv", images: ["x/a.jpg", "y/a.jpg"])
        == "tags.csv: line 1: a may be x/a.jpg or y/a.jpg; its folders are wanted too")
    #expect(
      try message(coco.replacing("\"category_id\": 4,", with: "\"category_id\": 5,"), "tags.json")
        == "tags.json: annotations[1].category_id: 'zebra' is none of the classes road, traffic light, car")
    #expect(
      try message(coco.replacing("\"image_id\": 2,", with: "\"image_id\": 6,"), "tags.json")
        == "tags.json: annotations[1].image_id: 6 is no image of the file")
    #expect(
      try message(coco.replacing("\"category_id\": 4,", with: "\"category_id\": 6,"), "tags.json")
        == "tags.json: annotations[1].category_id: 6 is no category of the file")
    #expect(try message("{}", "tags.json") == "tags.json: holds no image tag")
  }
}
