import Documents
import Foundation
import TestSupport
import Testing

@Suite("evaluate voc")
struct EvaluateVOCTests {
  private let program = Program(named: "evaluate")
  private let folder: ScratchFolder

  /// Two cells and a difficult one; the found boxes are 10 pixels of 20 wide, so that the last pixel decides.
  init() throws {
    folder = try ScratchFolder()
    func object(_ x: Int, difficult: Int = 0) -> String {
      "<object><name>cell</name><difficult>\(difficult)</difficult><bndbox><xmin>\(x)</xmin><ymin>1</ymin>"
        + "<xmax>\(x + 19)</xmax><ymax>10</ymax></bndbox></object>"
    }
    for (name, objects) in [("000001", object(1) + object(41)), ("000002", object(1, difficult: 1))] {
      _ = try folder.write(
        "<annotation><filename>\(name).jpg</filename><size><width>100</width><height>50</height><depth>3</depth></size>"
          + "\(objects)</annotation>", to: "voc/Annotations/\(name).xml")
    }
    _ = try folder.write(
      "000001 0.9 1 1 20 10\n000001 0.8 70 1 90 10\n000001 0.7 41 1 50 10\n000002 0.6 1 1 20 10\n",
      to: "Main/comp4_det_test_cell.txt")
    _ = try folder.write(
      #"""
      {"images":[{"id":5,"file_name":"a.jpg","height":100,"width":100}],"categories":[{"id":2,"name":"cell"}],
       "annotations":[{"id":1,"image_id":5,"category_id":2,"bbox":[0,0,19,9],"area":171,"iscrowd":0}]}
      """#, to: "coco.json")
    _ = try folder.write(#"[{"image_id":5,"category_id":2,"bbox":[0,0,9,9],"score":0.9}]"#, to: "results.json")
  }

  private func run(_ truth: String, _ predictions: String, _ arguments: String...) throws -> Program.Outcome {
    try program.run(
      ["voc", "--truth", folder.path + "/" + truth, "--predictions", folder.path + "/" + predictions] + arguments)
  }

  @Test("VOC's own files are judged as VOC means them: an overlap of exactly half is not enough")
  func ownFiles() throws {
    let json = folder.path + "/figures.json"
    let outcome = try run("voc", "Main", "--json", json)
    #expect(outcome.exitCode == 0 && outcome.standardError.isEmpty, "\(outcome.standardError)")
    #expect(
      outcome.standardOutput.contains(
        " mAP = 50.00 %, area under the curve (VOC 2010 and later), overlap > 0.5, boxes xmax − xmin + 1 wide\n"))
    #expect(outcome.standardOutput.contains("cell         2          1      1      2  0.500\n"))
    let figures = try JSON(parsing: String(contentsOfFile: json, encoding: .utf8), file: json)
    #expect(
      figures.object?.keys == ["mAP", "curve", "overlapAbove", "includesLastPixel", "images", "classes", "counts"])
    #expect(figures["classes"]?["cell"]?.double == 0.5 && figures["curve"] == "area")
    #expect(figures["counts"]?["cell"] == ["objects": 2, "ignored": 1, "right": 1, "wrong": 2])
    #expect(figures["includesLastPixel"] == ["truth": true, "predictions": true])
    let points = try run("voc", "Main", "--eleven-point", "--iou", "0.49").standardOutput
    // Recall 1/2 at precision 1, recall 1 at precision 2/3: six points and five.
    #expect(points.contains(" mAP = 84.85 %, eleven points (VOC 2007), overlap > 0.49, boxes xmax − xmin + 1 wide\n"))
    #expect(
      try run("voc", "Main", "--count-difficult").standardOutput.contains("cell         3          0      2      2"))
  }

  @Test("--plus-one adds a pixel to boxes of other files, and to VOC's where they are taken as corners")
  func plusOne() throws {
    // 9 of 19 columns are 0.474, 10 of 20 are 0.5.
    for (arguments, right, text) in [
      ([], 0, "xmax − xmin wide"), (["--plus-one"], 1, "xmax − xmin + 1 wide"),
    ] {
      let outcome = try program.run(
        ["voc", "--truth", folder.path + "/coco.json", "--predictions", folder.path + "/results.json", "--iou", "0.49"]
          + arguments)
      #expect(outcome.standardOutput.contains("cell         1          0      \(right)"), "\(outcome.standardOutput)")
      #expect(outcome.standardOutput.contains("boxes \(text)\n"))
    }
    #expect(try run("voc", "Main", "--plus-one").standardOutput == run("voc", "Main").standardOutput)
    let corners = try run("voc", "Main", "--voc-pixel-base", "0").standardOutput
    #expect(corners.contains("boxes xmax − xmin wide\n"))
    let both = try run("voc", "Main", "--voc-pixel-base", "0", "--plus-one").standardOutput
    #expect(both == (try run("voc", "Main").standardOutput))
  }

  @Test("bad input ends with one line that names the place; wrong flags exit with 64")
  func badInput() throws {
    _ = try folder.write("000009 0.9 1 1 20 10\n", to: "bad/comp4_det_test_cell.txt")
    let outcome = try run("voc", "bad")
    #expect(outcome.exitCode == 1 && outcome.standardOutput.isEmpty)
    #expect(
      outcome.standardError
        == "error: \(folder.path)/bad/comp4_det_test_cell.txt: line 1: the labels have no image 000009\n")
    #expect(try run("voc", "Main", "--iou", "1").exitCode == 64)
    #expect(try run("coco.json", "results.json", "--json", folder.path + "/results.json").exitCode == 64)
  }

  @Test("a list leaves out images, and says how many predictions were for them")
  func list() throws {
    let list = try folder.write("000002\n", to: "list.txt")
    let outcome = try run("voc", "Main", "--truth-list", list)
    #expect(
      outcome.standardOutput.hasPrefix(
        "1 images, 1 objects, 1 predictions\nnote: 1 difficult or ignored objects are neither wanted nor held against (--count-difficult)\n"
          + "note: 3 predictions are for images that \(list) leaves out\n"))
    #expect(outcome.standardOutput.contains("note: no object is wanted of these, left out of the mean: cell\n"))
    #expect(outcome.standardOutput.contains(" mAP = –, "))
  }

  @Test(
    "the sample of seven images gives the published figures",
    .enabled(if: SampleDetections.exists, "needs ../shared/data"))
  func published() throws {
    let sample = try SampleDetections(in: folder)
    for (arguments, wanted) in [([], "22.54"), (["--plus-one"], "24.57"), (["--plus-one", "--eleven-point"], "26.84")] {
      let outcome = try program.run(
        ["voc", "--truth", sample.truth, "--predictions", sample.predictions, "--iou", "0.3"] + arguments)
      #expect(outcome.standardOutput.contains(" mAP = \(wanted) %, "), "\(arguments)")
    }
  }
}

/// Labels and detections of persons in seven images, a text file each, as COCO.
private struct SampleDetections {
  let truth: String
  let predictions: String

  private static let place = Path.folder(of: #filePath) + "/../../../shared/data/eval_fixtures/voc"
  static let exists = Folder.exists(place)

  init(in folder: ScratchFolder) throws {
    func rows(_ kind: String, _ name: String) throws -> [[Substring]] {
      try String(contentsOfFile: "\(Self.place)/\(kind)/\(name)", encoding: .utf8).split(separator: "\n")
        .map { $0.split(separator: " ") }
    }
    let names = try Folder.names(in: Self.place + "/groundtruths")
    var (objects, found): ([String], [String]) = ([], [])
    for (index, name) in names.enumerated() {
      for row in try rows("groundtruths", name) {
        objects.append(
          #"{"id":\#(objects.count + 1),"image_id":\#(index + 1),"category_id":1,"bbox":[\#(row[1...].joined(separator: ","))],"iscrowd":0}"#
        )
      }
      for row in try rows("detections", name) {
        found.append(
          #"{"image_id":\#(index + 1),"category_id":1,"bbox":[\#(row[2...].joined(separator: ","))],"score":0\#(row[1])}"#
        )
      }
    }
    let images = names.indices.map { #"{"id":\#($0 + 1),"file_name":"\#(names[$0])","height":200,"width":200}"# }
    truth = try folder.write(
      #"{"images":[\#(images.joined(separator: ","))],"categories":[{"id":1,"name":"person"}],"annotations":[\#(objects.joined(separator: ","))]}"#,
      to: "sample.json")
    predictions = try folder.write("[" + found.joined(separator: ",") + "]", to: "sample-results.json")
  }
}
