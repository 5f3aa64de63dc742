import Documents
import Foundation
import TestSupport
import Testing

/// `seg-train` with strong views by RandAugment and CTAugment.
@Suite("seg-train with policies of strong views", .serialized)
struct ViewPolicyTrainTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func arguments(_ policy: String, _ more: [String]) throws -> [String] {
    try TinySegmentTraining.arguments(
      "fixmatch", set: ["views.strong_augmentation.policy=\(policy)", "method.threshold=0.3", "trainer.save_every=2"],
      in: folder, more)
  }

  @Test(
    "FixMatch trains by a policy, killed and resumed as in one go, with any number of threads, and says what it does",
    arguments: ["randaugment", "ctaugment"])
  func trains(policy: String) throws {
    let last = "checkpoints/last.safetensors"
    let steps = ["--steps", "14"]
    let straight = try TinySegmentTraining.run(
      try arguments(policy, steps + ["--workers", "0", "--output", path("straight")]))
    #expect(straight.exitCode == 0, "\(straight.standardError)")
    let running = try RunningProgram(
      TinySegmentTraining.program, try arguments(policy, steps + ["--output", path("killed")]),
      errors: path("errors.txt"))
    #expect(running.waitForFile(path("killed/checkpoints/resume-10.safetensors")))
    running.send(SIGKILL)
    _ = try running.wait()
    let resumed = try TinySegmentTraining.run(["--resume", path("killed")])
    #expect(resumed.exitCode == 0, "\(resumed.standardError)")
    #expect(try SHA256.hexDigest(ofFile: path("killed/" + last)) == SHA256.hexDigest(ofFile: path("straight/" + last)))
    let metrics = try String(contentsOfFile: path("straight/metrics.csv"), encoding: .utf8)
    #expect(metrics.contains("probe_proximity") == (policy == "ctaugment"))

    let explained = try TinySegmentTraining.run(try arguments(policy, ["--explain"]))
    let name = policy == "ctaugment" ? "CTAugment, 2 of 19 operations" : "RandAugment, 2 of 14 operations"
    #expect(explained.standardOutput.contains("# strong views: the weak view of the image, changed further: " + name))
    let rehearsal = try TinySegmentTraining.run(try arguments(policy, ["--dry-run"]))
    #expect(rehearsal.exitCode == 0, "\(rehearsal.standardError)")
  }

  @Test("ST's last stage learns of probes, too; its supervised stages have none")
  func stages() throws {
    let outcome = try TinySegmentTraining.run(
      try TinySegmentTraining.arguments(
        "st",
        set: [
          "views.strong_augmentation.policy=ctaugment",
          "method.labeling={short_side: 48, long_side: 96, scales: [1], mirrored: false}",
        ], in: folder, ["--steps", "3", "--output", path("run")]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    func metrics(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
    #expect(try metrics("run/metrics.csv").contains("probe_proximity"))
    #expect(try !metrics("run/stage-1/metrics.csv").contains("probe_proximity"))
  }
}
