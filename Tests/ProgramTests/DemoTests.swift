import Documents
import Foundation
import TestSupport
import Testing

@Suite("detect-train without arguments")
struct DemoTests {
  @Test("the demo draws its set, trains both methods on a tenth of the labels, compares them, and can be given again")
  func demo() throws {
    let folder = try ScratchFolder()
    // Two steps each; the folder is named, so that the second call goes on with the same demo.
    let arguments = ["--steps", "2", "--threads", "2", "--output", "both"]
    let outcome = try TinyTraining.program.run(arguments, currentDirectory: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(
      outcome.standardError.contains("labeled: 70 images") && outcome.standardError.contains("unlabeled: 630 images"))
    #expect(outcome.standardError.contains("audit: 630 of 630 unlabelled images"))
    #expect(!outcome.standardError.contains("left out"), "\(outcome.standardError)")
    let comparison = folder.path + "/both/comparison.json"
    let runs = try JSON(parsing: String(contentsOfFile: comparison, encoding: .utf8), file: comparison).array ?? []
    #expect(runs.map { $0["method"]?.string } == ["supervised", "soft-teacher"])
    #expect(runs.allSatisfy { $0["steps"]?.int == 2 && $0["metrics"]?["test"]?["AP"]?.double != nil })
    let page = try String(contentsOfFile: folder.path + "/both/comparison.html", encoding: .utf8)
    #expect(page.components(separatedBy: "data:image/jpeg").count == 13)

    let again = try TinyTraining.program.run(arguments, currentDirectory: folder.path)
    #expect(again.exitCode == 0 && again.standardOutput == outcome.standardOutput, "\(again.standardError)")
    #expect(again.standardError.contains("going on with both/soft-teacher"))
  }
}

@Suite("seg-train without arguments")
struct SegmentationDemoTests {
  @Test(
    "the demo trains both methods on a tenth of the masks and compares them, beside the other program's demo, and again"
  )
  func demo() throws {
    let folder = try ScratchFolder()
    // The two demos share the drawn images and their split.
    let boxes = try TinyTraining.program.run(
      ["--steps", "1", "--threads", "2", "--output", "boxes"], currentDirectory: folder.path)
    #expect(boxes.exitCode == 0, "\(boxes.standardError)")
    let short = try Program(named: "seg-train").run(
      ["--steps", "2", "--threads", "2", "--output", "short"], currentDirectory: folder.path)
    #expect(
      short.exitCode == 1
        && short.standardError.contains("error: method.snapshots is 3, more than the 2 steps of the first stage"),
      "\(short)")
    let arguments = ["--steps", "3", "--threads", "2", "--output", "both"]
    let outcome = try Program(named: "seg-train").run(arguments, currentDirectory: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(!outcome.standardError.contains("drawing 1000 images"), "\(outcome.standardError)")
    #expect(
      outcome.standardError.contains("labeled: 70 images") && outcome.standardError.contains("unlabeled: 630 images"),
      "\(outcome.standardError)")
    let comparison = folder.path + "/both/comparison.json"
    let runs = try JSON(parsing: String(contentsOfFile: comparison, encoding: .utf8), file: comparison).array ?? []
    #expect(runs.map { $0["method"]?.string } == ["supervised", "st++"])
    #expect(runs.allSatisfy { $0["metrics"]?["test"]?["mIoU"]?.double != nil }, "\(runs)")
    let page = try String(contentsOfFile: folder.path + "/both/comparison.html", encoding: .utf8)
    #expect(page.contains("data:image/jpeg"))

    let again = try Program(named: "seg-train").run(arguments, currentDirectory: folder.path)
    #expect(again.exitCode == 0 && again.standardOutput == outcome.standardOutput, "\(again.standardError)")
  }
}
