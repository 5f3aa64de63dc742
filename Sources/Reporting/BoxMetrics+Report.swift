import Evaluation

extension BoxMetrics {
  /// The figures in the words of the reference's `summarize`, so that scripts that read those read these.
  public var summaryText: String {
    let precisions = zip(summary.prefix(6), ["all", "all", "all", "small", "medium", "large"]).map { figure, area in
      let overlap = figure.name == "AP50" ? "0.50     " : figure.name == "AP75" ? "0.75     " : "0.50:0.95"
      let limit = figure.name == "AP" ? settings.headlineLimit : settings.figureLimit
      return line("Average Precision  (AP)", overlap, area, limit, figure.value)
    }
    let recalls = zip(maxDetections, AR).map { ("all", $0, $1) }
    let limit = settings.figureLimit
    let ofSizes = [("small", limit, ARs), ("medium", limit, ARm), ("large", limit, ARl)]
    return
      (precisions
      + (recalls + ofSizes).map { line("Average Recall     (AR)", "0.50:0.95", $0.0, $0.1, $0.2) })
      .joined(separator: "\n")
  }

  private func line(_ title: String, _ overlap: String, _ area: String, _ limit: Int, _ value: Double) -> String {
    let area = String(repeating: " ", count: 6 - area.count) + area
    let limit = String(repeating: " ", count: max(0, 3 - String(limit).count)) + String(limit)
    return " \(title) @[ IoU=\(overlap) | area=\(area) | maxDets=\(limit) ] = \(NumberText.fixed(value, 3))"
  }

  /// A row for each class: its objects, its detections, AP and AP50.
  public var classTable: MetricTable {
    var table = MetricTable([
      .init("class", .left), .init("objects"), .init("detections"), .init("AP"), .init("AP50"),
    ])
    for entry in classes {
      table.append([
        entry.category.name, String(entry.truthCount), String(entry.detectionCount), NumberText.figure(entry.AP),
        NumberText.figure(entry.AP50),
      ])
    }
    return table
  }
}
