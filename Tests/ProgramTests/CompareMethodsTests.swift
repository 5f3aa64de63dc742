import Documents
import Foundation
import TestSupport
import Testing

/// `--compare METHOD,METHOD` from names of methods to tables, as a user gives it.
@Suite("comparisons of methods", .serialized)
struct CompareMethodsTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func json(_ file: String) throws -> JSON { try JSON(contentsOf: path(file)) }

  private func digest(_ run: String) throws -> String {
    try SHA256.hexDigest(ofFile: path(run) + "/checkpoints/last.safetensors")
  }

  /// The flags of a comparison of segmenters that learn one image of each kind a step.
  private func arguments(_ words: [String], _ more: [String] = [], output: String = "all") throws -> [String] {
    let isStaged = words.joined(separator: ",").split(separator: ",").contains { $0 == "st" || $0 == "st++" }
    let settings =
      ["method.labeled_images=1", "method.unlabeled_images=1"]
      + (isStaged ? ["method.labeling={short_side: 48, long_side: 96, scales: [1], mirrored: true}"] : [])
    var flags = try TinySegmentTraining.arguments("st", set: settings, in: folder)
    let place = try #require(flags.firstIndex(of: "--method"))
    flags.removeSubrange(place...place + 1)
    return ["--compare"] + words + flags + ["--output", path(output)] + more
  }

  private func run(_ words: [String], _ more: [String] = [], output: String = "all") throws -> Program.Outcome {
    try TinySegmentTraining.run(arguments(words, more, output: output))
  }

  /// The one line of a command that fails.
  private func expectError(_ outcome: Program.Outcome, _ wanted: String, exitCode: Int32 = 1) {
    let lines = outcome.standardError.split(separator: "\n")
    #expect(outcome.exitCode == exitCode, "\(outcome)")
    #expect(lines.contains { $0.lowercased().hasPrefix("error: ") && $0.contains(wanted) }, "\(outcome.standardError)")
  }

  @Test("methods see as many images each, by each seed, and the same command trains nothing again")
  func compares() throws {
    let more = ["--seeds", "2", "--steps", "6", "--seed", "5"]
    let outcome = try run(["supervised,st,fixmatch"], more)
    try #require(outcome.exitCode == 0, "\(outcome.standardError)")
    let order = ["supervised-5", "st-5", "fixmatch-5", "supervised-6", "st-6", "fixmatch-6"]
    #expect(outcome.standardError.contains("trained, in this order: \(order.joined(separator: ", "))"))
    let runs = try json("all/comparison.json").array ?? []
    #expect(runs.map { $0["method"]?.string } == ["supervised", "supervised", "st", "st", "fixmatch", "fixmatch"])
    #expect(runs.map { $0["seed"]?.int } == [5, 6, 5, 6, 5, 6])
    // 6 steps of 2 images: 12 of one, 3 and 3 of two stages, 6 of two kinds of images.
    #expect(runs.map { $0["steps"]?.int } == [12, 12, 3, 3, 6, 6])
    let means = try json("all/comparison-means.json")
    let methods = means["methods"]?.array ?? []
    #expect(methods.map { $0["imagesSeen"] } == Array(repeating: ["mean": 12, "deviation": 0], count: 3))
    #expect(means["figure"]?.string == "mIoU" && methods[0]["cost"]?.double == 1)
    #expect(methods[1]["againstReference"]?["verdict"]?.string != nil && methods[0]["againstReference"] == nil)
    #expect(methods[2]["runs"]?.array?.map(\.string) == [path("all/fixmatch-5"), path("all/fixmatch-6")])
    #expect(outcome.standardOutput.contains(" ± ") && outcome.standardOutput.contains("mIoU against supervised"))
    let page = try String(contentsOfFile: path("all/comparison.html"), encoding: .utf8)
    #expect(page.contains("<svg") && page.contains("images seen") && page.contains("data:image/jpeg"))
    let plan = try json("all/comparison-plan.json")
    #expect(plan["methods"]?.array?[1]["steps"] == [3, 3] && plan["budget"]?["steps"]?.int == 6)
    for run in order { #expect(Folder.hasFile(path("all/\(run)/report.html")), "\(run)") }
    // What labelled images alone are learnt by has nothing of the others in its settings.
    let settings = try String(contentsOfFile: path("all/supervised-5/settings.yaml"), encoding: .utf8)
    #expect(!settings.contains("unlabeled.txt"))

    let digests = try order.map { try digest("all/" + $0) }
    let again = try run(["supervised,st,fixmatch"], more)
    #expect(again.exitCode == 0 && again.standardOutput == outcome.standardOutput, "\(again.standardError)")
    #expect(again.standardError.contains("finished: \(order.joined(separator: ", "))"))
    #expect(try order.map { try digest("all/" + $0) } == digests)

    // A run that is there takes part as it is; another budget is refused before anything is trained.
    let mixed = try run(["fixmatch", path("all/supervised-5")], ["--steps", "6", "--seed", "5"], output: "mixed")
    #expect(mixed.exitCode == 0 && mixed.standardOutput.contains("one seed"), "\(mixed.standardError)")
    #expect(try digest("mixed/fixmatch-5") == digest("all/fixmatch-5"))
    expectError(
      try run(["supervised,st,fixmatch"], ["--seeds", "3", "--steps", "8", "--seed", "5"]),
      "\(path("all/supervised-5")): holds a run by other settings (trainer.steps is 12 there, 16 here)")
    #expect(!Folder.hasAnything(at: path("all/supervised-7")))
    let later = try TinySegmentTraining.run(
      ["--compare"] + order.map { path("all/" + $0) } + ["--output", path("later")])
    #expect(
      later.exitCode == 0 && later.standardOutput == outcome.standardOutput.replacing(path("all"), with: path("later")))
  }

  @Test("a comparison that is stopped saves, says how to go on, and ends as one that was not")
  func stops() throws {
    let more = ["--steps", "12", "--set", "trainer.save_every=2"]
    #expect(try run(["supervised,st++"], more, output: "straight").exitCode == 0)
    let arguments = try arguments(["supervised,st++"], more, output: "stopped")
    let running = try RunningProgram(TinySegmentTraining.program, arguments, errors: path("errors.txt"))
    #expect(running.waitForFile(path("stopped/st++-1/stage-1/checkpoints/resume-2.safetensors")))
    running.send(SIGTERM)
    let stopped = try running.wait()
    #expect(stopped.exitCode == 130)
    let said = try String(contentsOfFile: path("errors.txt"), encoding: .utf8)
    #expect(said.contains("stopped in \(path("stopped/st++-1")) after ") && said.contains("the same command goes on"))
    #expect(!Folder.hasAnything(at: path("stopped/comparison.json")))
    let supervised = try digest("stopped/supervised-1")
    let last = try TinySegmentTraining.run(arguments)
    #expect(last.exitCode == 0, "\(last.standardError)")
    #expect(last.standardError.contains("finished: supervised-1\ngone on with: st++-1"))
    #expect(try digest("stopped/supervised-1") == supervised)
    #expect(try digest("stopped/st++-1") == digest("straight/st++-1"))
  }

  @Test("a budget of minutes is measured, turned into steps, and measured once")
  func minutes() throws {
    let outcome = try run(["supervised,fixmatch"], ["--minutes", "0.01"])
    #expect(outcome.exitCode == 0 && outcome.standardError.contains("measuring steps of fixmatch"))
    for method in try json("all/comparison-plan.json")["methods"]?.array ?? [] {
      let (steps, seconds) = (method["steps"]?.array?.first?.int, method["stepSeconds"]?.double)
      let (count, each) = (Double(try #require(steps)), try #require(seconds))
      // To the nearest image, and then to the nearest step of one or two.
      #expect(abs(count * each - 0.6) <= 0.75 * each + 1e-9, "\(method)")
    }
    let again = try run(["supervised,fixmatch"], ["--minutes", "0.01"])
    #expect(again.exitCode == 0 && !again.standardError.contains("measuring"), "\(again.standardError)")
    #expect(again.standardOutput == outcome.standardOutput)
  }

  @Test("--explain and --dry-run show the plan, and leave no folder")
  func plans() throws {
    for (flag, wanted) in [
      ("--explain", "  stage 2: the best of it labels"), ("--dry-run", "  one resume: the weights came"),
    ] {
      let outcome = try run(["supervised", "st", "--recipe", "camvid-small"], ["--steps", "4", flag])
      #expect(outcome.exitCode == 0 && outcome.standardOutput.contains(wanted), "\(outcome)")
      #expect(outcome.standardOutput.contains("recipe camvid-small-st") && outcome.standardOutput.contains("\nst:\n"))
      #expect(!Folder.hasAnything(at: path("all")))
    }
  }

  @Test("what does not fit is one line before anything is trained")
  func refused() throws {
    expectError(try run(["supervised,fixmach"]), "did you mean fixmatch?", exitCode: 64)
    expectError(try run(["supervised,st"], ["--set", "method.theshold=1"]), "unknown key 'method.theshold'")
    expectError(try run(["supervised,fixmatch"], ["--set", "method.threshold=7"]), "'method.threshold' is '7'")
    expectError(try run(["st"], ["--method", "st"]), "--method st contradicts it", exitCode: 64)
    expectError(try run(["st"], ["--steps", "3", "--minutes", "1"]), "two budgets", exitCode: 64)
    expectError(try run(["st"], ["--seeds", "0"]), "--seeds 0: a number between 1 and 1000", exitCode: 64)
    expectError(try run(["st"], ["--micro-batch", "auto"]), "--micro-batch N is wanted in a comparison", exitCode: 64)
    expectError(try run(["st++"], ["--steps", "4"]), "st++: 8 images are 1 step for stage 1 of 3")
    expectError(try run(["st"], ["--seed", "\(UInt64.max)", "--seeds", "2"]), "there are no seeds above")
    expectError(try run(["st"], ["--steps", "\(Int.max)"]), "no run sees so many images")
    expectError(
      try TinySegmentTraining.run(["--compare", "supervised,st", "--output", path("all")]),
      "--labeled SRC is wanted: the labelled images that supervised, st learn from", exitCode: 64)
    expectError(try TinySegmentTraining.run(["--seeds", "3"]), "--seeds is for --compare", exitCode: 64)
    var none = try arguments(["supervised,st"], ["--steps", "4"])
    let place = try #require(none.firstIndex(of: "--unlabeled"))
    none.removeSubrange(place...place + 3)
    expectError(
      try TinySegmentTraining.run(none), "st: the method learns from unlabelled images: --unlabeled PATH is wanted")
    #expect(!Folder.hasAnything(at: path("all")))
    _ = try folder.write("", to: "begun/settings.yaml")
    expectError(try run(["st", path("begun")], ["--steps", "4"]), "\(path("begun")): the run has not come to its end")
    #expect(!Folder.hasAnything(at: path("all")))
    _ = try folder.write("mine\n", to: "all/st-1/notes.txt")
    expectError(try run(["supervised,st"], ["--steps", "4"]), "\(path("all/st-1")): the output folder is not empty")
    #expect(!Folder.hasAnything(at: path("all/supervised-1")))
  }

  @Test("detectors are compared likewise, and a run that fails ends the command with its name")
  func detectors() throws {
    let list = try folder.write("000001\n000002\n000003\n", to: "labeled.txt")
    let last = try folder.write("000007\n000008\n", to: "validation.txt")
    let arguments = TinyTraining.arguments(
      settings: TinyTraining.settings.filter { !$0.hasPrefix("method.") },
      set: ["method.labeled_images=1", "method.unlabeled_images=1"],
      [
        "--labeled-list", list, "--unlabeled", TinyTraining.images, "--exclude-held-out", "--validation",
        TinyTraining.labels, "--validation-images", TinyTraining.images, "--validation-list", last, "--steps", "2",
        "--output", path("both"),
      ])
    let outcome = try TinyTraining.run(["--compare", "supervised", "mean-teacher"] + arguments)
    #expect(
      outcome.exitCode == 0 && outcome.standardOutput.contains("AP against supervised"), "\(outcome.standardError)")
    #expect(try json("both/comparison.json").array?.map { $0["steps"]?.int } == [4, 2])
    #expect(outcome.standardOutput.contains("one seed: there is no spread"))
    // Its first stage is sure of nothing.
    let failed = try TinyTraining.run(
      ["--compare", "supervised,self-training,mean-teacher"] + arguments.map { $0 == "2" ? "4" : $0 }
        + ["--output", path("failed")])
    expectError(failed, "\(path("failed/self-training-1"))")
    #expect(Folder.hasFile(path("failed/supervised-1/summary.json")) && !Folder.exists(path("failed/mean-teacher-1")))
  }
}
