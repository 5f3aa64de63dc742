import ArgumentParser
import Evaluation

/// `evaluate boxes`: COCO's average precision and recall.
struct EvaluateBoxes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boxes", abstract: "Average precision and recall of boxes, by COCO's rules.",
    discussion: COCOOptions.discussion)

  @OptionGroup var options: COCOOptions

  func run() throws { try reportingErrors { try options.judge(BoxEvaluation.self) } }
}
