import Documents
import Foundation
import TestSupport
import Testing

/// `detect-train --audit` and what is counted of pseudo-boxes, on the eight images of `annotations/tiny`: three are labelled,
/// two held out, three left to be audited.
@Suite("detect-train --audit", .serialized)
struct AuditTrainTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func list(_ names: [String], _ file: String) throws -> String {
    try folder.write(names.map { $0 + "\n" }.joined(), to: file)
  }

  /// One labelled and two unlabelled images a step; every box passes.
  private func arguments(
    method: String = "soft-teacher",
    thresholds: String = "candidate_score: 0.1, proposal_score: 0.1, class_score: 0.1, box_uncertainty: 1",
    set assignments: [String] = [], validated: Bool = true, _ more: [String] = []
  ) throws -> [String] {
    let recipe = try folder.write("method: {name: \(method)}\n", to: "\(method).yaml")
    let own = [
      "method.labeled_images=1", "method.unlabeled_images=2",
      "method.thresholds={\(thresholds)}", "trainer.steps=16", "trainer.save_every=3", "trainer.evaluate_every=4",
      "trainer.sheet_every=4",
    ]
    // Self-training takes fixed numbers, and knows no others.
    let batches = method == "self-training" ? [] : ["method.batches.composition=fixed"]
    let validation = [
      "--validation", TinyTraining.labels, "--validation-images", TinyTraining.images, "--validation-list",
      try list(["000007", "000008"], "validation.txt"), "--exclude-held-out",
    ]
    return TinyTraining.arguments(
      set: own + batches + assignments,
      [
        "--recipe", recipe, "--labeled-list", try list(["000001", "000002", "000003"], "labeled.txt"), "--unlabeled",
        TinyTraining.images,
      ] + (validated ? validation : []) + more)
  }

  private var audit: [String] { ["--audit", TinyTraining.labels, "--audit-images", TinyTraining.images] }

  private func run(_ name: String, _ arguments: [String]) throws -> String {
    let outcome = try TinyTraining.run(arguments + ["--output", path(name)])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    return outcome.standardError
  }

  private func digest(_ run: String, _ file: String) throws -> String {
    try SHA256.hexDigest(ofFile: path(run) + "/" + file)
  }

  private func text(_ run: String, _ file: String) throws -> String {
    try String(contentsOfFile: path(run) + "/" + file, encoding: .utf8)
  }

  @Test("the training is the same to the bit with and without it, and what is measured stands in files, log and report")
  func changesNothing() throws {
    _ = try run("without", arguments())
    let said = try run("with", arguments(audit))
    #expect(said.contains("audit: 3 of 3 unlabelled images, "))
    for file in ["last", "best"] {
      let name = "checkpoints/\(file).safetensors"
      #expect(try digest("with", name) == digest("without", name), "\(file)")
    }
    #expect(try digest("with", "pseudo-boxes.json") == digest("without", "pseudo-boxes.json"))

    let looks = try #require(JSON(contentsOf: path("with") + "/audit.json")["looks"]?.array)
    #expect(looks.compactMap { $0["step"]?.int } == [4, 8, 12, 16])
    #expect(looks.allSatisfy { $0["images"]?.int == 8 && ($0["background"]?["regions"]?.int ?? 0) > 0 })
    let counted = try #require(JSON(contentsOf: path("with") + "/pseudo-boxes.json")["looks"]?.array)
    // With every image covered, an audit has as many boxes as were counted, but those over crowds and difficult objects.
    for (look, count) in zip(looks, counted) {
      let passed = count["classes"]?.object?.members.reduce(0) { $0 + ($1.value.int ?? 0) } ?? 0
      let kept = look["classes"]?["kept"]?.int ?? -1
      #expect(kept > 0 && kept <= passed, "\(kept) of \(passed)")
      #expect((look["proposals"]?["right"]?.int ?? -1) >= (look["classes"]?["right"]?.int ?? 0))
    }
    #expect(said.contains("step 16: audit of 8 unlabelled images: proposals: "))
    let header = try #require(text("with", "metrics.csv").split(separator: "\n").first)
    for column in ["pseudoBoxes.disc", "audit.classes.precision", "audit.background.wrongWeight"] {
      #expect(header.split(separator: ",").contains(Substring(column)), "\(column)")
    }
    let advice = try JSON(contentsOf: path("with") + "/thresholds.json")
    #expect(advice["from"]?.string == "audit" && advice["model"]?.string == "teacher" && advice["images"]?.int == 3)
    #expect(advice["all"]?.array?.map { $0["score"]?.double } == [0.5, 0.7, 0.9])
    #expect(said.contains(", \(advice["all"]?.array?.first?["objects"]?.int ?? 0) hidden objects"))
    let report = try text("with", "report.html")
    for part in [
      "Pseudo-boxes beside labels", "Audit: pseudo-boxes against hidden labels", "Wrong background",
      "in 3 audited unlabelled images, by their hidden labels",
    ] { #expect(report.contains(part), "\(part)") }
    let other = try text("without", "report.html")
    #expect(!other.contains("Audit: ") && other.contains("in 2 validation images, as there is no audit"))
  }

  @Test("killed twice and resumed, a run has counted and measured the same as one that was not")
  func resumed() throws {
    _ = try run("straight", arguments(audit))
    let killed = try RunningProgram(
      TinyTraining.program, arguments(audit) + ["--output", path("killed")], errors: path("errors.txt"))
    #expect(killed.waitForFile(path("killed") + "/checkpoints/resume-3.safetensors"))
    killed.send(SIGKILL)
    _ = try killed.wait()
    // A look after the checkpoint is made again; one that a stop has left open is taken back.
    let again = try RunningProgram(TinyTraining.program, ["--resume", path("killed")], errors: path("errors.txt"))
    #expect(again.waitForFile(path("killed") + "/checkpoints/resume-6.safetensors"))
    again.send(SIGTERM)
    _ = try again.wait()
    let outcome = try TinyTraining.run(["--resume", path("killed")])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    for file in ["pseudo-boxes.json", "audit.json", "thresholds.json", "checkpoints/last.safetensors"] {
      #expect(try digest("straight", file) == digest("killed", file), "\(file)")
    }
  }

  @Test("without validation images counts are made at contact sheets and at the end")
  func withoutEvaluations() throws {
    _ = try run(
      "run", arguments(set: ["trainer.evaluate_every=0", "trainer.sheet_every=5", "trainer.steps=7"], validated: false))
    let looks = try JSON(contentsOf: path("run") + "/pseudo-boxes.json")["looks"]?.array
    #expect(looks?.compactMap { $0["step"]?.int } == [5, 7] && looks?.compactMap { $0["images"]?.int } == [10, 4])
    #expect(!Folder.hasFile(path("run") + "/thresholds.json"))
  }

  @Test("self-training measures what its teacher has labelled, once")
  func selfTraining() throws {
    _ = try run(
      "run",
      arguments(
        method: "self-training", thresholds: "class_score: 0.02",
        set: ["trainer.steps=4", "model.regions.score_threshold=0.01"], audit))
    let audited = try JSON(contentsOf: path("run") + "/audit.json")["looks"]?.array ?? []
    let labels = try JSON(contentsOf: path("run") + "/pseudo-labels.json")["annotations"]?.array ?? []
    #expect(audited.count == 1 && audited[0]["images"]?.int == 3)
    #expect(labels.count > 0 && (audited[0]["classes"]?["kept"]?.int ?? 0) > 0)
    let counted = try JSON(contentsOf: path("run") + "/pseudo-boxes.json")["looks"]?.array?.first
    #expect(counted?["classes"]?.object?.members.reduce(0) { $0 + ($1.value.int ?? 0) } == labels.count)
    #expect(try text("run", "report.html").contains("unlabelled images before the first step"))
  }

  @Test("labels of other images, of other classes, or for a method that learns from labels alone are refused")
  func badInput() throws {
    let own = try TinyTraining.labels(replacing: #""name":"disc""#, with: #""name":"disk""#, in: folder)
    let first = ["--audit-list", try list(["000001"], "first.txt")]
    let cases: [([String], String)] = try [
      (
        arguments(audit + first),
        "\(TinyTraining.labels): has labels of 0 of 3 unlabelled images, it lacks 000004.jpg: --audit wants the labels of"
      ),
      (
        arguments(["--audit", own, "--audit-images", TinyTraining.images]),
        "\(own): its class 'disk' is not among the classes"
      ),
      (arguments(["--audit", path("nowhere.json")]), path("nowhere.json")),
      (
        TinyTraining.arguments(audit),
        "--audit \(TinyTraining.labels): the method learns from no unlabelled images to be audited"
      ),
    ]
    for (arguments, wanted) in cases {
      let outcome = try TinyTraining.run(arguments + ["--output", path("bad")])
      let lines = outcome.standardError.split(separator: "\n")
      #expect(outcome.exitCode == 1 && lines.count == 1 && lines[0].hasPrefix("error: "), "\(lines)")
      #expect(outcome.standardError.contains(wanted), "\(outcome.standardError)")
      #expect(!Folder.hasAnything(at: path("bad") + "/settings.yaml"))
    }
    let alone = try TinyTraining.run(arguments(["--audit-list", path("first.txt")]))
    #expect(alone.exitCode == 64 && alone.standardError.contains("want --audit beside them"))
  }

  @Test("labels of a part of the images audit that part, and the rest is counted")
  func part() throws {
    let some = ["--audit-list", try list(["000004", "000006"], "some.txt")]
    let said = try run("run", arguments(set: ["trainer.steps=4"], audit + some))
    #expect(said.contains("audit: 2 of 3 unlabelled images, "))
    #expect(said.contains("the others, such as 000005.jpg, are not audited"))
    let look = try JSON(contentsOf: path("run") + "/audit.json")["looks"]?.array?.last
    #expect((1...7).contains(look?["images"]?.int ?? 0), "of eight that were seen")
  }
}
