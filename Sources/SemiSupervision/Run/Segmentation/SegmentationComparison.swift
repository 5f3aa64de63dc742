import Annotations
import Documents
import Reporting
import Samples
import Segmentation
import Torch
import Training

/// Finished segmentation runs side by side: a table, `comparison.json`, and a page with what each finds in the same images.
public struct SegmentationComparison: TaskComparison {
  private let finished: FinishedRuns

  /// The given runs, in this order.
  ///
  /// - Throws: For a folder that is no run, for one that has not come to its end, and for runs that were judged on different
  ///   test images.
  public init(_ runs: [ComparedRuns]) throws { finished = try FinishedRuns(runs) }

  /// In what the runs' data differ, a line each: their figures differ by that, too.
  public var notes: [String] { finished.notes }
  /// The figures: of all runs on validation images, and of the selected weights on test images.
  public var table: MetricTable { finished.table(figures: SegmentationReport.figures) }
  /// Mean and spread of runs that differ by their seeds; nil where there are none such.
  public var means: RunMeans? { finished.means(figures: SegmentationReport.figures) }

  /// Writes `comparison.json`, `comparison.md` and `comparison.html` into a folder, with means `comparison-means.json`, too.
  public func write(to folder: String) throws {
    try finished.write(to: folder, figures: SegmentationReport.figures, pictures: pictures(count: 12))
  }

  /// What the selected weights of every run, or of every group's first run, give the first run's test images, else its validation images.
  private func pictures(count: Int) throws -> [HTMLReport.Picture]? {
    guard let (source, name, settings) = try finished.judgedImages() else { return nil }
    let saved = try finished.pictured.map { try SavedSegmenter(checkpoint: $0.folder.path) }
    try finished.requireSameClasses(saved.map(\.classes.names))
    // What the judged run was told of its label maps; the classes are those of its checkpoint.
    let masks = try MaskInputs.resolved([settings.group(at: "masks")], assignments: [])
    let reading = try source.readMasks(name == "test" ? masks.test : masks.validation, masks, classes: saved[0].classes)
    let pool = ImagePool(name: name, images: reading.images.map(PooledImage.init))
    return try SegmentationPictures(pool: pool, classes: saved[0].classes, count: count).pictures(
      of: zip(finished.pictured, saved).map { ($0.name, $1.reader(workers: 2, device: .cpu)) })
  }
}
