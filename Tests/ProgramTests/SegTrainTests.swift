import Documents
import Foundation
import TestSupport
import Testing

/// `seg-train` from arguments to files.
@Suite("seg-train", .serialized)
struct SegTrainTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func digest(_ file: String) throws -> String { try SHA256.hexDigest(ofFile: path(file)) }

  private func json(_ file: String) throws -> JSON { try JSON(contentsOf: path(file)) }

  private static let labeling = "method.labeling={short_side: 48, long_side: 96, scales: [1], mirrored: true}"

  private func set(_ method: String) -> [String] {
    ["supervised", "pseudo-seg"].contains(method) ? [] : [Self.labeling]
  }

  @Test(
    "every method trains, is judged by mean IoU, explains itself and rehearses",
    arguments: ["supervised", "self-training", "st", "st++", "pseudo-seg"])
  func trains(method: String) throws {
    let arguments = try TinySegmentTraining.arguments(
      method, set: set(method), in: folder, ["--steps", "3", "--output", path("run")])
    let outcome = try TinySegmentTraining.run(arguments)
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardOutput.contains("mIoU") && outcome.standardOutput.contains("IoU ring"))
    let summary = try json("run/summary.json")
    #expect(summary["method"]?.string == method && summary["imagesSeen"]?.int == 6)
    let metrics = summary["metrics"]?["validation"]?["student"]
    #expect((metrics?["mIoU"]?.double).map { (0...1).contains($0) } == true)
    let report = try String(contentsOfFile: path("run/report.html"), encoding: .utf8)
    #expect(report.contains("fcn_light on efficientnet_lite0, output stride 16") && report.contains("Pictures"))
    #expect(report.contains("judged by: whole image, shorter side 48, absent classes skipped"))
    let explained = try TinySegmentTraining.run(
      try TinySegmentTraining.arguments(
        method, set: set(method), in: folder, ["--steps", "3", "--explain"]))
    #expect(explained.exitCode == 0 && explained.standardOutput.contains("# weak views: own size times 0.4 to 0.6"))
    let again = try folder.write(explained.standardOutput, to: "explained.yaml")
    let rehearsal = try TinySegmentTraining.run(
      try TinySegmentTraining.arguments(
        method, set: [], in: folder, ["--recipe", again, "--dry-run"]))
    #expect(rehearsal.exitCode == 0, "\(rehearsal.standardError)")
  }

  @Test("the same seed gives the same weights, another seed others; a run of two halves is that of one whole")
  func repeats() throws {
    func run(_ name: String, _ more: [String]) throws -> Program.Outcome {
      try TinySegmentTraining.run(
        try TinySegmentTraining.arguments(
          "supervised", in: folder, ["--steps", "4", "--output", path(name)] + more))
    }
    #expect(
      try run("a", []).exitCode == 0 && run("b", ["--workers", "0"]).exitCode == 0
        && run("c", ["--seed", "2"]).exitCode == 0)
    let file = "checkpoints/last.safetensors"
    #expect(try digest("a/" + file) == digest("b/" + file) && digest("a/" + file) != digest("c/" + file))
  }

  @Test("ST++ leaves each stage in a folder: snapshots, a table of reliability, masks that can be looked at")
  func stages() throws {
    let outcome = try TinySegmentTraining.run(
      try TinySegmentTraining.arguments(
        "st++", set: set("st++"), in: folder,
        [
          "--steps", "6", "--audit", TinySegmentTraining.images, "--set", "masks.audit=\(TinySegmentTraining.masks)",
          "--output", path("run"),
        ]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    for number in 1...3 { #expect(Folder.hasFile(path("run/stage-1/checkpoints/snapshot-\(number).safetensors"))) }
    let table = try json("run/stage-2/reliability.json")["images"]?.array ?? []
    let values = table.compactMap { $0["reliability"]?.double }
    #expect(values.count == 3 && values == values.sorted(by: >) && values.allSatisfy { (0...1).contains($0) })
    #expect(table.map { $0["reliable"]?.bool } == [true, false, false])
    let (first, second) = (try json("run/stage-3/pseudo-masks.json"), try json("run/stage-5/pseudo-masks.json"))
    #expect(first["images"]?.array?.count == 1 && second["images"]?.array?.count == 2)
    #expect(first["complete"]?.bool == true && first["audit"]?["mIoU"]?.double != nil)
    let names = (first["images"]?.array ?? []) + (second["images"]?.array ?? [])
    #expect(Set(names.compactMap { $0["image"]?.string }).count == 3)
    #expect(try Folder.names(in: path("run/stage-5/masks")).count == 2)
    // The stage's best network made the masks, the run's own last stage learnt all of them.
    #expect(second["by"]?.string == path("run/stage-4"))
    let precision = try #require(second["precision"]?.string)
    let settings = try String(contentsOfFile: path("run/settings.yaml"), encoding: .utf8)
    #expect(settings.contains("precision: \(precision)\n"))
    #expect(outcome.standardError.contains("mean IoU with the hidden label maps 0."))
    #expect(Folder.hasFile(path("run/stage-3/sheet.jpg")))
    let report = try String(contentsOfFile: path("run/report.html"), encoding: .utf8)
    #expect(report.contains("Stages") && report.contains("selection") && report.contains("1 of 3"))
  }

  @Test("ST++ killed in any stage ends as one that was not, and does no finished stage again")
  func resumes() throws {
    func run(_ name: String) throws -> [String] {
      try TinySegmentTraining.arguments(
        "st++", set: set("st++") + ["trainer.save_every=2"], in: folder, ["--steps", "8", "--output", path(name)])
    }
    #expect(try TinySegmentTraining.run(run("straight")).exitCode == 0)
    let marks = [
      "stage-1/checkpoints/resume-4.safetensors", "stage-2/reliability.json", "stage-3/pseudo-masks.json",
      "stage-4/checkpoints/resume-4.safetensors", "stage-5/pseudo-masks.json", "checkpoints/resume-4.safetensors",
    ]
    var arguments = try run("killed")
    for mark in marks {
      let running = try RunningProgram(TinySegmentTraining.program, arguments, errors: path("errors.txt"))
      #expect(running.waitForFile(path("killed/" + mark)), "\(mark)")
      running.send(SIGKILL)
      _ = try running.wait()
      arguments = ["--resume", path("killed")]
    }
    let stage = try digest("killed/stage-4/checkpoints/last.safetensors")
    let last = try TinySegmentTraining.run(arguments)
    #expect(last.exitCode == 0, "\(last.standardError)")
    #expect(try digest("killed/stage-4/checkpoints/last.safetensors") == stage)
    for file in ["checkpoints/last.safetensors", "stage-3/pseudo-masks.json", "stage-2/reliability.json"] {
      let texts = try ["killed/", "straight/"].map {
        try Data(contentsOf: URL(fileURLWithPath: path($0 + file)))
      }
      let own =
        file.hasSuffix("json")
        ? texts.map { String(decoding: $0, as: UTF8.self).replacing(path("straight"), with: path("killed")) } : []
      #expect(own.isEmpty ? texts[0] == texts[1] : own[0] == own[1], "\(file)")
    }
  }

  @Test(
    "what is learnt first can be chosen otherwise", arguments: ["none", "random", "pixel_threshold", "dropout"])
  func selections(selection: String) throws {
    let outcome = try TinySegmentTraining.run(
      try TinySegmentTraining.arguments(
        "st++",
        set: set("st++") + ["method.selection=\(selection)", "model.dropout=0.2", "method.pixel_threshold=0.3"],
        in: folder, ["--steps", "2", "--output", path("run")]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let first = try json("run/stage-3/pseudo-masks.json")["images"]?.array ?? []
    let isPortion = selection == "random" || selection == "dropout"
    #expect(first.count == (isPortion ? 1 : 3))
    #expect(Folder.hasFile(path("run/stage-2/reliability.json")) == (selection == "dropout"))
    let learnt = first.compactMap { $0["learnt"]?.double }
    #expect(selection == "pixel_threshold" ? learnt.contains { $0 < 1 } : learnt.allSatisfy { $0 == 1 })
  }

  @Test("finished runs are compared by mean IoU, with pictures of the same images")
  func compares() throws {
    for method in ["supervised", "st"] {
      #expect(
        try TinySegmentTraining.run(
          try TinySegmentTraining.arguments(
            method, set: set(method), in: folder, ["--steps", "2", "--output", path(method)])
        ).exitCode == 0)
    }
    let outcome = try TinySegmentTraining.run(
      ["--compare", path("supervised"), path("st"), "--output", path("both")])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardOutput.contains("mIoU") && Folder.hasFile(path("both/comparison.html")))
    #expect(try json("both/comparison.json").array?.count == 2)
  }
}
