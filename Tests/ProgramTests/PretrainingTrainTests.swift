import Documents
import Foundation
import TestSupport
import Testing

/// `seg-train` with a stage that pre-trains the encoder.
@Suite("seg-train, pre-training", .serialized)
struct PretrainingTrainTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func digest(_ file: String) throws -> String { try SHA256.hexDigest(ofFile: path(file)) }

  private static let pretraining = [
    "pretraining.kind=cpc", "pretraining.steps=8",
    "pretraining.cpc={images: 2, patch: 16, stride: 8, rows: 4, columns: 4, predict_to: 3, patch_jitter: 2}",
    "trainer.save_every=2",
  ]

  private func arguments(_ name: String, _ more: [String] = []) throws -> [String] {
    try TinySegmentTraining.arguments(
      "supervised", set: Self.pretraining, in: folder,
      [
        "--unlabeled", TinySegmentTraining.images, "--unlabeled-list",
        try folder.write("000004\n000005\n000006\n", to: "others.txt"), "--steps", "4", "--output", path(name),
      ] + more)
  }

  @Test("killed in the middle of the stage and of its own steps a run ends as one that was not, and does nothing twice")
  func resumes() throws {
    #expect(try TinySegmentTraining.run(arguments("straight", ["--workers", "0"])).exitCode == 0)
    var commands = try arguments("killed")
    for mark in ["stage-0/checkpoints/resume-4.safetensors", "checkpoints/resume-2.safetensors"] {
      let running = try RunningProgram(TinySegmentTraining.program, commands, errors: path("errors.txt"))
      #expect(running.waitForFile(path("killed/" + mark)), "\(mark)")
      running.send(SIGKILL)
      _ = try running.wait()
      commands = ["--resume", path("killed")]
    }
    let stage = try digest("killed/stage-0/summary.json")
    let last = try TinySegmentTraining.run(commands)
    #expect(last.exitCode == 0, "\(last.standardError)")
    #expect(try digest("killed/stage-0/summary.json") == stage)
    for file in ["stage-0/checkpoints/best.safetensors", "stage-0/checkpoints/last.safetensors"] {
      #expect(try digest("killed/" + file) == digest("straight/" + file), "\(file)")
    }
    for file in ["checkpoints/best.safetensors", "checkpoints/last.safetensors"] {
      #expect(try digest("killed/" + file) == digest("straight/" + file), "\(file)")
    }
  }

  @Test(
    "it is said before it is done, listed among the methods, rehearsed, and its weights can be looked at and begun at")
  func said() throws {
    let explained = try TinySegmentTraining.run(arguments("run", ["--explain"]))
    #expect(explained.standardOutput.contains("# stage-0, before all others: the encoder is pre-trained from random"))
    #expect(try TinySegmentTraining.run(arguments("run", ["--dry-run"])).exitCode == 0)
    let list = try TinySegmentTraining.run(["--list-methods"])
    #expect(
      list.standardError.hasPrefix("before any of them, --set pretraining.kind=cpc: CPC (van den Oord et al. 2018)"))
    #expect(!list.standardOutput.contains("pretraining"))
    let outcome = try TinySegmentTraining.run(arguments("run"))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let encoder = path("run/stage-0/checkpoints/best.safetensors")
    let shown = try Program(named: "model-tool").run(["inspect", encoder])
    #expect(shown.standardOutput.contains("method: cpc, predictor: encoder, step: "))
    #expect(shown.standardOutput.contains("model: encoder efficientnet_lite0 alone, output stride 16"))
    let json = try Program(named: "model-tool").run(["inspect", encoder, "--json"])
    #expect(json.standardOutput.contains("\"task\": \"encoder\""))
    let next = try TinySegmentTraining.run(
      try TinySegmentTraining.arguments(
        "supervised", in: folder, ["--weights", encoder, "--steps", "1", "--output", path("next")]))
    #expect(next.exitCode == 0 && next.standardError.contains("\(encoder): backbone: "), "\(next.standardError)")
  }

  @Test("what cannot be is one line before anything is trained")
  func badInput() throws {
    let line = try TinySegmentTraining.run(
      arguments("run", ["--set", "pretraining.cpc={patch: 64, stride: 32, rows: 7, columns: 7}"]))
    #expect(line.exitCode == 1)
    let errors = line.standardError.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    #expect(errors.count == 1 && errors[0].contains("pretraining.cpc cover 256×256"), "\(line.standardError)")
  }
}
