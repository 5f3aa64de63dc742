import ArgumentParser
import Evaluation

/// `evaluate boxes`: COCO's average precision and recall.
struct EvaluateBoxes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boxes", abstract: "Average precision and recall of boxes, by COCO's rules.",
    discussion: """
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
      let (evaluation, problems) = try files.read(parity: options.parity)
      let result = evaluation.averagePrecision(
        limits: options.maxDetections, keepsArrays: options.arrays != nil)
      try options.report(
        result,
        COCOOptions.Judged(
          images: evaluation.images.count, objects: evaluation.truth.count, predictions: evaluation.detections.count,
          ignored: evaluation.ignoredCount, leftOut: evaluation.leftOutCount,
          unknownClass: evaluation.unknownClassCount, problems: problems), files)
    }
  }
}
