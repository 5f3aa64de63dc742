import Documents
import Foundation
import TestSupport

/// `seg-train` on the eight images of `annotations/tiny` and their masks, with a network so small that a step takes milliseconds.
struct TinySegmentTraining {
  static let program = Program(named: "seg-train")
  /// The folder of the images, masks and classes.
  static let data = TinyTraining.data
  static let images = TinyTraining.images
  static let masks = Path.join(data, "masks")

  /// Settings of the small network.
  static let settings = [
    "initial_weights=random", "model.kind=fcn_light", "model.width=16", "views.resize=own", "views.scale_from=0.4",
    "views.scale_to=0.6", "views.crop_height=48", "views.crop_width=48", "evaluation.short_side=48",
    "evaluation.long_side=96", "evaluation.batch_size=4", "trainer.report_every=1", "optimizer.learning_rate=0.05",
  ]

  /// The flags of a run that trains on the first images of the tiny set and is judged on the last two.
  static func arguments(
    _ method: String, set assignments: [String] = [], in folder: ScratchFolder, _ more: [String] = []
  ) throws -> [String] {
    func list(_ numbers: ClosedRange<Int>, _ name: String) throws -> String {
      try folder.write(numbers.map { "00000\($0)\n" }.joined(), to: name)
    }
    let isSupervised = method == "supervised"
    let step = isSupervised ? ["method.labeled_images=2"] : ["method.labeled_images=1", "method.unlabeled_images=1"]
    return [
      "--labeled", images, "--labeled-masks", masks, "--labeled-list", try list(1...3, "labeled.txt"),
      "--validation", images, "--validation-masks", masks, "--validation-list", try list(7...8, "validation.txt"),
      "--classes", Path.join(data, "classes.txt"), "--method", method, "--threads", "1",
    ] + (isSupervised ? [] : ["--unlabeled", images, "--unlabeled-list", try list(4...6, "unlabeled.txt")])
      + (settings + step + assignments).flatMap { ["--set", $0] } + more
  }

  /// Runs the program to its end; its advice about debug builds is taken out of standard error.
  static func run(_ arguments: [String]) throws -> Program.Outcome {
    var outcome = try program.run(arguments)
    outcome.standardError = TinyTraining.withoutAdvice(outcome.standardError)
    return outcome
  }
}
