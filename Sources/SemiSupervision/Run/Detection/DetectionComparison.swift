import Annotations
import Detection
import Reporting
import Torch
import Training

/// Finished detection runs side by side: a table, `comparison.json`, and a page with what each finds in the same images.
public struct DetectionComparison: TaskComparison {
  private let finished: FinishedRuns
  private static let figures = ["AP", "AP50", "AP75"]

  /// The runs of the given folders, in this order.
  ///
  /// - Throws: For a folder that is no run, for one that has not come to its end, and for runs that were judged on different
  ///   test images.
  public init(_ folders: [String]) throws { finished = try FinishedRuns(folders) }

  /// In what the runs' data differ, a line each: their figures differ by that, too.
  public var notes: [String] { finished.notes }
  /// The figures: of all runs on validation images, and of the selected weights on test images.
  public var table: MetricTable { finished.table(figures: Self.figures) }

  /// Writes `comparison.json`, `comparison.md` and `comparison.html` into a folder.
  public func write(to folder: String) throws {
    try finished.write(to: folder, figures: Self.figures, pictures: pictures(count: 12))
  }

  /// What every run's selected weights find in the first run's test images, else in its validation images.
  private func pictures(count: Int) throws -> [HTMLReport.Picture]? {
    guard let labels = try finished.judgedImages()?.source else { return nil }
    let detectors = try finished.runs.map { try SavedDetector(checkpoint: $0.folder.path) }
    try finished.requireSameClasses(detectors.map(\.classes))
    let pictures = DetectionPictures(reading: try labels.readToJudge(), classes: detectors[0].classes, count: count)
    return try pictures.pictures(
      of: zip(finished.names, detectors).map {
        ($0, DetectionReader($1.detector, reader: $1.reader(batchSize: 4, workers: 2), device: .cpu))
      })
  }
}
