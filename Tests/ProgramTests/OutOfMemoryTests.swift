import Documents
import Foundation
import TestSupport
import Testing

/// Programs whose memory is limited so that libtorch finds none in the middle of their work.
@Suite(
  "programs without enough memory", .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["ASAN_OPTIONS"] == nil, "the address sanitizer wants more memory"))
struct OutOfMemoryTests {
  private let folder: ScratchFolder
  private var output: String { folder.path + "/run" }

  init() throws { folder = try ScratchFolder() }

  /// Three steps of one image; with this seed a small view in the first step, one of nearly 1000 pixels in the second.
  private var arguments: [String] {
    TinyTraining.arguments(
      set: [
        "method.labeled_images=1", "views.short_side_to=1000", "views.long_side=1500", "trainer.save_every=1",
      ], ["--seed", "3", "--workers", "0", "--precision", "float32", "--steps", "3", "--output", output])
  }
  /// Enough for the first step, not for the second.
  private static let limitKiB = 700_000

  @Test(
    "detect-train says in one line what was wanted and what takes less; its checkpoint is whole and is gone on from")
  func training() throws {
    let outcome = try TinyTraining.run(arguments, limitedToKiB: Self.limitKiB)
    #expect(outcome.exitCode == 1)
    let errors = outcome.standardError.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    let line = try #require(errors.first, "\(outcome.standardError)")
    #expect(errors.count == 1 && outcome.standardError.hasSuffix(line + "\n"), "\(outcome.standardError)")
    #expect(
      line.wholeMatch(of: /error: out of memory on cpu: [0-9.]+ MiB more were wanted \(.+\); .+/) != nil, "\(line)")
    for text in [
      "smaller views (--set views.short_side_to=N, now 1000", "--precision bfloat16",
      "while it judges, --set evaluation.batch_size=N (now 4)",
      "the last checkpoint is whole: --resume \(output) goes on from it",
    ] { #expect(line.contains(text), "\(line)") }
    // One image a step cannot become fewer.
    #expect(!line.contains("--batch"))
    #expect(Folder.hasFile(output + "/checkpoints/resume-1.safetensors"))

    let resumed = try TinyTraining.run(["--resume", output])
    #expect(resumed.exitCode == 0, "\(resumed.standardError)")
    #expect(resumed.standardError.contains("resumed \(output) after step 1"))
    #expect(Folder.hasFile(output + "/summary.json"))
  }

  @Test("a run that has saved nothing yet says so, and that fewer images a step take less")
  func nothingSaved() throws {
    let outcome = try TinyTraining.run(
      TinyTraining.arguments(
        set: ["views.short_side_from=1000", "views.short_side_to=1000", "views.long_side=1500"],
        ["--workers", "0", "--precision", "float32", "--steps", "1", "--output", output]), limitedToKiB: Self.limitKiB)
    #expect(outcome.exitCode == 1)
    #expect(
      outcome.standardError.contains(
        "the same step in smaller micro-batches (--micro-batch N, now 3, or --micro-batch auto), fewer images a step"
          + " (--batch N, now 3, or --batch auto)"), "\(outcome.standardError)")
    #expect(outcome.standardError.hasSuffix("; nothing had been saved yet\n"), "\(outcome.standardError)")
  }

  @Test("predict names its own flags")
  func predicting() throws {
    let trained = try TinyTraining.run(TinyTraining.arguments(["--steps", "1", "--output", output]))
    try #require(trained.exitCode == 0, "\(trained.standardError)")
    let program = Program(named: "predict")
    let outcome = try Program(path: "/bin/bash").run([
      "-c", "ulimit -d \(Self.limitKiB) && exec \"$0\" \"$@\"", program.path, "detect", "--checkpoint", output,
      "--images", TinyTraining.images, "--output", folder.path + "/found", "--threads", "1", "--workers", "0",
      "--batch-size", "4", "--short-side", "1500", "--long-side", "2000",
    ])
    #expect(outcome.exitCode == 1)
    let line = outcome.standardError.split(separator: "\n").last ?? ""
    #expect(line.hasPrefix("error: out of memory on cpu: "), "\(outcome.standardError)")
    #expect(
      line.hasSuffix(
        "; less is taken by fewer images at a time (--batch-size, now 4), smaller images (--short-side, now 1500, and"
          + " --long-side, now 2000), --precision bfloat16"), "\(line)")
  }
}
