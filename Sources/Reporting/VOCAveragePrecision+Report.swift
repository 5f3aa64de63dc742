import Evaluation

extension VOCAveragePrecision {
  /// The mean with the conventions that it depends on.
  public var summaryText: String {
    let reading =
      switch curve {
      case .area: "area under the curve (VOC 2010 and later)"
      case .elevenPoints: "eleven points (VOC 2007)"
      }
    return " mAP = \(mAP < 0 ? NumberText.missing : NumberText.fixed(100 * mAP, 2) + " %"), \(reading), overlap > "
      + NumberText.short(iouThreshold)
  }

  /// A row for each class: its objects, those that are not wanted, what is right and wrong, and AP.
  public var classTable: MetricTable {
    var table = MetricTable([
      .init("class", .left), .init("objects"), .init("difficult"), .init("right"), .init("wrong"), .init("AP"),
    ])
    for entry in classes {
      table.append([
        entry.category.name, "\(entry.truthCount)", "\(entry.ignoredCount)", "\(entry.right)", "\(entry.wrong)",
        NumberText.figure(entry.AP),
      ])
    }
    return table
  }
}
