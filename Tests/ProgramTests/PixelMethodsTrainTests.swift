import Documents
import Foundation
import TestSupport
import Testing

/// Methods of `seg-train` that learn labelled and unlabelled images in each step, from arguments to files.
@Suite("seg-train, methods of pixels", .serialized)
struct PixelMethodsTrainTests {
  /// The trained, judged models of methods that have more than a student.
  private static let models = [
    "mean-teacher": ["teacher", "student"], "cutmix-mean-teacher": ["teacher", "student"],
    "classmix": ["student", "teacher"], "unimatch-v2": ["teacher", "student"], "cps": ["student", "peer"],
    "dual-teacher": ["student", "teacher-1", "teacher-2"],
  ]

  /// All that the program lists but those in stages, and the baseline.
  private static let names: [String] = {
    let listed = (try? TinySegmentTraining.run(["--list-methods"]).standardOutput) ?? ""
    return listed.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
      .filter { !["supervised", "self-training", "st", "st++"].contains($0) }
  }()

  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  @Test("trains by one flag, explains itself, rehearses, and shows what it learnt", arguments: names)
  func trains(method: String) throws {
    let set = ["trainer.sheet_every=2", "trainer.evaluate_every=4"]
    let outcome = try TinySegmentTraining.run(
      try TinySegmentTraining.arguments(method, set: set, in: folder, ["--steps", "8", "--output", path("run")]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let summary = try JSON(contentsOf: path("run/summary.json"))
    #expect(summary["method"]?.string == method)
    for model in Self.models[method, default: ["student"]] {
      let figures = summary["metrics"]?["validation"]?[model]
      #expect(figures?["mIoU"]?.double != nil && figures?["calibrationError"]?.double != nil, "\(model)")
      #expect(figures?["classes"]?.object?.members.contains { $0.value.double != nil } == true, "\(model)")
    }
    let looks = try JSON(contentsOf: path("run/pseudo-pixels.json"))["looks"]?.array ?? []
    #expect(looks.compactMap { $0["step"]?.int } == [4, 8])
    let shares = looks.last?["classes"]?.object?.members.compactMap { $0.value["said"]?.double } ?? []
    #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
    #expect(try Folder.names(in: path("run/pictures")).contains("pseudo-masks-000008.jpg"))
    let report = try String(contentsOfFile: path("run/report.html"), encoding: .utf8)
    #expect(report.contains("Pseudo-labels beside labels"))
    let explained = try TinySegmentTraining.run(
      try TinySegmentTraining.arguments(method, set: set, in: folder, ["--steps", "8", "--explain"]))
    #expect(explained.exitCode == 0 && explained.standardOutput.contains("# learns: "))
    let rehearsal = try TinySegmentTraining.run(
      try TinySegmentTraining.arguments(method, set: set, in: folder, ["--steps", "8", "--dry-run"]))
    #expect(rehearsal.exitCode == 0, "\(rehearsal.standardError)")
  }

  @Test("all methods of the field are listed")
  func listed() {
    let wanted = Set(Self.models.keys).union(["pi-model", "temporal-ensembling", "fixmatch", "pseudo-seg", "unimatch"])
    #expect(wanted.isSubset(of: Self.names))
  }

  @Test("strong views that do not share the weak views' geometry are refused in a line")
  func geometry() throws {
    let outcome = try TinySegmentTraining.run(
      try TinySegmentTraining.arguments(
        "classmix", set: ["views.shares_geometry=false"], in: folder, ["--steps", "2", "--output", path("run")]))
    #expect(outcome.exitCode == 1)
    #expect(outcome.standardError.contains("views.shares_geometry is false, and classmix learns in strong views"))
  }
}
