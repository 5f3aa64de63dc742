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
