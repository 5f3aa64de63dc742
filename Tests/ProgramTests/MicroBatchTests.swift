import Documents
import Foundation
import TestSupport
import Testing

@Suite("detect-train --micro-batch", .serialized)
struct MicroBatchTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  /// Soft Teacher with two labelled and four unlabelled images a step; three of the eight images are labelled.
  private func arguments(_ output: String, set assignments: [String] = [], _ more: [String]) throws -> [String] {
    let recipe = try folder.write(
      "method: {name: soft-teacher, labeled_images: 2, unlabeled_images: 4}\ntrainer: {sheet_every: 2}\n",
      to: "recipe.yaml")
    let list = try folder.write("000001\n000002\n000003\n", to: "labeled.txt")
    return TinyTraining.arguments(
      settings: TinyTraining.settings.filter { !$0.hasPrefix("method.") }, set: assignments,
      [
        "--recipe", recipe, "--labeled-list", list, "--unlabeled", TinyTraining.images, "--steps", "4", "--output",
        path(output),
      ] + more)
  }

  private func text(_ file: String) throws -> String { try String(contentsOfFile: path(file), encoding: .utf8) }

  private func weights(_ run: String) throws -> String {
    try SHA256.hexDigest(ofFile: path(run) + "/checkpoints/last.safetensors")
  }

  private func column(_ name: String, of run: String) throws -> [Substring] {
    let rows = try text("\(run)/metrics.csv").split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let place = try #require(rows[0].firstIndex(of: Substring(name)), "\(rows[0])")
    return rows.dropFirst().map { $0[place] }
  }

  @Test("a step in micro-batches keeps images, schedule and length, says so, and is not the same run to the bit")
  func steps() throws {
    for (name, more) in [("plain", []), ("shared", ["--micro-batch", "3"])] {
      let outcome = try TinyTraining.run(arguments(name, more))
      try #require(outcome.exitCode == 0, "\(outcome.standardError)")
      #expect(
        outcome.standardError.contains(
          "accumulation: each step's 6 (2 labelled, 4 unlabelled) images are taken as 2 micro-batches of 3 (1 labelled, 2"
            + " unlabelled), whose gradients are averaged\n") == (name == "shared"), "\(outcome.standardError)")
    }
    for name in ["imagesSeen", "learningRate.student"] {
      #expect(try column(name, of: "plain") == column(name, of: "shared"))
    }
    #expect(try text("shared/settings.yaml").contains("accumulation: 2\n"))
    #expect(try text("shared/settings.yaml").contains("labeled_images: 2\n"))
    #expect(try weights("plain") != weights("shared"))
    #expect(Folder.hasFile(path("shared/pictures/pseudo-boxes-000004.jpg")))
    // The setting is the flag.
    let set = try TinyTraining.run(arguments("set", set: ["trainer.accumulation=2"], []))
    #expect(set.exitCode == 0, "\(set.standardError)")
    #expect(try weights("set") == weights("shared"))
  }

  @Test("a run in micro-batches that is killed goes on to the bit")
  func resumed() throws {
    let more = ["--micro-batch", "3", "--steps", "30"]
    let set = ["trainer.save_every=2"]
    try #require(TinyTraining.run(arguments("straight", set: set, more)).exitCode == 0)
    let killed = try RunningProgram(
      TinyTraining.program, arguments("killed", set: set, more), errors: path("errors.txt"))
    #expect(killed.waitForFile(path("killed") + "/checkpoints/last.safetensors"))
    killed.send(SIGKILL)
    #expect(try killed.wait().exitCode == 128 + SIGKILL)
    let outcome = try TinyTraining.run(["--resume", path("killed")])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(try weights("killed") == weights("straight"))
  }

  @Test("auto takes a whole step where it fits, and micro-batches that fit where memory is little")
  func auto() throws {
    let outcome = try TinyTraining.run(arguments("auto", ["--micro-batch", "auto", "--explain"]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(
      outcome.standardError.contains("micro-batch auto: 6 (2 labelled, 4 unlabelled) images at a time, which take "))
    #expect(outcome.standardError.contains("; that is a whole step\n"))
    #expect(outcome.standardOutput.contains("  accumulation: 1\n"))
  }

  @Test("it stands beside --batch, and goes before what a recipe says")
  func besideBatch() throws {
    let outcome = try TinyTraining.run(
      arguments("run", ["--batch", "12", "--micro-batch", "3", "--explain"]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(
      outcome.standardOutput.contains(
        "# length: 4 steps of 12 (4 labelled, 8 unlabelled) see 48 images, 4 micro-batches of 3 (1 labelled, 2 unlabelled) a"
          + " step"), "\(outcome.standardOutput)")
    let refused = try TinyTraining.run(arguments("run", set: ["trainer.accumulation=2"], ["--batch", "3"]))
    #expect(
      refused.standardError
        == "error: --batch 3: 3 (1 labelled, 2 unlabelled) images cannot be shared out evenly among the 2 micro-batches of"
        + " trainer.accumulation; --micro-batch N beside it says how many are taken at a time\n")
    #expect(refused.exitCode == 1 && !Folder.hasAnything(at: path("run")))
  }

  @Test(
    "what cannot be shared out and what contradicts is refused in one line",
    arguments: [
      (["--micro-batch", "4"], "evenly in micro-batches of 3, 6", Int32(1)),
      (["--micro-batch", "0"], "--micro-batch 0: a number of 1 or more, or auto, is wanted", 64),
      (["--micro-batch", "3", "--batch", "auto"], "--micro-batch contradicts it", 64),
      (["--micro-batch", "3", "--set", "trainer.accumulation=2"], "--set trainer.accumulation=2 contradicts it", 64),
      (["--set", "trainer.accumulation=4"], "it must be a number that divides a step's images, 6 (2 labelled", 1),
      (["--batch", "auto", "--set", "trainer.accumulation=2"], "--micro-batch auto keeps the step", 1),
    ])
  func refused(more: [String], wanted: String, code: Int32) throws {
    let outcome = try TinyTraining.run(arguments("run", more))
    #expect(outcome.exitCode == code && outcome.standardError.contains(wanted), "\(outcome.standardError)")
    #expect(!Folder.hasAnything(at: path("run")))
  }
}
