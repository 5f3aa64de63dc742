import Documents
import Foundation
import TestSupport
import Testing

/// `detect-train --labeled` on files of `annotation-tool split`.
@Suite("detect-train on a split", .serialized)
struct DetectTrainSplitTests {
  private let folder: ScratchFolder
  private var labeled: String { path("split/fold-1/labeled.json") }

  init() throws {
    folder = try ScratchFolder()
    let outcome = try Program(named: "annotation-tool").run([
      "split", TinyTraining.labels, "--labeled-fraction", "0.5", "--seed", "3", "--output", path("split"),
    ])
    try #require(outcome.exitCode == 0, "\(outcome.standardError)")
  }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func train(labels: String, images: String = TinyTraining.images, _ more: [String] = []) throws
    -> Program.Outcome
  {
    try TinyTraining.run(
      TinyTraining.arguments(
        labels: labels, images: images, ["--steps", "1", "--output", path("run")] + more))
  }

  private func summary() throws -> JSON? { try JSON(contentsOf: path("run/summary.json"))["split"] }

  private func edit(_ file: String, _ change: (String) -> String) throws {
    try change(String(contentsOfFile: file, encoding: .utf8)).write(toFile: file, atomically: true, encoding: .utf8)
  }

  private func hash() throws -> String {
    try #require(try JSON(contentsOf: path("split/split.json"))["splits"]?.array?[0]["hash"]?.string)
  }

  @Test("summary and log say which split was learnt from", arguments: ["file", "copy", "list"])
  func recorded(how: String) throws {
    var (labels, more) = (labeled, [String]())
    if how == "copy" {
      labels = path("elsewhere.json")
      try FileManager.default.copyItem(atPath: labeled, toPath: labels)
    }
    if how == "list" { (labels, more) = (TinyTraining.labels, ["--labeled-list", path("split/fold-1/labeled.txt")]) }
    let outcome = try train(labels: labels, more)
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let split = try #require(try summary())
    #expect(split["hash"]?.string == (try hash()))
    #expect(split["fraction"] == 0.5 && split["fold"] == 1 && split["seed"] == 3 && split["mode"] == "by-image")
    let log = try String(contentsOfFile: path("run/log.txt"), encoding: .utf8)
    #expect(log.contains("labeled: split \(try hash().prefix(12)) (by-image, fraction 0.5, fold 1, seed 3)"))
    #expect(!log.contains("other labels"))
  }

  @Test("other labels of the same images are noted, and train")
  func otherLabels() throws {
    try edit(labeled) { $0.replacing("\"iscrowd\":0", with: "\"iscrowd\":0,\"checked\":1") }
    let outcome = try train(labels: labeled)
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardError.contains("same images, other labels"))
    #expect(try summary()?["hash"]?.string == (try hash()))
  }

  @Test("a list of a split used with another file of labels of the same images is noted, and trains")
  func listOfOtherLabels() throws {
    let other = try TinyTraining.labels(replacing: "\"iscrowd\":0", with: "\"iscrowd\":0,\"checked\":1", in: folder)
    let outcome = try train(labels: other, ["--labeled-list", path("split/fold-1/labeled.txt")])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(
      outcome.standardError.contains(
        "; \(other) is not what \(path("split/split.json")) was drawn from: same images, other labels"),
      "\(outcome.standardError)")
    #expect(try summary()?["hash"]?.string == (try hash()))
  }

  /// A run of four steps that saves after each and is killed on the way; its labels and images are copies in the folder.
  private func killedRun() throws {
    _ = try TinyTraining.copyOfImages(in: folder)
    try FileManager.default.copyItem(atPath: TinyTraining.labels, toPath: path("labels.json"))
    try FileManager.default.copyItem(atPath: path("split/fold-1/labeled.txt"), toPath: path("mine.txt"))
    let run = try RunningProgram(
      TinyTraining.program,
      TinyTraining.arguments(
        labels: path("labels.json"), images: path("images"), set: ["trainer.save_every=1"],
        [
          "--labeled-list", path("mine.txt"), "--validation", path("labels.json"), "--validation-images",
          path("images"), "--validation-list", path("split/fold-1/unlabeled.txt"), "--steps", "400", "--output",
          path("run"),
        ]), errors: path("errors.txt"))
    #expect(run.waitForFile(path("run/checkpoints/last.safetensors")))
    run.send(SIGKILL)
    _ = try run.wait()
  }

  @Test(
    "a run whose list, labels or images changed since it began is not gone on with: one line with file and hashes",
    arguments: ["list", "labels", "image", "validation"])
  func changedSince(what: String) throws {
    try killedRun()
    let began = try #require(try JSON(contentsOf: path("run/data.json")).object)
    #expect(began.keys == ["labeled", "validation"])
    #expect(began["labeled"]?["images"] == 4 && began["labeled"]?["list"]?.string == path("mine.txt"))
    switch what {
    case "list": try edit(path("mine.txt")) { $0.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n" }
    case "labels": try edit(path("labels.json")) { $0.replacing(/"category_id":[1-6]/, with: "\"category_id\":5") }
    case "image":
      let name = try String(contentsOfFile: path("mine.txt"), encoding: .utf8).prefix { $0 != "\n" }
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path("images/\(name)")))
      try file.seekToEnd()
      try file.write(contentsOf: Data([0]))
      try file.close()
    default:
      try edit(path("split/fold-1/unlabeled.txt")) { $0.split(separator: "\n").dropLast().joined(separator: "\n") }
    }
    let outcome = try TinyTraining.run(["--resume", path("run")])
    #expect(outcome.exitCode == 1)
    #expect(outcome.standardError.split(separator: "\n").count == 1, "\(outcome.standardError)")
    let name = what == "validation" ? "validation" : "labeled"
    let place =
      path("labels.json") + " (list \(path(what == "validation" ? "split/fold-1/unlabeled.txt" : "mine.txt")))"
    let then = try #require(began[name]?["hash"]?.string).prefix(12)
    #expect(
      outcome.standardError.hasPrefix(
        "error: \(place): \(what == "list" || what == "validation" ? 3 : 4) \(name) images with the hash "))
    #expect(
      outcome.standardError.contains("\(path("run/data.json")) says 4 with \(then): "), "\(outcome.standardError)")
  }

  @Test("runs on other splits are compared with a note; runs judged on other test images are not compared")
  func compared() throws {
    func run(_ name: String, list: String, test: String?) throws {
      let outcome = try TinyTraining.run(
        TinyTraining.arguments(
          [
            "--labeled-list", path("split/fold-1/\(list).txt"), "--steps", "1", "--output", path(name),
          ]
            + (test.map {
              ["--test", TinyTraining.labels, "--test-images", TinyTraining.images, "--test-list", $0]
            } ?? [])))
      try #require(outcome.exitCode == 0, "\(outcome.standardError)")
    }
    let (one, two) = (
      try folder.write("000001\n000002\n", to: "one.txt"), try folder.write("000003\n", to: "two.txt")
    )
    try run("a", list: "labeled", test: one)
    try run("b", list: "unlabeled", test: one)
    try run("c", list: "labeled", test: two)
    try run("d", list: "labeled", test: one)
    let noted = try TinyTraining.run(["--compare", path("a"), path("b"), "--output", path("ab")])
    #expect(noted.exitCode == 0)
    let line = "\(path("b")) learnt from other labelled images or labels than \(path("a")): 4 images (hash "
    #expect(noted.standardError.hasPrefix("note: " + line), "\(noted.standardError)")
    #expect(noted.standardError.contains(", split \(try hash().prefix(12)) (by-image, fraction 0.5, fold 1, seed 3))"))
    for file in ["comparison.md", "comparison.html"] {
      #expect(try String(contentsOfFile: path("ab/" + file), encoding: .utf8).contains("Note: " + line))
    }
    let refused = try TinyTraining.run(["--compare", path("a"), path("c"), "--output", path("ac")])
    #expect(refused.exitCode == 1 && !Folder.hasAnything(at: path("ac")))
    #expect(
      refused.standardError.hasPrefix(
        "error: \(path("c")) was judged on other test images or labels than \(path("a")): 1 images")
        && refused.standardError.split(separator: "\n").count == 1, "\(refused.standardError)")
    let same = try TinyTraining.run(["--compare", path("a"), path("d"), "--output", path("ad")])
    #expect(same.exitCode == 0 && same.standardError.isEmpty, "\(same.standardError)")
  }

  @Test(
    "other images than were drawn are one line that names both hashes", arguments: ["listed", "copied", "contents"])
  func otherImages(how: String) throws {
    var (labels, images) = (labeled, TinyTraining.images)
    if how == "copied" {
      labels = path("elsewhere.json")
      try FileManager.default.copyItem(atPath: labeled, toPath: labels)
    }
    if how == "contents" {
      images = try TinyTraining.copyOfImages(in: folder)
      let name = try String(contentsOfFile: path("split/fold-1/labeled.txt"), encoding: .utf8).prefix { $0 != "\n" }
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: images + "/" + name))
      try file.seekToEnd()
      try file.write(contentsOf: Data([0]))
      try file.close()
    } else {
      let id = try #require(
        try JSON(contentsOf: path("split/fold-1/unlabeled-images.json")).array?.first?["id"]?.int)
      let name = "00000\(id).jpg"
      try edit(labels) {
        $0.replacing(
          "\"images\": [\n",
          with: "\"images\": [\n{\"id\":\(id),\"file_name\":\"\(name)\",\"height\":96,\"width\":128},\n")
      }
    }
    let outcome = try train(labels: labels, images: images)
    #expect(outcome.exitCode == 1)
    let lines = outcome.standardError.split(separator: "\n")
    #expect(lines.count == 1, "\(outcome.standardError)")
    let line = lines.last ?? ""
    #expect(line.hasPrefix("error: \(labels): its images are not those of the split: their hash is "), "\(line)")
    #expect(line.hasSuffix(how == "copied" ? "info.split says \(try hash())" : "split.json says \(try hash())"))
  }

  @Test("labels that are of no split have none in the summary")
  func noSplit() throws {
    #expect(try train(labels: TinyTraining.labels).exitCode == 0)
    #expect(try summary() == nil)
  }
}
