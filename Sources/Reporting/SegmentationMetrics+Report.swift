import Evaluation

extension SegmentationMetrics {
  /// The four figures, one a line.
  public var summaryText: String {
    let titles = ["mean IoU", "pixel accuracy", "mean accuracy", "frequency-weighted IoU"]
    return zip(titles, summary).map { title, figure in
      " \(title)\(String(repeating: " ", count: 23 - title.count))= \(NumberText.figure(figure.value))"
    }.joined(separator: "\n")
  }

  /// A row for each class: IoU, accuracy, and its shares of the judged pixels in the truth and in the predictions.
  public var classTable: MetricTable {
    var table = MetricTable([
      .init("class", .left), .init("IoU"), .init("accuracy"), .init("of truth"), .init("of predictions"),
    ])
    func share(_ count: Int64) -> String {
      pixels > 0 ? NumberText.fixed(100 * Double(count) / Double(pixels), 2) + " %" : NumberText.missing
    }
    for entry in classes {
      table.append([
        entry.name, NumberText.figure(entry.IoU), NumberText.figure(entry.accuracy), share(entry.truthPixels),
        share(entry.predictedPixels),
      ])
    }
    return table
  }

  /// What there is to say about classes that the truth does not show; nil where it shows all.
  public var absentText: String? {
    guard !absent.isEmpty else { return nil }
    let what =
      switch absentClasses {
      case .skipped: "left out of the means"
      case .skippedUnlessPredicted: "left out of the means where they were not predicted either, else 0"
      case .zero: "counted as 0 in the means"
      }
    return "classes that the truth does not show, \(what): \(absent.joined(separator: ", "))"
  }
}
