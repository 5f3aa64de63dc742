import Documents
import Foundation
import TestSupport
import Testing

@Suite("detect-train", .serialized)
struct DetectTrainTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  /// A run of 24 steps of three images, eight images an epoch: the checkpoint of step 10 lies in the middle of one.
  private func long(_ output: String, _ more: [String] = []) -> [String] {
    TinyTraining.arguments(
      set: ["trainer.save_every=10", "trainer.evaluate_every=8"],
      ["--validation", TinyTraining.labels, "--validation-images", TinyTraining.images, "--steps", "24"]
        + ["--output", path(output)] + more)
  }

  /// The rows of a run's metrics without those that tell time.
  private func metrics(_ run: String) throws -> [String] {
    try String(contentsOfFile: path(run) + "/metrics.jsonl", encoding: .utf8).split(separator: "\n").map { line in
      let row = try JSON(parsing: String(line), file: "metrics.jsonl").object?.members ?? []
      return JSON.object(JSONObject(row.filter { !$0.key.contains("econds") }.map { ($0.key, $0.value) })).serialized()
    }
  }

  private func weights(_ run: String, _ name: String = "last") throws -> String {
    try SHA256.hexDigest(ofFile: path(run) + "/checkpoints/\(name).safetensors")
  }

  @Test("a run that is killed in the middle of an epoch and resumed ends as one that was not, to the bit")
  func killAndResume() throws {
    let straight = try TinyTraining.run(long("straight"))
    #expect(straight.exitCode == 0, "\(straight.standardError)")

    let killed = try RunningProgram(TinyTraining.program, long("killed"), errors: path("errors.txt"))
    #expect(killed.waitForFile(path("killed") + "/checkpoints/last.safetensors"))
    killed.send(SIGKILL)
    #expect(try killed.wait().exitCode == 128 + SIGKILL)
    #expect(!Folder.hasFile(path("killed") + "/summary.json"))
    let resumed = try TinyTraining.run(["--resume", path("killed")])
    #expect(resumed.exitCode == 0, "\(resumed.standardError)")
    #expect(resumed.standardError.contains("resumed \(path("killed")) after step "))

    // Whole files: the weights, their order and what the file says about them.
    #expect(try weights("killed") == weights("straight"))
    #expect(try weights("killed", "best") == weights("straight", "best"))
    let (one, other) = (try metrics("straight"), try metrics("killed"))
    #expect(one.count == 24 + 3 && one == other)
    let commands = try String(contentsOfFile: path("killed") + "/command.txt", encoding: .utf8)
    #expect(commands.split(separator: "\n").count == 2)
  }

  @Test("the number of threads that decode images does not change the weights")
  func workers() throws {
    let digests = try [0, 1, 3].map { workers in
      let outcome = try TinyTraining.run(
        TinyTraining.arguments(["--steps", "5", "--workers", "\(workers)", "--output", path("\(workers)")]))
      #expect(outcome.exitCode == 0, "\(outcome.standardError)")
      return try weights("\(workers)")
    }
    #expect(digests[0] == digests[1] && digests[0] == digests[2])
    let other = try TinyTraining.run(
      TinyTraining.arguments(["--steps", "5", "--seed", "2", "--output", path("other")]))
    #expect(try other.exitCode == 0 && weights("other") != digests[0])
  }

  @Test("with views changed on the device a run is as repeatable: killed and resumed, by any number of threads")
  func onDevice() throws {
    func run(_ output: String, workers: Int) -> [String] {
      TinyTraining.arguments(
        set: ["views.on_device=true", "views.labeled_color=always", "trainer.save_every=4"],
        ["--steps", "16", "--workers", "\(workers)", "--output", path(output)])
    }
    let straight = try TinyTraining.run(run("straight", workers: 0))
    #expect(straight.exitCode == 0, "\(straight.standardError)")
    let settings = try String(contentsOfFile: path("straight") + "/settings.yaml", encoding: .utf8)
    #expect(settings.contains("on_device: true"))
    let killed = try RunningProgram(TinyTraining.program, run("killed", workers: 2), errors: path("errors.txt"))
    #expect(killed.waitForFile(path("killed") + "/checkpoints/last.safetensors"))
    killed.send(SIGKILL)
    _ = try killed.wait()
    let resumed = try TinyTraining.run(["--resume", path("killed")])
    #expect(resumed.exitCode == 0, "\(resumed.standardError)")
    #expect(try weights("killed") == weights("straight"))
  }

  @Test("in any precision a run is repeatable, and it says in its settings what it computed in")
  func precision() throws {
    let digests = try (0..<2).map { number in
      let outcome = try TinyTraining.run(
        TinyTraining.arguments(["--steps", "4", "--precision", "auto", "--output", path("run\(number)")]))
      #expect(outcome.exitCode == 0, "\(outcome.standardError)")
      let settings = try String(contentsOfFile: path("run\(number)") + "/settings.yaml", encoding: .utf8)
      #expect(settings.contains("precision: bfloat16") || settings.contains("precision: float32"))
      return try weights("run\(number)")
    }
    #expect(digests[0] == digests[1])
    let wrong = try TinyTraining.run(TinyTraining.arguments(["--precision", "float64", "--output", path("wrong")]))
    #expect(wrong.exitCode == 64 && wrong.standardError.contains("float64"))
  }

  @Test(
    "bfloat16 is warned of where oneDNN has no instructions for it, and refused where it cannot compute in it",
    .enabled(
      if: (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.contains("avx512_bf16") == true,
      "the processor has no AVX-512 BF16 that could be withheld"))
  func slowPrecision() throws {
    let arguments = TinyTraining.arguments(["--steps", "1", "--precision", "bfloat16"])
    let slow = try TinyTraining.run(
      arguments + ["--output", path("slow")], environment: ["ONEDNN_MAX_CPU_ISA": "AVX512_CORE"])
    #expect(slow.exitCode == 0, "\(slow.standardError)")
    let warnings = slow.standardError.split(separator: "\n").filter { $0.hasPrefix("warning: precision bfloat16 ") }
    #expect(warnings.count == 1 && warnings[0].contains("is slow on this cpu"), "\(slow.standardError)")
    let refused = try TinyTraining.run(
      arguments + ["--output", path("refused")], environment: ["ONEDNN_MAX_CPU_ISA": "AVX2"])
    #expect(refused.exitCode == 1)
    #expect(
      refused.standardError
        == "error: precision bfloat16: libtorch cannot compute in it on this cpu; float32 or auto is wanted\n")
    let fast = try TinyTraining.run(arguments + ["--output", path("fast")])
    #expect(fast.exitCode == 0 && !fast.standardError.contains("warning: "), "\(fast.standardError)")
  }

  @Test("--profile shows and writes time and work of the parts of a step and of its operators, which add up")
  func profile() throws {
    let outcome = try TinyTraining.run(
      TinyTraining.arguments(["--steps", "6", "--profile", "--output", path("profiled")]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let rows = outcome.standardError.split(separator: "\n").map(String.init)
    for (title, least) in [("part of a step", 7), ("operator", 12)] {
      let first = try #require(rows.firstIndex { $0.hasPrefix(title) })
      let table = rows[(first + 2)...].prefix { $0.contains(" %") }
      let shares = table.compactMap { row in
        row.split(separator: "%").first.flatMap { Double($0.split(separator: " ").last ?? "") }
      }
      #expect(shares.count > least && shares.last == 100 && shares.count == table.count)
      #expect(abs(shares.dropLast().reduce(0, +) - 100) < 1, "\(title)")
      #expect(table.last?.hasPrefix("whole step") == true)
    }

    let text = try String(contentsOfFile: path("profiled") + "/profile.json", encoding: .utf8)
    let profile = try JSON(parsing: text, file: "profile.json")
    #expect(profile["steps"]?.int == 3 && profile["threads"]?.int == 1 && profile["device"]?.string == "cpu")
    #expect((profile["peak"]?["bytes"]?.double ?? 0) > 0 && (profile["peak"]?["float32"]?.double ?? 0) > 0)
    let (parts, operators) = (profile["parts"]?.array ?? [], profile["operators"]?.array ?? [])
    func sum(_ key: String, _ rows: [JSON]) -> Double { rows.reduce(0) { $0 + ($1[key]?.double ?? .nan) } }
    for key in ["seconds", "flops", "bytes", "floorSeconds"] {
      let whole = try #require(profile["step"]?[key]?.double)
      #expect(whole > 0 && abs(sum(key, parts) - whole) <= 1e-6 * whole, "\(key)")
      let ofOperators = sum(key, operators)
      #expect(key == "seconds" ? ofOperators < whole : abs(ofOperators - whole) <= 1e-6 * whole, "\(key)")
    }
    let names = Set(operators.compactMap { $0["name"]?.string })
    #expect(names.isSuperset(of: ["convolution", "convolution_backward", "roi_align", "roi_align_backward"]))
  }

  @Test("the first signal saves and stops with 130 and tells how to go on", arguments: [SIGINT, SIGTERM])
  func signal(number: Int32) throws {
    // Long enough that no machine finishes it before the signal comes.
    let arguments = TinyTraining.arguments(["--steps", "100000", "--output", path("run")])
    let running = try RunningProgram(TinyTraining.program, arguments, errors: path("errors.txt"))
    #expect(running.waitForFile(path("run") + "/metrics.jsonl"))
    running.send(number)
    let outcome = try running.wait()
    #expect(outcome.exitCode == 130)
    let last = outcome.standardError.split(separator: "\n").last ?? ""
    #expect(last.hasPrefix("stopped after step ") && last.hasSuffix("and saved; go on with --resume \(path("run"))"))
    #expect(Folder.hasFile(path("run") + "/checkpoints/last.safetensors"))
  }

  @Test("a run leaves every file of its folder, and a second run into it is refused")
  func runFolder() throws {
    let arguments = TinyTraining.arguments([
      "--validation", TinyTraining.labels, "--validation-images", TinyTraining.images, "--test", TinyTraining.labels,
      "--test-images", TinyTraining.images, "--steps", "4", "--output", path("run"),
    ])
    let outcome = try TinyTraining.run(arguments)
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    for name in [
      "settings.yaml", "command.txt", "versions.json", "metrics.csv", "metrics.jsonl", "log.txt", "skipped.json",
      "report.html", "summary.json", "checkpoints/last.safetensors", "checkpoints/best.safetensors",
    ] { #expect(Folder.hasFile(path("run") + "/" + name), "\(name)") }
    let summary = try JSON(
      parsing: String(contentsOfFile: path("run") + "/summary.json", encoding: .utf8), file: "summary.json")
    #expect(summary["method"]?.string == "supervised" && summary["steps"]?.int == 4 && summary["imagesSeen"]?.int == 12)
    let judged = [summary["metrics"]?["validation"]?["student"], summary["metrics"]?["test"]]
    for figures in judged { #expect(figures?["AP"]?.double.map { (0...1).contains($0) } == true) }
    let skipped = try JSON(
      parsing: String(contentsOfFile: path("run") + "/skipped.json", encoding: .utf8), file: "skipped.json")
    #expect(skipped.array?.isEmpty == true)
    let rows = try String(contentsOfFile: path("run") + "/metrics.csv", encoding: .utf8).split(separator: "\n")
    #expect(
      rows[0].hasPrefix("step,epoch,imagesSeen,loss,loss_classifier,loss_box_reg,loss_objectness,loss_rpn_box_reg"))

    let before = try weights("run")
    let again = try TinyTraining.run(arguments)
    #expect(again.exitCode == 1)
    #expect(
      again.standardError
        == "error: \(path("run")): the output folder is not empty; continue it with --resume, or choose another\n")
    #expect(try weights("run") == before)
  }

  @Test("a run without held-out images ends too, with its last weights")
  func withoutHeldOut() throws {
    let outcome = try TinyTraining.run(TinyTraining.arguments(["--steps", "2", "--output", path("run")]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let summary = try JSON(
      parsing: String(contentsOfFile: path("run") + "/summary.json", encoding: .utf8), file: "summary.json")
    #expect(summary["selectedBy"]?.string == "last step" && summary["step"]?.int == 2)
  }

  @Test("a dry run shows the plan, takes a step, evaluates, saves, resumes, and leaves nothing behind")
  func dryRun() throws {
    let outcome = try TinyTraining.run(
      long("run", ["--dry-run"]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    for text in [
      "24 steps of 3 images: 72 images, 8 epochs of 3 steps", "one step: loss_classifier ",
      "one evaluation of student: AP ", "one save: ", "one resume: the weights came back equal",
    ] { #expect(outcome.standardOutput.contains(text), "\(text)") }
    #expect(!Folder.hasAnything(at: path("run")))
  }

  @Test("--explain shows settings that give the same settings, and trains nothing")
  func explain() throws {
    let outcome = try TinyTraining.run(long("run", ["--explain"]))
    #expect(outcome.exitCode == 0 && outcome.standardOutput.contains("pyramid_width: 32\n"))
    let recipe = try folder.write(outcome.standardOutput, to: "recipe.yaml")
    let again = try TinyTraining.run([
      "--labeled", TinyTraining.labels, "--labeled-images", TinyTraining.images, "--validation", TinyTraining.labels,
      "--validation-images", TinyTraining.images, "--threads", "1", "--recipe", recipe, "--explain",
    ])
    #expect(again.standardOutput == outcome.standardOutput)
    #expect(!Folder.hasAnything(at: path("run")))
  }

  @Test("--overfit judges on the few images it trains on")
  func overfit() throws {
    let outcome = try TinyTraining.run(
      TinyTraining.arguments(["--overfit", "2", "--steps", "3", "--output", path("run")]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardError.contains("overfitting 2 images: judged on the images it is trained on"))
    #expect(outcome.standardError.contains("step 3: validation student: AP "))
  }

  @Test(
    "lists of methods and recipes", arguments: [("--list-methods", "supervised "), ("--list-recipes", "bccd-small ")])
  func lists(flag: String, wanted: String) throws {
    let outcome = try TinyTraining.run([flag])
    #expect(outcome.exitCode == 0 && outcome.standardOutput.contains(wanted) && outcome.standardError.isEmpty)
  }

  @Test(
    "a wrong command line exits with 64 and says what may be meant",
    arguments: [
      (["--labeled", "x", "--labeld-images", "y"], "Did you mean '--labeled-images'?"),
      (["--labeled", "x", "--stepps", "5"], "Did you mean '--steps'?"),
      (["--labeled", "x", "--steps", "0"], "--steps 0: a number of 1 or more is wanted"),
      (["--labeled", "x", "--steps", "many"], "'many' is invalid for '--steps"),
      (["--labeled", "x", "--device", "gpu"], "--device gpu: cpu, cuda or cuda:N is wanted"),
      (["--labeled", "x", "--workers", "-1"], "--workers"),
      (["--labeled", "x", "--method", "supervisd"], "there is supervised, self-training, mean-teacher,"),
      (["--labeled", "x", "--replace-predictor"], "--replace-predictor wants --weights"),
      (["--validation-list", "x"], "want --validation beside them"),
      (["--steps", "5", "--validation", "x"], "--labeled SRC is wanted"),
      (["--resume", "x", "--dry-run"], "--resume takes everything from the run's folder"),
      (["--resume", "x", "--labeled", "y"], "--resume takes everything from the run's folder"),
    ])
  func wrongCommandLine(arguments: [String], wanted: String) throws {
    let outcome = try TinyTraining.run(arguments)
    #expect(outcome.exitCode == 64 && outcome.standardOutput.isEmpty)
    #expect(outcome.standardError.contains(wanted), "\(outcome.standardError)")
  }
}
