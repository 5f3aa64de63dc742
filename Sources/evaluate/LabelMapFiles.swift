import Annotations
import ArgumentParser
import Evaluation

/// What label maps need beside the labels and the predictions.
struct LabelMapFiles: ParsableArguments {
  @Option(help: ArgumentHelp("The folder of the PNG label maps, called as the images.", valueName: "DIR"))
  var truthMasks: String?

  @Option(
    help: ArgumentHelp(
      "The classes, one a line: `name` or `id name`, and a colour; classes.txt near SRC otherwise.", valueName: "FILE"))
  var classes: String?

  @Option(
    name: .customLong("ignore-id"),
    help: ArgumentHelp(
      "A number in label maps whose pixels are not judged; may be given several times. Without it 255, unless it is a class.",
      valueName: "N"))
  var ignoredIDs: [Int] = []

  @Option(
    help: ArgumentHelp(
      "The numbers of classes 0, 1, … in the files, where they are not the table's: 0,255.", valueName: "N,N,…"))
  var maskValues: String?

  @Flag(help: "The predictions' numbers are class indices, 0 to K − 1, whatever the numbers of the truth.")
  var predictedIndices = false

  @Option(help: ArgumentHelp("What is done in means about classes that the truth does not show.", valueName: "RULE"))
  var absentClasses: AbsentClasses = .skipped

  func validate() throws {
    if let wrong = ignoredIDs.first(where: { !(0...255).contains($0) }) {
      throw ValidationError("--ignore-id is \(wrong), not in 0…255")
    }
    _ = try values()
  }

  private func values() throws -> [Int]? {
    guard let maskValues else { return nil }
    guard let values = ClassTable.maskValues(parsing: maskValues) else {
      throw ValidationError("--mask-values is \(maskValues); wanted are numbers of 0…255 with commas, such as 0,255")
    }
    return values
  }

  /// The true label maps.
  func read(_ truth: String, images: String?, list: String?) throws -> SegmentationReading {
    let ignored = ignoredIDs.isEmpty ? nil : Set(ignoredIDs)
    return try SegmentationSource.read(
      truth, images: images, masks: truthMasks, list: list,
      classes: try classes.map { try ClassTable.read($0, ignoredIDs: ignored) }, ignoreIDs: ignored,
      maskValues: try values())
  }

  /// The options that are given.
  var given: [String] {
    [
      ("--truth-masks", truthMasks != nil), ("--classes", classes != nil), ("--ignore-id", !ignoredIDs.isEmpty),
      ("--mask-values", maskValues != nil), ("--predicted-indices", predictedIndices),
      ("--absent-classes", absentClasses != .skipped),
    ].filter(\.1).map(\.0)
  }

  /// What is read besides labels and predictions.
  var inputs: [String?] { [truthMasks, classes] }

  /// How the numbers of the predictions are to be taken.
  var predictedNumbers: SegmentationEvaluation.PredictedNumbers { predictedIndices ? .indices : .asInTruth }
}

extension SegmentationEvaluation {
  /// What lies among the predictions and is not judged.
  func surplusNote(_ predictions: String) -> String? {
    surplus.first.map { "\(surplus.count) label maps in \(predictions) belong to no image, such as \($0)" }
  }
}

extension AbsentClasses: ExpressibleByArgument {}
