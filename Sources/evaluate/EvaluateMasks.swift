import ArgumentParser
import Evaluation

/// `evaluate masks`: COCO's average precision and recall of masks.
struct EvaluateMasks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "masks", abstract: "Average precision and recall of masks, by COCO's rules.",
    discussion: """
      Masks of labels and predictions are polygons or run lengths, compressed or not.
      \(COCOOptions.discussion)
      """)

  @OptionGroup var options: COCOOptions

  func run() throws { try reportingErrors { try options.judge(MaskEvaluation.self) } }
}
