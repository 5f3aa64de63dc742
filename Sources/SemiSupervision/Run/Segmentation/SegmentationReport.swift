import Reporting
import Training

/// The report of a segmentation run.
enum SegmentationReport {
  /// The figures that stand in the first table.
  static let figures = ["mIoU", "pixelAccuracy", "meanAccuracy"]

  /// The report of a run so far.
  static func report(of folder: RunFolder) -> RunReport {
    var report = RunReport(folder, sections: [StageSection(), PixelSection()])
    report.figures = figures
    return report
  }

  /// Intersection over union and accuracy of each class, on the test images, else on those of validation.
  static func classTables(_ summary: RunSummary) -> [(table: MetricTable, caption: String)] {
    guard let metrics = summary.test ?? summary.validation.first?.metrics,
      let classes = metrics["classes"]?.object?.members
    else { return [] }
    var table = MetricTable([.init("class", .left), .init("IoU"), .init("accuracy")])
    for entry in classes {
      let accuracy = metrics["classAccuracies"]?[entry.key]?.double
      let values = [entry.value.double, accuracy].map { value in
        value.flatMap { $0 < 0 ? nil : NumberText.figure($0) } ?? NumberText.missing
      }
      table.append([entry.key] + values)
    }
    let absent = metrics["absentClasses"]?.string ?? ""
    return [
      (table, "Each class on the \(summary.test == nil ? "validation" : "test") images; absent classes: \(absent)")
    ]
  }
}
