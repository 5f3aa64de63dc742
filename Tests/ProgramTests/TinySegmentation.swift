import Documents
import Foundation
import TestSupport

/// `seg-train` on the eight images of `annotations/tiny` with a network that learns in seconds to say more than background.
struct TinySegmentation {
  static let images = TinyTraining.images
  static let masks = Path.join(TinyTraining.data, "masks")
  /// The settings of the network and of its steps: four images each.
  static let settings = [
    "initial_weights=random", "method.labeled_images=4", "model.kind=fcn_light", "model.width=32",
    "views.crop_height=64", "views.crop_width=64", "optimizer.warmup_images=0", "optimizer.learning_rate=0.003",
    "trainer.evaluate_every=0",
  ]

  /// Lists of the labelled and the validation images, in `folder`.
  static func lists(in folder: ScratchFolder) throws -> (labeled: String, validation: String) {
    (
      try folder.write("000001\n000002\n000003\n000004\n", to: "labeled.txt"),
      try folder.write("000005\n000006\n000007\n000008\n", to: "validation.txt")
    )
  }

  /// Trains in `folder`/run, and judges at the end.
  static func train(
    in folder: ScratchFolder, steps: Int, classes: String = Path.join(TinyTraining.data, "classes.txt"),
    set assignments: [String] = []
  ) throws -> Program.Outcome {
    let lists = try lists(in: folder)
    return try Program(named: "seg-train").run(
      [
        "--labeled", images, "--labeled-masks", masks, "--labeled-list", lists.labeled, "--validation", images,
        "--validation-masks", masks, "--validation-list", lists.validation, "--classes", classes, "--recipe", "shapes",
        "--steps", "\(steps)", "--threads", "1", "--output", Path.join(folder.path, "run"),
      ] + (settings + assignments).flatMap { ["--set", $0] })
  }
}
