import Annotations
import Documents
import Imaging
import TestSupport
import Testing

@Suite struct FormRecognitionTests {
  /// Files to write, the path that is looked at, and the form or a part of the error.
  struct Case: CustomTestStringConvertible {
    let files: [String: String]
    var at = ""
    let expected: String
    var boxesOnly = true
    var testDescription: String { "\(files.keys.sorted()) → \(expected)" }
  }

  private static let xml = "<annotation><filename>a.jpg</filename></annotation>"
  private static let cases: [Case] = [
    Case(files: ["a.json": #"{"images":[]}"#], at: "a.json", expected: "coco"),
    Case(files: ["a.json": #"{"info":{"images":1},"annotations":[]}"#], at: "a.json", expected: "coco"),
    Case(files: ["a.json": #"[{"image_id":1,"category_id":1,"score":1}]"#], at: "a.json", expected: "coco-results"),
    Case(files: ["a.json": #"{"annotation":{}}"#], at: "a.json", expected: "voc-json"),
    Case(files: ["a.json": #"[{"annotation":{}}]"#], at: "a.json", expected: "voc-json"),
    Case(files: ["a.json": #"[{"image":"a.jpg","annotations":[]}]"#], at: "a.json", expected: "createml"),
    Case(files: ["a.json": #"[{"imagefilename":"a.jpg","annotation":[]}]"#], at: "a.json", expected: "createml"),
    Case(files: ["a.xml": "<?xml version=\"1.0\"?>\n<annotations/>"], at: "a.xml", expected: "cvat"),
    Case(files: ["annotations.xml": "<annotations/>"], expected: "cvat"),
    Case(files: ["a.xml": xml], expected: "voc"),
    Case(files: ["Annotations/a.xml": xml], expected: "voc"),
    Case(files: ["Annotations/a.xml": xml, "a.json": #"{"shapes":[]}"#], expected: "voc"),
    Case(files: ["d/a.json": #"{"shapes":[]}"#], expected: "labelme"),
    Case(files: ["data.yaml": "train: images\nnames: [a]\n"], expected: "yolo"),
    Case(files: ["data.yaml": "names: [a]\n", "labels/a.txt": "0 0.5 0.5 1 1\n"], expected: "yolo"),
    Case(files: ["data.yaml": "names: [a]\n", "labels/a.txt": "0 0.5 0.5 1 1\n"], at: "data.yaml", expected: "yolo"),
    Case(
      files: ["coco8.yml": "names: [a]\n", "train/labels/0.txt": "", "train/labels/a.txt": "0 0 0 1 0 1 1\n"],
      expected: "yolo-polygons"),
    Case(files: ["classes.txt": "a\n", "images/a.jpg": "", "labels/a.txt": "0 0.5 0.5 1 1"], expected: "yolo"),
    Case(files: ["obj.names": "a\n", "a.jpg": ""], expected: "yolo-darknet"),
    Case(files: ["classes.txt": "a\n", "a.jpg": "", "a.txt": "0 0.5 0.5 1 1"], expected: "yolo-darknet"),
    Case(files: ["Annotations/a.xml": xml, "SegmentationClass/a.png": ""], expected: "voc"),
    // Ambiguous, and nothing.
    Case(
      files: ["Annotations/a.xml": xml, "data.yaml": "names: [a]\n"],
      expected: "could be voc (the folder Annotations) or yolo (data.yaml with names); keep them apart"),
    Case(files: ["a.json": "[]"], at: "a.json", expected: "is an array without an object: it lists no image"),
    Case(
      files: ["a.json": "[]"], at: "a.json", expected: "could be coco-results (an array without an object) or voc-json",
      boxesOnly: false),
    Case(files: ["a.json": #"{"b":1}"#], at: "a.json", expected: "its keys are b; looked for: "),
    Case(
      files: ["b.json": "{}", "a.JSON": "{}", "a.jpg": "x"],
      expected: "has labels of no known form; a file of JSON in it is a source by itself: "),
    Case(files: ["a.txt": "x"], expected: "has labels of no known form; looked for: Annotations or XML files"),
    Case(
      files: ["a.xml": #"<!DOCTYPE a [<!ENTITY x SYSTEM "b">]><annotations a="&x;"/>"#], at: "a.xml",
      expected: "a.xml:1: has a document type declaration, which is not accepted"),
    Case(files: ["a.xml": "<?xml version=\"1.0\"?>"], at: "a.xml", expected: "a.xml:"),
    Case(files: ["a.xml": "<svg/>"], at: "a.xml", expected: "has labels of no known form; looked for: "),
    Case(files: ["c.yaml": "path: x\n"], at: "c.yaml", expected: "has labels of no known form"),
  ]

  @Test("a form is found by what lies there; none and several are refused with reasons", arguments: cases)
  func forms(_ given: Case) throws {
    let folder = try ScratchFolder()
    for (name, text) in given.files { _ = try folder.write(text, to: name) }
    let path = given.at.isEmpty ? folder.path : folder.path + "/" + given.at
    if let form = AnnotationFormat(rawValue: given.expected) {
      #expect(try AnnotationSource.form(of: path, boxesOnly: given.boxesOnly) == form)
    } else {
      let message = errorMessage { _ = try AnnotationSource.form(of: path, boxesOnly: given.boxesOnly) }
      #expect(message?.contains(given.expected) == true, "\(message ?? "no error")")
      #expect(message?.contains("\n") == false)
    }
  }

  @Test("every form is known by its own tiny set")
  func tiny() throws {
    let root = Path.folder(of: TinySet.folder) + "/tiny/"
    for (name, form) in TinySetForms.all {
      #expect(try AnnotationSource.form(of: root + name, boxesOnly: false) == form, "\(name)")
    }
  }

  @Test("a folder of images of which some have no text file is no source of labels")
  func wholeness() throws {
    let folder = try ScratchFolder()
    _ = try folder.write("a\n", to: "obj.names")
    for name in ["a.jpg", "a.txt", "b.jpg"] { _ = try folder.write("", to: name) }
    #expect(!AnnotationSource.looksLikeLabels(folder.path))
    _ = try folder.write("", to: "b.txt")
    #expect(AnnotationSource.looksLikeLabels(folder.path))
  }
}
