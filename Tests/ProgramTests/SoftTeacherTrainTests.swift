import Documents
import Foundation
import TestSupport
import Testing

/// `detect-train --method soft-teacher` on the eight images of `annotations/tiny`, the first three with their labels.
@Suite("detect-train --method soft-teacher", .serialized)
struct SoftTeacherTrainTests {
  private let folder: ScratchFolder
  private var output: String { path("run") }

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func list(_ names: [String], _ file: String) throws -> String {
    try folder.write(names.map { $0 + "\n" }.joined(), to: file)
  }

  /// One labelled and two unlabelled images a step; every box passes. `assignments` are laid over that.
  private func arguments(
    labels: String = TinyTraining.labels, labeled: [String] = ["000001", "000002", "000003"],
    unlabeled: String? = TinyTraining.images, set assignments: [String] = [], _ more: [String] = []
  ) throws -> [String] {
    let recipe = try folder.write("method: {name: soft-teacher}\n", to: "recipe.yaml")
    let own = [
      // At the usual rate one seed of twelve diverges on so few images.
      "method.labeled_images=1", "method.unlabeled_images=2", "method.memory_images=60",
      "optimizer.learning_rate=0.002",
      "method.thresholds={candidate_score: 0.1, proposal_score: 0.1, class_score: 0.1, box_uncertainty: 1}",
    ]
    return TinyTraining.arguments(
      labels: labels, set: own + assignments,
      ["--recipe", recipe, "--labeled-list", try list(labeled, "labeled.txt")]
        + (unlabeled.map { ["--unlabeled", $0] } ?? []) + more)
  }

  private var validation: [String] {
    get throws {
      [
        "--validation", TinyTraining.labels, "--validation-images", TinyTraining.images, "--validation-list",
        try list(["000007", "000008"], "validation.txt"), "--exclude-held-out",
      ]
    }
  }

  private func digest(_ run: String, _ file: String) throws -> String {
    try SHA256.hexDigest(ofFile: path(run) + "/" + file)
  }

  /// Expects one line `error: …` that holds `wanted`, exit code 1, and no run.
  private func expectError(
    _ arguments: [String], _ wanted: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try TinyTraining.run(arguments + ["--output", output])
    #expect(outcome.exitCode == 1, sourceLocation: sourceLocation)
    let lines = outcome.standardError.split(separator: "\n")
    #expect(lines.count == 1 && lines[0].hasPrefix("error: "), "\(lines)", sourceLocation: sourceLocation)
    #expect(outcome.standardError.contains(wanted), "\(outcome.standardError)", sourceLocation: sourceLocation)
    #expect(!Folder.hasAnything(at: output + "/settings.yaml"), sourceLocation: sourceLocation)
  }

  @Test("killed in its burn-in and after it, a run ends as one that was not: weights, contact sheets, summary")
  func killAndResume() throws {
    let set = [
      "method.burn_in_images=15", "trainer.steps=16", "trainer.save_every=4", "trainer.evaluate_every=5",
      "trainer.sheet_every=4",
    ]
    func run(_ name: String) throws -> [String] {
      try arguments(set: set, validation + ["--output", path(name)])
    }
    let straight = try TinyTraining.run(run("straight"))
    #expect(straight.exitCode == 0, "\(straight.standardError)")
    for (text, count) in [("also labelled", 3), ("also held out", 2)] {
      #expect(straight.standardError.contains("unlabeled: left out: \(count) images that are \(text)"))
    }

    let killed = try RunningProgram(TinyTraining.program, run("killed"), errors: path("errors.txt"))
    #expect(killed.waitForFile(path("killed") + "/checkpoints/resume-4.safetensors"))
    killed.send(SIGKILL)
    _ = try killed.wait()
    let again = try RunningProgram(TinyTraining.program, ["--resume", path("killed")], errors: path("errors.txt"))
    #expect(again.waitForFile(path("killed") + "/pictures/pseudo-boxes-000008.jpg"))
    again.send(SIGKILL)
    _ = try again.wait()
    let resumed = try TinyTraining.run(["--resume", path("killed")])
    #expect(resumed.exitCode == 0, "\(resumed.standardError)")
    for file in [
      "checkpoints/last.safetensors", "checkpoints/best.safetensors", "pictures/pseudo-boxes-000008.jpg",
      "pictures/pseudo-boxes-000016.jpg",
    ] { #expect(try digest("straight", file) == digest("killed", file), "\(file)") }
    // No sheet while only labels were learnt.
    #expect(!Folder.hasFile(path("straight") + "/pictures/pseudo-boxes-000004.jpg"))
    let report = try String(contentsOfFile: path("straight") + "/report.html", encoding: .utf8)
    #expect(report.contains("What the teacher passed on") && report.contains("Pseudo-boxes an unlabelled image"))
    let summary = try JSON(
      parsing: String(contentsOfFile: path("straight") + "/summary.json", encoding: .utf8), file: "summary.json")
    #expect(summary["selectedBy"]?.string == "validation.teacher.AP" && summary["imagesSeen"]?.int == 48)
    #expect(summary["metrics"]?["validation"]?.object?.keys.sorted() == ["student", "teacher"])
  }

  @Test("with strong views changed on the device it trains, and resumes to the same bits")
  func onDevice() throws {
    func run(_ name: String) throws -> [String] {
      try arguments(
        set: ["views.on_device=true", "trainer.save_every=4", "trainer.sheet_every=4"],
        ["--steps", "12", "--output", path(name)])
    }
    let straight = try TinyTraining.run(run("straight"))
    #expect(straight.exitCode == 0, "\(straight.standardError)")
    let killed = try RunningProgram(TinyTraining.program, run("killed"), errors: path("errors.txt"))
    #expect(killed.waitForFile(path("killed") + "/checkpoints/resume-4.safetensors"))
    killed.send(SIGKILL)
    _ = try killed.wait()
    let resumed = try TinyTraining.run(["--resume", path("killed")])
    #expect(resumed.exitCode == 0, "\(resumed.standardError)")
    for file in ["checkpoints/last.safetensors", "pictures/pseudo-boxes-000012.jpg"] {
      #expect(try digest("straight", file) == digest("killed", file), "\(file)")
    }
  }

  @Test("a run killed before its first checkpoint begins anew when it is resumed")
  func killedEarly() throws {
    let set = ["trainer.save_every=100"]
    let straight = try TinyTraining.run(arguments(set: set, ["--steps", "6", "--output", path("straight")]))
    #expect(straight.exitCode == 0, "\(straight.standardError)")
    let killed = try RunningProgram(
      TinyTraining.program, arguments(set: set, ["--steps", "6", "--output", path("killed")]),
      errors: path("errors.txt"))
    #expect(killed.waitForFile(path("killed") + "/metrics.jsonl"))
    killed.send(SIGKILL)
    _ = try killed.wait()
    let resumed = try TinyTraining.run(["--resume", path("killed")])
    #expect(resumed.exitCode == 0, "\(resumed.standardError)")
    #expect(try digest("straight", "checkpoints/last.safetensors") == digest("killed", "checkpoints/last.safetensors"))
  }

  @Test("finished runs are put side by side; one that is not finished is named")
  func compare() throws {
    let more = try validation + ["--steps", "2"]
    for (name, arguments) in [
      ("supervised", TinyTraining.arguments(more.filter { $0 != "--exclude-held-out" })),
      ("soft", try arguments(more)),
    ] {
      let outcome = try TinyTraining.run(arguments + ["--output", path(name)])
      #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    }
    let outcome = try TinyTraining.run(["--compare", path("supervised"), path("soft"), "--output", path("both")])
    #expect(outcome.exitCode == 0 && outcome.standardOutput.contains("soft-teacher"), "\(outcome.standardError)")
    let json = try JSON(
      parsing: String(contentsOfFile: path("both") + "/comparison.json", encoding: .utf8), file: "comparison.json")
    #expect(json.array?.map { $0["method"]?.string } == ["supervised", "soft-teacher"])
    let page = try String(contentsOfFile: path("both") + "/comparison.html", encoding: .utf8)
    #expect(page.components(separatedBy: "data:image/jpeg").count == 3 && page.contains("found by soft-teacher"))
    try FileManager.default.removeItem(atPath: path("soft") + "/summary.json")
    let refused = try TinyTraining.run(["--compare", path("supervised"), path("soft"), "--output", path("other")])
    #expect(refused.exitCode == 1)
    #expect(
      refused.standardError == "error: \(path("soft")): the run has not come to its end; go on with --resume "
        + "\(path("soft"))\n")
  }

  @Test("unlabelled images that are missing, none, or held out end the run before it begins")
  func unlabeled() throws {
    try expectError(arguments(unlabeled: nil), "learns from unlabelled images: --unlabeled PATH is wanted")
    try FileManager.default.createDirectory(atPath: path("empty"), withIntermediateDirectories: true)
    try expectError(
      arguments(unlabeled: path("empty")), "\(path("empty")): no image to use: no JPEG or PNG file is there")
    try expectError(arguments(unlabeled: path("nowhere")), "nowhere")
    try expectError(arguments(unlabeled: path("*.jpg")), "*.jpg")
    let same = try list(["000001.jpg", "000003.jpg"], "same.txt")
    try expectError(
      arguments(unlabeled: same, ["--unlabeled-images", TinyTraining.images]),
      "all of its images are also labelled or held out")
    try expectError(
      arguments(set: ["method.burn_in_ap=0.2", "method.burn_in_images=100"]),
      "method.burn_in_ap wants --validation SRC and trainer.evaluate_every above 0")
    try expectError(arguments(set: ["method.burn_in_ap=0.2"]), "'method.burn_in_ap'")
    let heldOut = try validation.filter { $0 != "--exclude-held-out" }
    try expectError(
      arguments(heldOut),
      "2 unlabelled images are also held out, such as 000007.jpg; --exclude-held-out leaves them out")
  }

  @Test("one labelled and one unlabelled image, fewer than a batch, of different orientation, train")
  func tinySets() throws {
    let images = try TinyTraining.copyOfImages(in: folder)
    let sizes = ["000001", "000004"].map { "\(images)/\($0).jpg" }
    let one = try list([sizes[1]], "one.txt")
    for grouped in ["true", "false"] {
      let outcome = try TinyTraining.run(
        arguments(
          labeled: ["000001"], unlabeled: one,
          set: ["method.labeled_images=3", "method.unlabeled_images=4", "views.group_by_orientation=\(grouped)"],
          ["--steps", "3", "--output", path(grouped)]))
      #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    }
  }

  @Test("unlabelled images of a JSON file are used whatever its labels say")
  func labelsAreNotRead() throws {
    let wrong = try TinyTraining.labels(replacing: "[96,49,32,38]", with: "[96,49,-32,38]", in: folder)
    let outcome = try TinyTraining.run(
      arguments(
        unlabeled: wrong, ["--unlabeled-images", TinyTraining.images, "--steps", "2", "--output", output]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardError.contains("unlabeled: 5 images"))
  }

  @Test("a class that no labelled image shows, and images without objects, are said and train")
  func classWithoutLabels() throws {
    let json = try String(contentsOfFile: TinyTraining.labels, encoding: .utf8)
    let labels = try folder.write(
      json.replacingOccurrences(of: #""image_id":2,"#, with: #""image_id":5,"#), to: "labels.json")
    let outcome = try TinyTraining.run(
      arguments(labels: labels, set: ["labels.keep_empty_images=true"], ["--steps", "2", "--output", output]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    for line in [
      "labeled: 3 images; objects: disc 0, ", "labeled: no object of disc, ring: a class that is never shown",
    ] {
      #expect(outcome.standardError.contains(line), "\(outcome.standardError)")
    }
  }

  @Test("damaged files among the unlabelled are replaced, and all of them are listed")
  func damaged() throws {
    let images = try TinyTraining.copyOfImages(in: folder)
    try Data("no image".utf8).write(to: URL(fileURLWithPath: images + "/000004.jpg"))
    try TinyTraining.truncate(images + "/000006.jpg", toShare: 0.7)
    try Data().write(to: URL(fileURLWithPath: images + "/000008.jpg"))
    let outcome = try TinyTraining.run(arguments(unlabeled: images, ["--steps", "6", "--output", output]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let listed = try JSON(
      parsing: String(contentsOfFile: output + "/skipped.json", encoding: .utf8), file: "skipped.json")
    let names = (listed.array ?? []).compactMap { $0["image"]?.string }
    #expect(names == ["4", "6", "8"].map { "\(images)/00000\($0).jpg" })
  }

  /// Whether this machine lets a program mount a small file system of its own.
  private static let canMount: Bool = {
    let outcome = try? Program(path: "/usr/bin/unshare").run(["-rm", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"])
    return outcome?.exitCode == 0
  }()

  @Test(
    "a disk that is full at the second checkpoint: one line, and the first one goes on as if nothing had been",
    .enabled(if: canMount, "this machine does not let a program mount a file system"))
  func fullDisk() throws {
    let set = ["trainer.save_every=2"]
    let straight = try TinyTraining.run(arguments(set: set, ["--steps", "5", "--output", path("straight")]))
    #expect(straight.exitCode == 0, "\(straight.standardError)")
    let sizes = try ["last.safetensors", "resume-5.safetensors"].map {
      try Data(contentsOf: URL(fileURLWithPath: path("straight") + "/checkpoints/" + $0)).count
    }
    // Room for one checkpoint, and half of what the next one writes first.
    let room = sizes[0] + sizes[1] + sizes[1] / 2
    try FileManager.default.createDirectory(atPath: path("disk"), withIntermediateDirectories: true)
    let command = try arguments(set: set, ["--steps", "5", "--output", path("disk") + "/run"])
    let script =
      "mount -t tmpfs -o size=\(room) none \"$1\" && shift && \"$@\"; code=$?; cp -r \(path("disk"))/run "
      + "\(path("saved")); exit $code"
    let full = try Program(path: "/usr/bin/unshare").run(
      ["-rm", "sh", "-c", script, "sh", path("disk"), TinyTraining.program.path] + command)
    #expect(full.exitCode == 1, "\(full.standardError)")
    let last = full.standardError.split(separator: "\n").last ?? ""
    #expect(last.hasPrefix("error: \(path("disk"))/run/checkpoints/") && last.contains("No space left"), "\(last)")
    let resumed = try TinyTraining.run(["--resume", path("saved")])
    #expect(resumed.exitCode == 0 && resumed.standardError.contains("after step 2"), "\(resumed.standardError)")
    #expect(try digest("straight", "checkpoints/last.safetensors") == digest("saved", "checkpoints/last.safetensors"))
  }

  @Test("weights that grow beyond all numbers end the run with one line, images named, its last checkpoint readable")
  func diverges() throws {
    let outcome = try TinyTraining.run(
      arguments(
        set: ["optimizer.learning_rate=1e30", "optimizer.warmup_images=0", "trainer.save_every=1"],
        ["--steps", "20", "--output", output]))
    #expect(outcome.exitCode == 1)
    let last = outcome.standardError.split(separator: "\n").last ?? ""
    #expect(last.hasPrefix("error: step ") && last.contains("is no longer finite") && last.contains("(images: 00000"))
    let predict = try Program(named: "predict").run([
      "detect", "--checkpoint", output, "--images", TinyTraining.images, "--output", path("found"),
    ])
    #expect(predict.exitCode == 0, "\(predict.standardError)")
  }
}
