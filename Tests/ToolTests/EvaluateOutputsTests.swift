import Documents
import Imaging
import TestSupport
import Testing

@Suite("Results of evaluate and what it reads")
struct EvaluateOutputsTests {
  private let program = Program(named: "evaluate")
  private let folder: ScratchFolder
  private let truth: String
  private let predictions: String
  private let list: String

  init() throws {
    folder = try ScratchFolder()
    truth = try folder.write(
      #"""
      {"images":[{"id":1,"file_name":"a.jpg","height":100,"width":100}],"categories":[{"id":1,"name":"cell"}],
       "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[10,10,40,40],"area":1600,"iscrowd":0}]}
      """#, to: "set/truth.json")
    predictions = try folder.write(
      #"[{"image_id":1,"category_id":1,"bbox":[10,10,40,40],"score":0.9}]"#, to: "found/predictions.json")
    list = try folder.write("a\n", to: "list.txt")
  }

  private func run(_ command: String, _ arguments: [String]) throws -> Program.Outcome {
    let both = command == "compare" ? [predictions, predictions] : [predictions]
    return try program.run([command, "--truth", truth, "--predictions"] + both + arguments)
  }

  /// What lies at a path must be the same after `body`.
  private func expectKept(_ path: String, _ body: () throws -> Program.Outcome) throws -> Program.Outcome {
    let before = try SHA256.hexDigest(ofFile: path)
    let outcome = try body()
    #expect(try SHA256.hexDigest(ofFile: path) == before)
    return outcome
  }

  @Test(
    "a list of images is never written over, nor through a link",
    arguments: ["boxes", "masks", "voc", "errors", "thresholds", "compare"])
  func lists(command: String) throws {
    try folder.link(list, at: "link.txt")
    for output in [list, folder.path + "/link.txt"] {
      let outcome = try expectKept(list) { try run(command, ["--truth-list", list, "--json", output]) }
      #expect(outcome.exitCode == 64, "\(outcome)")
      #expect(outcome.standardError.hasPrefix("Error: \(output) is what is judged, which is never written over.\n"))
    }
  }

  @Test("what `predict` has said beside its predictions is never written over", arguments: ["boxes", "compare"])
  func imagesFile(command: String) throws {
    let images = try folder.write(#"{"images":[],"categories":[],"annotations":[]}"#, to: "found/images.json")
    let outcome = try expectKept(images) { try run(command, ["--json", images]) }
    #expect(outcome.exitCode == 64 && outcome.standardError.contains("images.json is what is judged"))
  }

  @Test("what is there in a folder of labels is never written over; what is not may be written there, once")
  func labelFolder() throws {
    let label = try folder.write(
      "<annotation><filename>a.jpg</filename><size><width>100</width><height>100</height><depth>3</depth></size>"
        + "<object><name>cell</name><bndbox><xmin>11</xmin><ymin>11</ymin><xmax>50</xmax><ymax>50</ymax></bndbox></object>"
        + "</annotation>", to: "voc/Annotations/a.xml")
    let voc = folder.path + "/voc"
    for (command, flag) in [("boxes", "--json"), ("boxes", "--arrays"), ("voc", "--json"), ("errors", "--html")] {
      let outcome = try expectKept(label) {
        try program.run([command, "--truth", voc, "--predictions", predictions, flag, label])
      }
      #expect(outcome.exitCode == 64, "\(outcome)")
      #expect(
        outcome.standardError.hasPrefix(
          "Error: \(label) lies in \(voc), which is read: what is there is never written over.\n"))
    }
    let fresh = ["boxes", "--truth", voc, "--predictions", predictions, "--json", voc + "/figures.json"]
    #expect(try program.run(fresh).exitCode == 0)
    #expect(try program.run(fresh).exitCode == 64)
  }

  @Test("label maps, predicted ones too, tables of classes and their lists are never written over")
  func labelMaps() throws {
    let picture = try folder.file("maps/images/a.jpg")
    try ImageFile.write(Image(height: 2, width: 2, color: .white), to: picture)
    let map = Image(height: 2, width: 2, channels: 1, pixels: [0, 1, 0, 1])
    let (mask, found) = (try folder.file("masks/a.png"), try folder.file("maps-found/a.png"))
    for path in [mask, found] { try ImageFile.writeLabelMap(map, palette: Palette.voc, to: path) }
    let classes = try folder.write("ground\nthing\n", to: "classes.txt")
    let (maps, predicted) = (folder.path + "/maps", folder.path + "/maps-found")
    let common = ["--truth", maps, "--truth-masks", folder.path + "/masks", "--classes", classes, "--truth-list", list]
    let judge = ["segmentation", "--predictions", predicted] + common
    #expect(try program.run(judge).exitCode == 0)
    for command in [judge, ["compare", "--predictions", predicted, predicted] + common] {
      for output in [mask, found, classes, list, picture] {
        let outcome = try expectKept(output) { try program.run(command + ["--json", output]) }
        #expect(outcome.exitCode == 64, "\(output): \(outcome)")
      }
    }
    // Here the table is not named, but found beside the label maps.
    let beside = try folder.write("ground\nthing\n", to: "pairs/classes.txt")
    _ = try folder.write("maps/images/a.jpg masks/a.png\n", to: "pairs/list.txt")
    let pairs = [
      "segmentation", "--truth", folder.path + "/pairs/list.txt", "--truth-images", folder.path, "--predictions",
      predicted,
    ]
    let outcome = try expectKept(beside) { try program.run(pairs + ["--json", beside]) }
    #expect(outcome.exitCode == 1 && outcome.standardError.split(separator: "\n").count == 1, "\(outcome)")
  }

  @Test("pictures of the labels are never written over, which only the labels name: one line, exit code 1")
  func pictures() throws {
    let picture = try folder.write("not looked into", to: "set/a.jpg")
    for (command, flag) in [("boxes", "--json"), ("voc", "--json"), ("errors", "--html"), ("compare", "--json")] {
      let outcome = try expectKept(picture) { try run(command, [flag, picture]) }
      #expect(outcome.exitCode == 1, "\(outcome)")
      #expect(outcome.standardError == "error: \(picture) is what is judged, which is never written over.\n")
    }
  }

  @Test(
    "two results in one file are refused, however it is spelled",
    arguments: [("errors", "--html"), ("boxes", "--arrays"), ("masks", "--arrays")])
  func twice(command: String, flag: String) throws {
    for there in [false, true] {
      let file = folder.path + "/one"
      if there { _ = try folder.write("older", to: "one") }
      for other in [file, folder.path + "/found/../one", folder.path + "/./one"] {
        let outcome = try run(command, ["--json", file, flag, other])
        #expect(outcome.exitCode == 64, "\(outcome)")
        #expect(outcome.standardError.hasPrefix("Error: \(other) is named for two results, of which the second would"))
        #expect(Folder.hasAnything(at: file) == there)
      }
    }
    let new = folder.path + "/new/folder"
    #expect(try run(command, ["--json", new, flag, new]).exitCode == 64)
  }

  @Test(
    "a place where no file can be written is said before anything is read",
    arguments: [
      ("boxes", "--json"), ("masks", "--arrays"), ("voc", "--json"), ("errors", "--html"), ("thresholds", "--json"),
      ("compare", "--json"), ("segmentation", "--json"),
    ])
  func unwritable(command: String, flag: String) throws {
    let missing =
      ["--truth", folder.path + "/none", "--predictions"]
      + Array(repeating: "none", count: command == "compare" ? 2 : 1)
    for (place, reason) in [
      (folder.path + "/none/x", "No such file"), (folder.path + "/found", "is a folder; wanted is"),
    ] {
      let outcome = try program.run([command] + missing + [flag, place])
      #expect(outcome.exitCode == 1 && outcome.standardError.hasPrefix("error: "), "\(outcome)")
      #expect(outcome.standardError.contains(place) && outcome.standardError.contains(reason), "\(outcome)")
    }
  }

  @Test("an older result is written over", arguments: ["boxes", "voc", "errors", "thresholds", "compare"])
  func again(command: String) throws {
    let json = folder.path + "/found/figures.json"
    for _ in 0..<2 {
      let outcome = try run(command, ["--json", json, "--truth-list", list])
      #expect(outcome.exitCode == 0 && outcome.standardError.isEmpty, "\(outcome.standardError)")
    }
    #expect(Folder.hasFile(json))
  }
}
