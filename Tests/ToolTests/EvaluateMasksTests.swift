import Documents
import Foundation
import TestSupport
import Testing

@Suite("evaluate masks")
struct EvaluateMasksTests {
  private let program = Program(named: "evaluate")
  private let folder: ScratchFolder
  private let truth: String
  private let predictions: String

  init() throws {
    folder = try ScratchFolder()
    truth = try folder.write(
      #"""
      {"images":[{"id":5,"file_name":"a.jpg","height":20,"width":20}],
       "categories":[{"id":2,"name":"cell"},{"id":3,"name":"plate"}],
       "annotations":[{"id":1,"image_id":5,"category_id":2,"bbox":[4,4,8,8],"area":64,"iscrowd":0,
         "segmentation":[[4,4,4,12,12,12,12,4]]}]}
      """#, to: "truth.json")
    // Six of the eight columns: an overlap of 0.75.
    let columns: [Int] = Array([[Int]](repeating: [8, 12], count: 5).joined())
    let runs: [Int] = [84] + columns + [8, 208]
    predictions = try folder.write(
      #"[{"image_id":5,"category_id":2,"segmentation":{"size":[20,20],"counts":\#(runs)},"score":0.9}]"#,
      to: "predictions.json")
  }

  @Test("prints the twelve lines and the classes, and writes JSON and arrays")
  func judged() throws {
    let (json, arrays) = (folder.path + "/figures.json", folder.path + "/arrays.npz")
    let outcome = try program.run([
      "masks", "--truth", truth, "--predictions", predictions, "--json", json, "--arrays", arrays,
    ])
    #expect(outcome.exitCode == 0 && outcome.standardError.isEmpty, "\(outcome.standardError)")
    #expect(
      outcome.standardOutput.contains(
        " Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.600\n"))
    #expect(outcome.standardOutput.contains("cell         1           1  0.600  1.000\n"))
    let figures = try JSON(parsing: String(contentsOfFile: json, encoding: .utf8), file: json)
    #expect(figures["AR100"]?.double == 0.6 && figures["classes"]?["plate"]?.int == -1)
    // 10 overlaps, 101 recalls, 2 classes, 4 ranges, 3 limits of eight bytes, twice.
    #expect(try Data(contentsOf: URL(fileURLWithPath: arrays)).count > 2 * 10 * 101 * 2 * 4 * 3 * 8)
  }

  @Test("another ladder of limits changes the figures' names, and AP is -1 without 100 unless parity is corrected")
  func ladder() throws {
    for (parity, limit, wanted) in [("strict", "100", "-1.000"), ("corrected", "  5", "0.600")] {
      let outcome = try program.run([
        "masks", "--truth", truth, "--predictions", predictions, "--max-detections", "1", "5", "--parity", parity,
      ])
      #expect(outcome.exitCode == 0)
      #expect(outcome.standardOutput.contains("IoU=0.50:0.95 | area=   all | maxDets=\(limit) ] = \(wanted)\n"))
      #expect(outcome.standardOutput.contains("(AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  5 ] = 0.600\n"))
    }
    let wrong = try program.run([
      "masks", "--truth", truth, "--predictions", predictions, "--max-detections", "0",
    ])
    #expect(wrong.exitCode == 64 && wrong.standardError.contains("numbers from 1 on are wanted"))
  }

  @Test("what strict parity passes over is counted, and is an error with corrected parity")
  func parity() throws {
    let found = try folder.write(
      #"""
      [{"image_id":5,"category_id":2,"segmentation":{"size":[21,20],"counts":[420]},"score":0.9},
       {"image_id":5,"category_id":9,"segmentation":{"size":[20,20],"counts":[400]},"score":0.9}]
      """#, to: "found.json")
    let strict = try program.run(["masks", "--truth", truth, "--predictions", found])
    #expect(strict.exitCode == 0)
    #expect(strict.standardOutput.contains("1 predictions are of classes that the labels do not have: left out\n"))
    let corrected = try program.run([
      "masks", "--truth", truth, "--predictions", found, "--parity", "corrected",
    ])
    #expect(corrected.exitCode == 1 && corrected.standardOutput.isEmpty)
    #expect(corrected.standardError.split(separator: "\n").count == 1)
    #expect(corrected.standardError.contains("found.json: ["))
  }

  @Test("the help names every quirk")
  func help() throws {
    let outcome = try program.run(["masks", "--help"])
    for name in ["zero-object-id", "ignore-key", "headline-limit", "first-decides", "mask-size", "empty-runs"] {
      #expect(outcome.standardOutput.contains("\(name): "), "\(name)")
    }
  }
}
