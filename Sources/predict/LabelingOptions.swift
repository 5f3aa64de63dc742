import Annotations
import ArgumentParser
import SemiSupervision

/// What is written beside predictions for a person who labels.
struct LabelingOptions: ParsableArguments {
  @Flag(
    help: """
      Writes pseudo-labels.json: boxes with scores of all classes, the uncertainty of the box, and which filters of \
      semi-supervised training they pass; by the thresholds of the checkpoint's own run, else Soft Teacher's.
      """)
  var pseudoLabels = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Also writes the boxes that pass the class filter for programs of annotation: coco, voc, voc-json, labelme.",
      valueName: "FORMAT"))
  var pseudoFormat: [AnnotationFormat] = []

  @Option(help: ArgumentHelp("Boxes that score more are candidates.", valueName: "SCORE")) var candidateScore: Double?
  @Option(help: ArgumentHelp("Boxes that score more pass the class filter.", valueName: "SCORE"))
  var classScore: Double?
  @Option(
    help: ArgumentHelp("Boxes that are less uncertain pass the box filter, and speak for a suspicion.", valueName: "U"))
  var boxUncertainty: Double?

  @Flag(help: "Writes ranking.csv, to-label.txt and to-label.jpg: images whose labels would teach most, best first.")
  var rankForLabeling = false

  @Option(help: ArgumentHelp("Images that to-label.txt names, 20 by default.", valueName: "N")) var rankCount: Int?

  @Flag(
    help: """
      With labels as --images: writes suspects.json, suspects.csv and pictures of labelled boxes that the detector \
      contradicts, and of places without a label.
      """)
  var suspects = false

  func validate() throws {
    for (name, value) in [("candidate-score", candidateScore), ("class-score", classScore)] {
      if let value, !(0...1).contains(value) {
        throw ValidationError("--\(name) \(value): a score between 0 and 1 is wanted.")
      }
    }
    if let boxUncertainty, !boxUncertainty.isFinite || boxUncertainty < 0 {
      throw ValidationError("--box-uncertainty \(boxUncertainty): a number of 0 or more is wanted.")
    }
    if let rankCount, rankCount < 1 {
      throw ValidationError("--rank-count \(rankCount): a number of 1 or more is wanted.")
    }
    if !rankForLabeling, rankCount != nil {
      throw ValidationError("--rank-count wants --rank-for-labeling beside it.")
    }
    if !pseudoLabels, !pseudoFormat.isEmpty || candidateScore != nil || classScore != nil {
      throw ValidationError("--pseudo-format, --candidate-score and --class-score want --pseudo-labels beside them.")
    }
    if let format = pseudoFormat.first(where: { !$0.isWritable }) {
      throw ValidationError("--pseudo-format \(format.rawValue): this form is read only.")
    }
    if !pseudoLabels, !suspects, boxUncertainty != nil {
      throw ValidationError("--box-uncertainty wants --pseudo-labels or --suspects beside it.")
    }
  }

  /// Images that `to-label.txt` names.
  var rankedImages: Int { rankCount ?? 20 }

  /// Whether the detector has to look as a teacher does.
  var isAsked: Bool { pseudoLabels || rankForLabeling || suspects }

  /// The rules of a detector.
  func rules(checkpoint: String?, classCount: Int) throws -> PseudoLabelRules {
    var rules =
      try checkpoint.map { try PseudoLabelRules(checkpoint: $0, classCount: classCount) } ?? PseudoLabelRules()
    rules.set(candidateScore: candidateScore, classScore: classScore, boxUncertainty: boxUncertainty)
    return rules
  }
}

extension AnnotationFormat: ExpressibleByArgument {}
