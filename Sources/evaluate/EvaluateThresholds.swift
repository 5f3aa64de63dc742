import ArgumentParser
import Documents
import Evaluation
import Reporting

/// `evaluate thresholds`: what a threshold on the score would keep, and how much of that is right.
struct EvaluateThresholds: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thresholds", abstract: "What thresholds on the score keep of boxes, and how much of it is right.",
    discussion: """
      For choosing method.thresholds: predict on labelled images that the detector has not learnt from, such as the \
      validation images, and ask here. A box is right that overlaps an object of its class by half or more, each object \
      counted once. The last columns have, for each class, the lowest threshold above which the wanted share is right, and the one \
      that balances precision and recall best (F1).
      """)

  @OptionGroup var files: JudgedFiles

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("The thresholds to look at, between 0 and 1.", valueName: "SCORE"))
  var scores: [Double] = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]

  @Option(help: ArgumentHelp("The share of kept boxes that is to be right, for the advice.", valueName: "SHARE"))
  var precision = 0.9

  func validate() throws {
    guard !scores.isEmpty, scores.allSatisfy({ (0...1).contains($0) }) else {
      throw ValidationError("--scores: numbers between 0 and 1 are wanted.")
    }
    guard (0...1).contains(precision) else {
      throw ValidationError("--precision \(precision): a number between 0 and 1 is wanted.")
    }
  }

  func run() throws {
    try reportingErrors {
      let (evaluation, labels) = try files.read(BoxEvaluation.self)
      let thresholds = ScoreThresholds(
        truth: evaluation.truth, detections: evaluation.detections, categories: evaluation.categories,
        images: evaluation.images, scores: scores.sorted(), wantedPrecision: precision)
      if let json = files.json { try AtomicFile.write(thresholds.json.serialized(pretty: true), to: json) }
      print(
        "\(evaluation.images.count) images, \(evaluation.truth.count) objects, \(evaluation.detections.count) predictions"
      )
      for note in evaluation.notes(list: files.labels.truthList) + labels.problems.notes(.corrected) {
        print("note: \(note)")
      }
      print("\n\(table(thresholds, images: evaluation.images.count).text)\n\n\(classTable(thresholds).text)")
    }
  }

  private func table(_ thresholds: ScoreThresholds, images: Int) -> MetricTable {
    var table = MetricTable([
      .init("score over"), .init("boxes"), .init("an image"), .init("right"), .init("precision"), .init("recall"),
    ])
    for kept in thresholds.all {
      table.append([
        NumberText.short(kept.score), "\(kept.count)",
        NumberText.fixed(Double(kept.count) / Double(max(1, images)), 2),
        "\(kept.right)", NumberText.figure(kept.precision), NumberText.figure(kept.recall),
      ])
    }
    return table
  }

  /// Precision and recall of each class at each threshold, and what is advised for it.
  private func classTable(_ thresholds: ScoreThresholds) -> MetricTable {
    let scores = thresholds.all.map { NumberText.short($0.score) }
    var table = MetricTable(
      [.init("precision/recall", .left), .init("objects")] + scores.map { .init($0) }
        + [
          .init("\(NumberText.short(precision)) right over"), .init("recall there"), .init("best F1 over"), .init("F1"),
        ])
    for entry in thresholds.classes {
      let cells = entry.kept.map { "\(NumberText.figure($0.precision))/\(NumberText.figure($0.recall))" }
      table.append(
        [entry.category.name, "\(entry.kept.first?.objects ?? 0)"] + cells
          + [
            entry.advised.map { NumberText.fixed($0.score, 3) } ?? NumberText.missing,
            entry.advised.map { NumberText.figure($0.recall) } ?? NumberText.missing,
            entry.best.map { NumberText.fixed($0.score, 3) } ?? NumberText.missing,
            entry.best.map { NumberText.figure($0.f1) } ?? NumberText.missing,
          ])
    }
    return table
  }
}
