import ArgumentParser
import Evaluation

/// `evaluate masks`: COCO's average precision and recall of masks.
struct EvaluateMasks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "masks", abstract: "Average precision and recall of masks, by COCO's rules.",
    discussion: """
      Masks of labels and predictions are polygons or run lengths, compressed or not.
      Figures and arrays are those of pycocotools 2.0.11 in every bit. Figures lie in 0…1; -1 means that there is nothing \
      to judge by, such as no small object. Its quirks, with --parity strict; with --parity corrected:

      \(COCOOptions.quirks)
      """)

  @OptionGroup var files: JudgedFiles
  @OptionGroup var options: COCOOptions

  func validate() throws {
    try requireOutputs([options.arrays], apartFrom: [files.truth, files.predictions])
  }

  func run() throws {
    try reportingErrors {
      let (evaluation, problems) = try files.readMasks(parity: options.parity)
      let result = evaluation.averagePrecision(
        limits: options.maxDetections, keepsArrays: options.arrays != nil)
      try options.report(
        result,
        COCOOptions.Judged(
          images: evaluation.images.count, objects: evaluation.truthCount, predictions: evaluation.detectionCount,
          ignored: evaluation.ignoredCount, leftOut: evaluation.leftOutCount,
          unknownClass: evaluation.unknownClassCount, problems: problems), files)
    }
  }
}
