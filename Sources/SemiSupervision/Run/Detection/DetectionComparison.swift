import Annotations
import Detection
import Reporting
import Torch
import Training

/// Finished detection runs side by side: a table, `comparison.json`, and a page with what each finds in the same images.
public struct DetectionComparison: TaskComparison {
  private let finished: FinishedRuns
  private static let figures = ["AP", "AP50", "AP75"]

  /// The given runs, in this order.
  ///
  /// - Throws: For a folder that is no run, for one that has not come to its end, and for runs that were judged on different
  ///   test images.
  public init(_ runs: [ComparedRuns]) throws { finished = try FinishedRuns(runs) }

  /// In what the runs' data differ, a line each: their figures differ by that, too.
  public var notes: [String] { finished.notes }
  /// The figures: of all runs on validation images, and of the selected weights on test images.
  public var table: MetricTable { finished.table(figures: Self.figures) }
  /// Mean and spread of runs that differ by their seeds; nil where there are none such.
  public var means: RunMeans? { finished.means(figures: Self.figures) }

  /// Writes `comparison.json`, `comparison.md` and `comparison.html` into a folder, with means `comparison-means.json`, too.
  public func write(to folder: String) throws {
    try finished.write(to: folder, figures: Self.figures, pictures: pictures(count: 12))
  }

  /// What the selected weights of every run, or of every group's first run, find in the first run's test images, else in its validation images.
  private func pictures(count: Int) throws -> [HTMLReport.Picture]? {
    guard let labels = try finished.judgedImages()?.source else { return nil }
    let detectors = try finished.pictured.map { try SavedDetector(checkpoint: $0.folder.path) }
    try finished.requireSameClasses(detectors.map(\.classes))
    let pictures = DetectionPictures(reading: try labels.readToJudge(), classes: detectors[0].classes, count: count)
    return try pictures.pictures(
      of: zip(finished.pictured, detectors).map {
        ($0.name, DetectionReader($1.detector, reader: $1.reader(batchSize: 4, workers: 2), device: .cpu))
      })
  }
}
