import Annotations
import Documents
import Foundation
import TestSupport
import Testing

@Suite struct COCOInstancesTests {
  private static let sample = #"""
    {"info": {"year": 2014, "x": 1.50}, "licenses": [],
     "annotations": [
      {"segmentation": [[1.10, 2, 3.0, 4, 5e0, 6.25]], "area": 18234.62355, "iscrowd": 0, "image_id": 74,
       "bbox": [61.87, 276.25, 296.42, 103.18], "category_id": 18, "id": 1774, "attributes": {"a": [1, null]}},
      {"segmentation": {"counts": "0:", "size": [2, 5]}, "area": 10, "iscrowd": 1, "image_id": 9,
       "bbox": [0, 0, 5, 2], "category_id": 90, "id": 3},
      {"image_id": 74, "bbox": [0.1, 0.2, 0.30, 4], "category_id": 18, "id": 4, "difficult": 1}],
     "categories": [{"id": 90, "name": "toothbrush", "supercategory": "indoor", "keypoints": ["a"]}, {"id": 18, "name": "dög"}],
     "images": [{"id": 74, "file_name": "a b/ü.jpg", "height": 480, "width": 640, "date_captured": "2013"},
                {"id": 9, "file_name": "9.png", "height": 2, "width": 5}]}
    """#

  private func read(_ text: String) throws -> (set: AnnotationSet, problems: AnnotationProblems) {
    let folder = try ScratchFolder()
    return try COCOInstances.read(folder.write(text, to: "c.json"))
  }

  @Test("ids, boxes, flags and orders are the file's")
  func reads() throws {
    let (set, problems) = try read(Self.sample)
    #expect(problems.counts.isEmpty)
    #expect(set.images.map(\.id) == [74, 9])
    #expect(set.categories.map(\.id) == [90, 18])
    #expect(set.classNames == ["dög", "toothbrush"])
    #expect(set.classIndices == [18: 0, 90: 1])
    #expect(set.objects.map(\.id) == [1774, 3, 4])
    #expect(set.objects[0].box == Box(x: 61.87, y: 276.25, width: 296.42, height: 103.18))
    #expect(set.objects[0].area == 18234.62355)
    #expect(set.objects.map(\.isCrowd) == [false, true, false])
    #expect(set.objects.map(\.isDifficult) == [false, false, true])
    #expect(set.objects[0].extra["attributes"] == ["a": [1, nil]])
    #expect(try set.objects[0].segmentation?.content(place: "p") == .polygons([[1.1, 2, 3, 4, 5, 6.25]]))
  }

  @Test("read and written it says the same: ids, order, the text of numbers, keys not known here")
  func identity() throws {
    let folder = try ScratchFolder()
    let file = try folder.write(Self.sample, to: "in.json")
    let written = try folder.file("out.json")
    try COCOInstances.write(COCOInstances.read(file).set, to: written)
    #expect(try JSON(contentsOf: written) == JSON(contentsOf: file))
    let again = try folder.file("again.json")
    try COCOInstances.write(COCOInstances.read(written).set, to: again)
    #expect(try SHA256.hexDigest(ofFile: again) == SHA256.hexDigest(ofFile: written))
  }

  @Test("a side that a file does not say is not written")
  func halfSizes() throws {
    let text =
      #"{"images":[{"id":1,"file_name":"a","width":7},{"id":2,"file_name":"b","height":8},{"id":3,"file_name":"c"}],"#
      + #""annotations":[],"categories":[]}"#
    let folder = try ScratchFolder()
    let file = try folder.file("out.json")
    try COCOInstances.write(read(text).set, to: file)
    #expect(try JSON(contentsOf: file) == JSON(parsing: text, file: ""))
  }

  @Test("what is no object, and what is null, is called so")
  func nothings() throws {
    for (annotation, message) in [
      ("5", "annotations[0]: is 5, not an object"), ("null", "annotations[0]: is null, not an object"),
      (#"{"id":1,"image_id":1,"category_id":1,"bbox":null}"#, "annotations[0].bbox: is null"),
      (#"{"id":1,"image_id":null,"category_id":1,"bbox":[1,2,3,4]}"#, "annotations[0].image_id: is null"),
    ] {
      let problems = try read(#"{"images":[{"id":1,"file_name":"a"}],"categories":[],"annotations":[\#(annotation)]}"#)
        .problems
      #expect(problems.lines(.error).first?.hasPrefix(message) ?? false, "\(problems.lines(.error))")
    }
  }

  @Test("a changed box is written anew, the texts of the others stay")
  func changed() throws {
    var (set, _) = try read(Self.sample)
    set.objects[0].box = Box(x: 1, y: 2, width: 3, height: 4.5)
    let folder = try ScratchFolder()
    let file = try folder.file("out.json")
    try COCOInstances.write(set, to: file)
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(text.contains("\"bbox\":[1,2,3,4.5],\"area\":18234.62355"))
    #expect(text.contains("[0.1, 0.2, 0.30, 4]"))
  }

  @Test(
    "the official fixture comes back as the same values",
    .enabled(if: Folder.exists(SharedData.coco), "needs ../shared/data"))
  func fixture() throws {
    let file = SharedData.coco + "/instances_val2014_100.json"
    let (set, problems) = try COCOInstances.read(file)
    #expect(problems.count(.error) == 0)
    #expect(set.images.count == 100)
    let folder = try ScratchFolder()
    let written = try folder.file("out.json")
    try COCOInstances.write(set, to: written)
    #expect(try JSON(contentsOf: written) == JSON(contentsOf: file))
  }

  private func minimal(annotation: String = "", image: String = "") -> String {
    """
    {"images":[{"id":1,"file_name":"a.jpg","height":10,"width":20}\(image)],
    "categories":[{"id":1,"name":"x"}],"annotations":[\(annotation)]}
    """
  }

  @Test(
    "each pitfall has its code, and its message names the record",
    arguments: [
      (
        #"{"id":1,"image_id":7,"category_id":1,"bbox":[0,0,1,1]}"#, "unknown-image",
        "annotations[0] (id 1): image_id 7 is not among the images"
      ),
      (
        #"{"id":1,"image_id":1,"category_id":9,"bbox":[0,0,1,1]}"#, "unknown-category",
        "annotations[0] (id 1): category_id 9 is not among the categories"
      ),
      (
        #"{"id":1,"image_id":1,"category_id":1,"bbox":[3,4,0,5]}"#, "zero-area",
        "annotations[0] (id 1) in a.jpg: the box (3, 4)–(3, 9) has no area"
      ),
      (
        #"{"id":1,"image_id":1,"category_id":1,"bbox":[3,4,-2,5]}"#, "negative-size",
        "annotations[0] (id 1) in a.jpg: the box (3, 4)–(1, 9) has a negative size"
      ),
      (
        #"{"id":1,"image_id":1,"category_id":1,"bbox":[20,4,2,5]}"#, "outside-image",
        "annotations[0] (id 1) in a.jpg: the box (20, 4)–(22, 9) lies outside the image of 20×10"
      ),
      (
        #"{"id":1,"image_id":1,"category_id":1,"bbox":[18,4,4,5]}"#, "partly-outside-image",
        "annotations[0] (id 1) in a.jpg: the box (18, 4)–(22, 9) leaves the image of 20×10"
      ),
      (
        #"{"id":0,"image_id":1,"category_id":1,"bbox":[1,4,4,5]}"#, "zero-object-id",
        "annotations[0] (id 0): pycocotools never counts an object of id 0 as found"
      ),
      (
        #"{"id":1,"image_id":1,"category_id":1,"bbox":[1,4,4]}"#, "bad-value",
        "annotations[0].bbox: has 3 numbers, not 4 (x, y, width, height)"
      ),
      (
        #"{"id":1,"image_id":1,"category_id":1,"bbox":[1,4,"4",5]}"#, "bad-value",
        "annotations[0].bbox[2]: is the string \"4\", not a number"
      ),
      (
        #"{"id":"1","image_id":1,"category_id":1,"bbox":[1,4,4,5]}"#, "bad-value",
        "annotations[0].id: is the string \"1\", not an integer"
      ),
      (#"{"id":1,"image_id":1,"category_id":1}"#, "bad-value", "annotations[0]: the key \"bbox\" is missing"),
      (
        #"{"id":1,"image_id":1,"category_id":1,"bbox":[1,4,4,5],"iscrowd":2}"#, "bad-value",
        "annotations[0].iscrowd: is neither 0 nor 1"
      ),
      (
        #"{"id":1,"image_id":1,"category_id":1,"bbox":[1,4,4,5],"segmentation":"x"}"#, "bad-value",
        "annotations[0].segmentation: is neither an array of polygons nor run lengths"
      ),
      (#"7"#, "bad-value", "annotations[0]: "),
      (
        #"{"id":1,"image_id":1,"category_id":1,"bbox":[1,4,4,5]},{"id":1,"image_id":1,"category_id":1,"bbox":[1,4,4,5]}"#,
        "duplicate-object-id", "annotations[1] (id 1): the id occurs before"
      ),
    ])
  func pitfalls(annotation: String, code: String, message: String) throws {
    let (_, problems) = try read(minimal(annotation: annotation))
    #expect(problems.examples.map(\.code.rawValue) == [code])
    #expect(problems.examples.first?.message.hasPrefix(message) == true, "\(problems.examples)")
  }

  @Test(
    "images that contradict each other or lead out of their folder are errors",
    arguments: [
      (#",{"id":1,"file_name":"b.jpg"}"#, "duplicate-image-id"),
      (#",{"id":2,"file_name":"a.jpg"}"#, "duplicate-file-name"),
      (#",{"id":2,"file_name":"../b.jpg"}"#, "bad-file-name"), (#",{"id":2,"file_name":"/b.jpg"}"#, "bad-file-name"),
      (#",{"id":2,"file_name":"b.jpg","height":-1,"width":1}"#, "bad-value"), (#",{"id":2}"#, "bad-value"),
    ])
  func images(image: String, code: String) throws {
    #expect(try read(minimal(image: image)).problems.counts.map(\.key.rawValue) == [code])
  }

  @Test("twenty problems are listed, the rest counted")
  func manyProblems() throws {
    let annotations = (1...25).map { #"{"id":\#($0),"image_id":5,"category_id":1,"bbox":[0,0,1,1]}"# }.joined(
      separator: ",")
    let folder = try ScratchFolder()
    let file = try folder.write(minimal(annotation: annotations), to: "c.json")
    let message = try #require(errorMessage { _ = try AnnotationSource.read(file) })
    #expect(message.hasPrefix("\(file): 25 problems\n  annotations[0] (id 1): image_id 5"))
    #expect(message.hasSuffix("\n  and 5 more"))
    #expect(message.split(separator: "\n").count == 22)
  }

  @Test("a file that ends early is refused whole")
  func endsEarly() throws {
    let text = minimal(annotation: #"{"id":1,"image_id":1,"category_id":1,"bbox":[1,4,4,5]}"#)
    let message = try #require(errorMessage { _ = try read(String(text.dropLast(30))) })
    #expect(message.contains("annotations[0]"))
    #expect(message.contains("ends early"))
  }
}
