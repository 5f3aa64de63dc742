import Annotations
import Documents
import TestSupport
import Testing

@Suite struct CreateMLJSONTests {
  private func read(_ text: String) throws -> AnnotationReading {
    let folder = try ScratchFolder()
    return try AnnotationSource.inspect(folder.write(text, to: "l.json"), form: .createML)
  }

  @Test("both spellings of the keys are read, images without objects too, and other keys are kept")
  func reads() throws {
    let set = try read(
      """
      [{"image":"b.jpg","annotations":[{"label":"y","coordinates":{"x":10,"y":20.5,"width":4,"height":3},"confidence":0.5}],"verified":true},
       {"imagefilename":"a.jpg","annotation":[]}]
      """
    ).set
    #expect(set.images.map(\.fileName) == ["b.jpg", "a.jpg"])
    #expect(set.images[0].extra == JSONObject([("verified", true)]))
    #expect(set.objects.map(\.box) == [Box(x0: 8, y0: 19, x1: 12, y1: 22)])
    #expect(set.objects[0].extra["confidence"]?.double == 0.5)
    #expect(set.categories == [Category(id: 1, name: "y")])
  }

  @Test("keys beside the four numbers of a box are noted with their place")
  func otherCoordinates() throws {
    let box = #""coordinates":{"x":1,"y":2,"units":"pixel","width":2,"height":1}"#
    let reading = try read(#"[{"image":"a","annotations":[{"label":"x",\#(box)}]}]"#)
    #expect(reading.problems.counts == [.ignoredElement: 1])
    #expect(
      reading.problems.examples.first?.message == "[0].annotations[0].coordinates: the key \"units\" is not read")
  }

  @Test(
    "what is missing or of another type is an error with its path",
    arguments: [
      (#"[{"annotations":[]}]"#, "[0]: the key \"image\" is missing"),
      (#"[{"image":"a"}]"#, "[0]: the key \"annotations\" is missing"),
      (#"[{"image":"a","annotations":[{"coordinates":{}}]}]"#, "[0].annotations[0]: the key \"label\" is missing"),
      (#"[{"image":"a","annotations":[{"label":"x"}]}]"#, "the key \"coordinates\" is missing"),
      (
        #"[{"image":"a","annotations":[{"label":"x","coordinates":{"x":1,"y":2,"width":3}}]}]"#,
        "the key \"height\" is missing"
      ),
      (
        #"[{"image":"a","annotations":[{"label":"x","coordinates":{"x":"1","y":2,"width":3,"height":1}}]}]"#,
        "is the string \"1\", not a number"
      ),
      (#"[{"image":7,"annotations":[]}]"#, "is 7, not a string"), (#"[{"image":"","annotations":[]}]"#, "is empty"),
      (
        #"[{"image":"a","annotations":[{"label":"x","coordinates":{"x":1,"y":2,"width":-3,"height":1}}]}]"#,
        "has a negative size"
      ),
      (#"{"image":"a"}"#, "is an object with the key \"image\", not an array of images"),
      ("[7]", "[0]: is 7, not an object"),
    ])
  func errors(text: String, message: String) throws {
    let folder = try ScratchFolder()
    let file = try folder.write(text, to: "l.json")
    let found = errorMessage {
      let reading = try AnnotationSource.inspect(file, form: .createML)
      if reading.problems.count(.error) > 0 { throw AnnotationError.problems(source: file, reading.problems) }
    }
    #expect(found?.contains(message) == true, "\(found ?? "no error")")
  }

  @Test("written is one image a line, with the centre of each box")
  func writes() throws {
    let set = AnnotationSet(
      categories: [Category(id: 1, name: "x")],
      images: [ImageRecord(id: 1, fileName: "a \"b\".jpg", height: 9, width: 9)],
      objects: [ObjectAnnotation(id: 1, imageID: 1, categoryID: 1, box: Box(x0: 1, y0: 2, x1: 4, y1: 4))])
    let folder = try ScratchFolder()
    let file = try folder.file("l.json")
    try AnnotationFormat.createML.write(set, to: file)
    let text = try MappedFile(path: file).withBytes { String(decoding: $0, as: UTF8.self) }
    #expect(
      text == """
        [
        {"image":"a \\"b\\".jpg","annotations":[{"label":"x","coordinates":{"x":2.5,"y":3,"width":3,"height":2}}]}
        ]

        """)
  }
}
