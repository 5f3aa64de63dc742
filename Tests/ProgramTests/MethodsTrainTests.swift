import Documents
import Foundation
import TestSupport
import Testing

/// The methods beside Soft Teacher on the eight images of `annotations/tiny`, the first three with their labels.
@Suite("detect-train with the other methods", .serialized)
struct MethodsTrainTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func arguments(_ method: String, set assignments: [String] = [], _ more: [String]) throws -> [String] {
    let list = try folder.write("000001\n000002\n000003\n", to: "labeled.txt")
    return TinyTraining.arguments(
      settings: TinyTraining.settings.filter { !$0.hasPrefix("method.") },
      set: ["method.labeled_images=1", "method.unlabeled_images=2"] + assignments,
      ["--method", method, "--labeled-list", list, "--unlabeled", TinyTraining.images] + more)
  }

  private func digest(_ run: String, _ file: String = "checkpoints/last.safetensors") throws -> String {
    try SHA256.hexDigest(ofFile: path(run) + "/" + file)
  }

  @Test(
    "a method trains with fixed and adaptive thresholds, explains itself and rehearses",
    arguments: ["mean-teacher", "unbiased-teacher", "soft-teacher", "self-training"], ["fixed", "adaptive"])
  func trains(method: String, policy: String) throws {
    let set = [
      "method.thresholds={class_score: 0.1, proposal_score: 0.1, candidate_score: 0.1, policy: \(policy)}",
      "method.thresholds.adaptive.lowest_score=0.05",
    ]
    let outcome = try TinyTraining.run(arguments(method, set: set, ["--steps", "3", "--output", path("run")]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardError.contains("\(method): 3 steps in "))
    let summary = try JSON(
      parsing: String(contentsOfFile: path("run") + "/summary.json", encoding: .utf8), file: "summary.json")
    #expect(summary["method"]?.string == method && summary["imagesSeen"]?.int == 9)
    let settings = try String(contentsOfFile: path("run") + "/settings.yaml", encoding: .utf8)
    #expect(settings.contains("policy: \(policy)\n"))
    let rehearsal = try TinyTraining.run(arguments(method, set: set, ["--steps", "3", "--dry-run"]))
    #expect(rehearsal.exitCode == 0, "\(rehearsal.standardError)")
  }

  @Test("self-training killed in any stage ends as one that was not, and does no finished stage again")
  func selfTrainingResumes() throws {
    // So that something of what a detector of twelve steps finds is passed on.
    let set = [
      "method.thresholds.class_score=0.002", "model.regions.score_threshold=0.001", "trainer.save_every=4",
      "method.teacher_steps=12",
    ]
    func run(_ name: String) throws -> [String] {
      try arguments("self-training", set: set, ["--steps", "12", "--output", path(name)])
    }
    #expect(try TinyTraining.run(run("straight")).exitCode == 0)
    let killed = try RunningProgram(TinyTraining.program, run("killed"), errors: path("errors.txt"))
    #expect(killed.waitForFile(path("killed") + "/teacher/checkpoints/resume-4.safetensors"))
    killed.send(SIGKILL)
    _ = try killed.wait()
    let again = try RunningProgram(TinyTraining.program, ["--resume", path("killed")], errors: path("errors.txt"))
    #expect(again.waitForFile(path("killed") + "/checkpoints/resume-4.safetensors"))
    again.send(SIGTERM)
    #expect(try again.wait().exitCode == 130)
    let said = try String(contentsOfFile: path("errors.txt"), encoding: .utf8)
    #expect(said.contains("--resume \(path("killed"))\n"), "\(said)")
    let teacher = try digest("killed", "teacher/checkpoints/last.safetensors")
    let last = try TinyTraining.run(["--resume", path("killed")])
    #expect(last.exitCode == 0 && !last.standardError.contains("stage 1"), "\(last.standardError)")
    #expect(try digest("killed", "teacher/checkpoints/last.safetensors") == teacher)
    for file in ["checkpoints/last.safetensors", "pseudo-labels.json"] {
      #expect(try digest("killed", file) == digest("straight", file), "\(file)")
    }
  }

  @Test("self-training whose first stage is sure of nothing says what to lower, with the file's name")
  func nothingPasses() throws {
    let outcome = try TinyTraining.run(
      arguments(
        "self-training", set: ["method.thresholds.class_score=0.99"], ["--steps", "2", "--output", path("run")]))
    #expect(outcome.exitCode == 1)
    let errors = outcome.standardError.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    #expect(errors.count == 1 && errors[0].hasPrefix("error: \(path("run"))/pseudo-labels.json: "), "\(errors)")
    #expect(errors.first?.contains("lower method.thresholds.class_score (now 0.99)") == true)
  }

  @Test("a preset that the method does not have is refused with the list of those it has")
  func presets() throws {
    let outcome = try TinyTraining.run(
      arguments("soft-teacher", set: ["method.preset=theirs"], ["--output", path("run")]))
    #expect(outcome.exitCode == 1)
    #expect(
      outcome.standardError == "error: --set method.preset=theirs: 'method.preset' is 'theirs', wanted one of released,"
        + " paper, mmdetection\n")
    let explained = try TinyTraining.run(
      arguments("soft-teacher", set: ["method.preset=paper", "method.memory_ramp=true"], ["--explain"]))
    #expect(explained.exitCode == 0 && explained.standardOutput.contains("  memory_ramp: true\n"))
    #expect(explained.standardOutput.contains("    noise: uniform\n"))
    let unknown = try TinyTraining.run(
      arguments("mean-teacher", set: ["method.preset=paper"], ["--output", path("run")]))
    #expect(unknown.exitCode == 1 && unknown.standardError.contains("unknown key 'method.preset'"))
  }

  @Test(
    "--explain says in words what a run does, as comments above settings that are a recipe",
    arguments: [
      (
        "soft-teacher",
        "# classes are learnt of candidates that score over 0.9, objectness over 0.4; the box of one is learnt"
      ),
      ("mean-teacher", "# pseudo-boxes: what scores over 0.8 is taken for true\n"),
      ("unbiased-teacher", "is an object of its class; no box offsets are learnt from it\n"),
      (
        "self-training",
        "# stage 2: the average of its weights labels every unlabelled image once; what scores over 0.8 "
      ),
      ("supervised", "# learns: the labelled images alone, a weak view of each\n"),
    ])
  func explains(method: String, wanted: String) throws {
    let outcome = try TinyTraining.program.run([
      "--labeled", "labels.json", "--unlabeled", "photos", "--recipe", "bccd-small", "--method", method, "--steps",
      "450",
      "--explain",
    ])
    #expect(outcome.exitCode == 0 && outcome.standardOutput.contains(wanted), "\(outcome.standardOutput)")
    #expect(
      outcome.standardOutput.hasPrefix("# data: labelled labels.json; unlabelled photos\n# length: 450 steps of "))
    #expect(outcome.standardOutput.contains("; times of the recipe, in images, are taken 0.5 times\n"))
    let recipe = try folder.write(outcome.standardOutput, to: "explained.yaml")
    let again = try TinyTraining.program.run([
      "--labeled", "labels.json", "--unlabeled", "photos", "--recipe", recipe, "--explain",
    ])
    #expect(again.exitCode == 0 && again.standardOutput == outcome.standardOutput)
  }
}
