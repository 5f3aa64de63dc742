import Evaluation

extension BoxMetrics {
  /// The twelve figures in the words of the reference's `summarize`, so that scripts that read those read these.
  public var summaryText: String {
    let areas = ["all", "all", "all", "small", "medium", "large", "all", "all", "all", "small", "medium", "large"]
    let limits = [100, 100, 100, 100, 100, 100, 1, 10, 100, 100, 100, 100]
    return summary.enumerated().map { index, figure in
      let title = index < 6 ? "Average Precision  (AP)" : "Average Recall     (AR)"
      let overlap = figure.name == "AP50" ? "0.50     " : figure.name == "AP75" ? "0.75     " : "0.50:0.95"
      let area = String(repeating: " ", count: 6 - areas[index].count) + areas[index]
      let limit = String(repeating: " ", count: 3 - String(limits[index]).count) + String(limits[index])
      return " \(title) @[ IoU=\(overlap) | area=\(area) | maxDets=\(limit) ] = \(NumberText.fixed(figure.value, 3))"
    }.joined(separator: "\n")
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
