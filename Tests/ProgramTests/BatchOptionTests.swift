import Documents
import Foundation
import TestSupport
import Testing

@Suite("detect-train --batch", .serialized)
struct BatchOptionTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  /// Four steps of a recipe with three images a step, of the small network.
  private func arguments(_ output: String, set assignments: [String] = [], _ more: [String]) throws -> [String] {
    let recipe = try folder.write("method: {name: supervised, labeled_images: 3}\n", to: "recipe.yaml")
    return TinyTraining.arguments(
      settings: TinyTraining.settings.filter { !$0.hasPrefix("method.") }, set: assignments,
      ["--recipe", recipe, "--steps", "4", "--output", path(output)] + more)
  }

  /// Soft Teacher with one labelled and two unlabelled images a step; three of the eight images are labelled.
  private func softTeacher(_ output: String, _ more: [String]) throws -> [String] {
    let recipe = try folder.write(
      "method: {name: soft-teacher, labeled_images: 1, unlabeled_images: 2}\n", to: "recipe.yaml")
    let list = try folder.write("000001\n000002\n000003\n", to: "labeled.txt")
    return TinyTraining.arguments(
      settings: TinyTraining.settings.filter { !$0.hasPrefix("method.") },
      [
        "--recipe", recipe, "--labeled-list", list, "--unlabeled", TinyTraining.images, "--steps", "2", "--output",
        path(output),
      ] + more)
  }

  private func weights(_ run: String) throws -> String {
    try SHA256.hexDigest(ofFile: path(run) + "/checkpoints/last.safetensors")
  }

  private func settings(_ run: String) throws -> String {
    try String(contentsOfFile: path(run) + "/settings.yaml", encoding: .utf8)
  }

  private func summary(_ run: String) throws -> JSON {
    try JSON(parsing: String(contentsOfFile: path(run) + "/summary.json", encoding: .utf8), file: "summary.json")
  }

  @Test("N images a step are trained on, kept in the settings, and said beside the recipe's")
  func number() throws {
    let outcome = try TinyTraining.run(arguments("run", ["--batch", "5"]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(
      outcome.standardError.contains(
        "batch: 5 images a step, the recipe has 3; 4 steps see 20 images in place of 12 (--steps 2 sees as many); the learning"
          + " rate stays 0.02 (the linear scaling rule takes 0.03333: --set optimizer.learning_rate=0.03333)\n"))
    #expect(try settings("run").contains("labeled_images: 5\n"))
    #expect(try settings("run").contains("recipe_step_images: 3\n"))
    #expect(try summary("run")["imagesSeen"]?.int == 20)
  }

  @Test("the recipe's own number changes nothing and says nothing")
  func same() throws {
    for (name, more) in [("plain", []), ("given", ["--batch", "3"])] {
      let outcome = try TinyTraining.run(arguments(name, more))
      #expect(outcome.exitCode == 0 && !outcome.standardError.contains("batch:"), "\(outcome.standardError)")
    }
    #expect(try weights("plain") == weights("given"))
  }

  @Test("a run with another batch that is stopped goes on with the same one, to the bit")
  func resumed() throws {
    let more = ["--batch", "4", "--set", "trainer.save_every=2"]
    try #require(TinyTraining.run(arguments("straight", more + ["--steps", "40"])).exitCode == 0)
    let killed = try RunningProgram(
      TinyTraining.program, arguments("killed", more + ["--steps", "40"]), errors: path("errors.txt"))
    #expect(killed.waitForFile(path("killed") + "/checkpoints/last.safetensors"))
    killed.send(SIGKILL)
    #expect(try killed.wait().exitCode == 128 + SIGKILL)
    let outcome = try TinyTraining.run(["--resume", path("killed")])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(try weights("killed") == weights("straight"))
  }

  @Test("Soft Teacher shares the images in its recipe's ratio, and names the nearest numbers where it cannot")
  func ratio() throws {
    let refused = try TinyTraining.run(softTeacher("refused", ["--batch", "7"]))
    #expect(refused.exitCode == 1)
    #expect(
      refused.standardError
        == "error: --batch 7: a step shares its images 1 labelled to 2 unlabelled, so a multiple of 3 is wanted; the nearest:"
        + " 6 or 9\n")
    #expect(!Folder.hasAnything(at: path("refused")))
    let shared = try TinyTraining.run(softTeacher("shared", ["--batch", "6"]))
    #expect(shared.exitCode == 0, "\(shared.standardError)")
    #expect(shared.standardError.contains("batch: 6 (2 labelled, 4 unlabelled) images a step, the recipe has 3; "))
    #expect(try settings("shared").contains("labeled_images: 2\n"))
    #expect(try settings("shared").contains("unlabeled_images: 4\n"))
  }

  @Test(
    "auto takes as many images as there are where memory allows, shows its figures, and is the same run as that number")
  func auto() throws {
    let outcome = try TinyTraining.run(arguments("auto", ["--batch", "auto"]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let lines = outcome.standardError.split(separator: "\n").filter { $0.hasPrefix("batch auto: ") }
    #expect(lines.count == 2, "\(outcome.standardError)")
    #expect(lines.first?.contains("steps of 1 and 2 images take ") == true)
    #expect(lines.last?.hasPrefix("batch auto: 8 images a step, which take ") == true)
    #expect(lines.last?.hasSuffix("; there are no more images") == true)
    #expect(try TinyTraining.run(arguments("given", ["--batch", "8"])).exitCode == 0)
    #expect(try weights("auto") == weights("given") && settings("auto") == settings("given"))
  }

  @Test("auto measures what Soft Teacher does after its burn-in, too")
  func autoSoftTeacher() throws {
    let outcome = try TinyTraining.run(
      softTeacher("auto", ["--batch", "auto", "--set", "method.burn_in_images=1000", "--explain"]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    // Five images are not labelled: two steps' worth of two.
    #expect(outcome.standardOutput.contains("unlabeled_images: 4\n"), "\(outcome.standardOutput)")
    #expect(outcome.standardOutput.contains("burn_in_images: 1000\n"))
    #expect(!Folder.hasAnything(at: path("auto")))
  }

  @Test(
    "auto finds a number with which the run fits into little memory",
    .enabled(if: ProcessInfo.processInfo.environment["ASAN_OPTIONS"] == nil, "the address sanitizer wants more memory"))
  func autoInLittleMemory() throws {
    let large = ["views.short_side_from=400", "views.short_side_to=400", "views.long_side=600"]
    let limitKiB = 1_000_000
    let wide = try arguments("wide", set: large, ["--precision", "float32", "--batch", "8"])
    #expect(try TinyTraining.run(wide, limitedToKiB: limitKiB).exitCode != 0)
    let fitting = try arguments("fitting", set: large, ["--precision", "float32", "--batch", "auto"])
    let outcome = try TinyTraining.run(fitting, limitedToKiB: limitKiB)
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let seen = try #require(try summary("fitting")["imagesSeen"]?.int)
    #expect((4..<32).contains(seen), "\(outcome.standardError)")
  }

  @Test("auto says what is wrong with the data as a run says it")
  func autoOfBadData() throws {
    let outcome = try TinyTraining.run(["--labeled", "none.json", "--batch", "auto", "--output", path("run")])
    #expect(outcome.exitCode == 1)
    #expect(outcome.standardError == "error: none.json: cannot read: No such file or directory\n")
  }

  @Test(
    "what contradicts --batch, and what is no number, is refused",
    arguments: [
      (["--labeled", "x", "--batch", "0"], "--batch 0: a number of 1 or more, or auto, is wanted"),
      (["--labeled", "x", "--batch", "all"], "--batch all: a number of 1 or more, or auto, is wanted"),
      (
        ["--labeled", "x", "--batch", "4", "--set", "method.labeled_images=2"],
        "--set method.labeled_images=2 contradicts it"
      ),
      (
        ["--labeled", "x", "--batch", "auto", "--set", "method={unlabeled_images: 2}"],
        "--set method={unlabeled_images: 2} contradicts it"
      ),
      (["--batch", "4"], "--batch is for a run on --labeled SRC"),
      (["--resume", "x", "--batch", "4"], "--resume takes everything from the run's folder"),
    ])
  func refused(arguments: [String], wanted: String) throws {
    let outcome = try TinyTraining.run(arguments)
    #expect(outcome.exitCode == 64 && outcome.standardError.contains(wanted), "\(outcome.standardError)")
  }
}
