import Documents
import Foundation
import TestSupport

/// `detect-train` on the eight images of `annotations/tiny`, with a network so small that a step takes milliseconds.
struct TinyTraining {
  static let program = Program(named: "detect-train")
  /// The folder of the images and their labels.
  static let data = TinySet.folder
  static let labels = TinySet.labels
  static let images = TinySet.images

  /// Settings of the small network: three images a step, so that an epoch is three steps and the third repeats one.
  static let settings = [
    "initial_weights=random", "method.labeled_images=3", "model.backbone.kind=efficientnet_lite0",
    "model.backbone.pyramid_width=32", "model.regions.hidden_size=32", "model.regions.sample_count=32",
    "model.proposals.sample_count=32", "model.proposals.training={per_level: 50, count: 50}",
    "model.proposals.evaluation={per_level: 50, count: 50}", "model.anchor_sizes=[12, 24, 48, 96, 192]",
    "views.short_side_from=48", "views.short_side_to=64", "views.long_side=96", "evaluation.short_side=64",
    "evaluation.long_side=96", "evaluation.batch_size=4", "trainer.report_every=1", "optimizer.warmup_images=12",
  ]

  /// The flags of a run on the tiny set; `assignments` are laid over the settings.
  static func arguments(
    labels: String = labels, images: String? = images, settings: [String] = settings, set assignments: [String] = [],
    _ more: [String] = []
  ) -> [String] {
    ["--labeled", labels] + (images.map { ["--labeled-images", $0] } ?? []) + ["--threads", "1"]
      + (settings + assignments).flatMap { ["--set", $0] } + more
  }

  /// Runs the program to its end; its advice about debug builds is taken out of standard error.
  static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Program.Outcome {
    var outcome = try program.run(arguments, environment: environment)
    outcome.standardError = withoutAdvice(outcome.standardError)
    return outcome
  }

  /// Runs the program with a limit on its private memory.
  static func run(_ arguments: [String], limitedToKiB limit: Int) throws -> Program.Outcome {
    var outcome = try Program(path: "/bin/bash").run(
      ["-c", "ulimit -d \(limit) && exec \"$0\" \"$@\"", program.path] + arguments)
    outcome.standardError = withoutAdvice(outcome.standardError)
    return outcome
  }

  /// Standard error without the line that a debug build begins with.
  static func withoutAdvice(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("note: this is a debug build") }.joined(separator: "\n")
  }

  /// The labels of the tiny set with one change to their text, as a file in `folder`.
  static func labels(replacing text: String, with other: String, in folder: ScratchFolder) throws -> String {
    let json = try String(contentsOfFile: labels, encoding: .utf8)
    guard let range = json.range(of: text) else { preconditionFailure("\(labels) does not hold \(text)") }
    return try folder.write(json.replacingCharacters(in: range, with: other), to: "labels.json")
  }

  /// A copy of the images of the tiny set in `folder`.
  static func copyOfImages(in folder: ScratchFolder, _ name: String = "images") throws -> String {
    let copy = Path.join(folder.path, name)
    try FileManager.default.copyItem(atPath: images, toPath: copy)
    return copy
  }

  /// Cuts a file to its first `share`.
  static func truncate(_ path: String, toShare share: Double) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try bytes.prefix(Int(Double(bytes.count) * share)).write(to: URL(fileURLWithPath: path))
  }
}
