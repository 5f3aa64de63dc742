import Imaging
import Training

/// What looks on while pixels of unlabelled images are learnt: contact sheets, and counts beside labels.
enum PixelObservers {
  /// The observers of a method that shows what it learns.
  ///
  /// - Parameter saved: The checkpoint that is gone on from.
  static func make(
    _ method: any PseudoPixelShowing, data: SegmentationData, settings: TrainerSettings, normalization: ResizeNormalize,
    folder: RunFolder, reporter: RunReporter, saved: SavedRun?
  ) throws -> [any TrainingObserver] {
    let classes = data.classes
    return [
      SheetObserver(.pseudoMasks, folder: folder, every: settings.sheetEvery) {
        method.taughtPixels.map { PixelSheet(taught: $0).image(classes: classes, normalization: normalization) }
      },
      try PixelStatisticsObserver(
        method, labeledPixels: data.labeledPixels, classes: classes.names, interval: LookInterval(settings),
        folder: folder, reporter: reporter, saved: saved),
    ]
  }

  /// The columns of the metrics that they fill; none for a method that shows nothing.
  static func columns(of method: (any PseudoPixelShowing)?, data: SegmentationData) -> [String] {
    method == nil ? [] : PixelStatisticsObserver.columns(classes: data.classes.names)
  }
}
