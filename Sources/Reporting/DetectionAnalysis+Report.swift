import Evaluation

extension ErrorAnalysis {
  /// A row for each kind of error: how often, what it costs of AP, and what it is.
  public var table: MetricTable {
    var table = MetricTable([.init("error", .left), .init("count"), .init("dAP"), .init("what it is", .left)])
    for kind in Kind.allCases {
      table.append([
        kind.rawValue, "\(counts[kind] ?? 0)", NumberText.fixed(costs[kind] ?? 0, 3), kind.explanation,
      ])
    }
    let wrong = Kind.allCases.filter { $0 != .missed }.reduce(0) { $0 + (counts[$1] ?? 0) }
    table.append([
      "false positives", "\(wrong)", NumberText.fixed(falsePositiveCost, 3),
      "all wrong detections, behind the right ones",
    ])
    table.append([
      "false negatives", "\(fates.count { $0 == .missed || $0 == .nearlyFound })",
      NumberText.fixed(falseNegativeCost, 3), "all objects that were not found, no longer wanted",
    ])
    return table
  }
}

extension DetectionAnalysis {
  /// The sentence above the table of errors.
  public var errorText: String {
    "AP50 is \(NumberText.figure(errors.AP)); dAP is what it would gain if all errors of a kind were mended"
  }

  /// What the threshold is, and what it keeps.
  public var thresholdText: String {
    guard let best = thresholds.best, best.score == threshold else {
      return "score over \(NumberText.fixed(threshold, 3))"
    }
    return
      "score over \(NumberText.fixed(threshold, 3)), where precision \(NumberText.figure(best.precision)) and recall "
      + "\(NumberText.figure(best.recall)) are balanced best (F1 \(NumberText.figure(best.f1)))"
  }

  /// How far scores are from probabilities; nil where they cannot be any.
  public var calibrationText: String? {
    calibration.map {
      "expected calibration error \(NumberText.figure($0.value)): the mean distance of scores from the share of right detections"
    }
  }

  /// A row for each range of size.
  public var sizeTable: MetricTable {
    var table = MetricTable(
      [
        .init("size", .left), .init("area", .left), .init("objects"), .init("found"), .init("AP"), .init("AR"),
      ] + ErrorAnalysis.Kind.allCases.map { .init($0.rawValue) })
    for size in sizes {
      let (low, high) = (size.areas.lowerBound.squareRoot(), size.areas.upperBound.squareRoot())
      let area = low == 0 ? "to \(Int(high))²" : high > 1e4 ? "from \(Int(low))²" : "\(Int(low))² to \(Int(high))²"
      table.append(
        [
          size.name, area, "\(size.truthCount)", "\(size.found)", NumberText.figure(size.AP),
          NumberText.figure(size.AR),
        ] + ErrorAnalysis.Kind.allCases.map { "\(size.errors[$0] ?? 0)" })
    }
    return table
  }

  /// A row for each class: figures by size, and the threshold that balances precision and recall best.
  public var classTable: MetricTable {
    var table = MetricTable([
      .init("class", .left), .init("objects"), .init("detections"), .init("AP"), .init("AP50"), .init("APs"),
      .init("APm"), .init("APl"), .init("best score over"), .init("precision"), .init("recall"), .init("F1"),
      .init("calibration error"),
    ])
    for (index, entry) in metrics.classes.enumerated() {
      let best = thresholds.classes[index].best
      let own = classCalibrations[index]
      table.append(
        [
          entry.category.name, "\(entry.truthCount)", "\(entry.detectionCount)", NumberText.figure(entry.AP),
          NumberText.figure(entry.AP50),
        ] + classSizes[index].map(NumberText.figure) + [
          best.map { NumberText.fixed($0.score, 3) } ?? NumberText.missing,
          NumberText.figure(best?.precision ?? -1), NumberText.figure(best?.recall ?? -1),
          NumberText.figure(best?.f1 ?? -1),
          calibration != nil && own.count > 0 ? NumberText.figure(own.value) : NumberText.missing,
        ])
    }
    return table
  }

  /// A row for each class: its errors by the class of the detection, and its missed objects.
  public var classErrorTable: MetricTable {
    var table = MetricTable([.init("class", .left)] + ErrorAnalysis.Kind.allCases.map { .init($0.rawValue) })
    for (category, counts) in zip(boxes.categories, classErrors) {
      table.append([category.name] + ErrorAnalysis.Kind.allCases.map { "\(counts[$0] ?? 0)" })
    }
    return table
  }

  /// The classes that are taken for each other most often.
  public func confusionTable(count: Int = 10) -> MetricTable {
    var table = MetricTable([
      .init("object", .left), .init("detected as", .left), .init("count"), .init("of its objects"),
    ])
    for cell in confusion.confusions.prefix(count) {
      let all = confusion.objectCount(row: cell.row)
      table.append([
        boxes.categories[cell.row].name, boxes.categories[cell.column].name, "\(cell.count)",
        NumberText.fixed(100 * Double(cell.count) / Double(max(1, all)), 1) + " %",
      ])
    }
    return table
  }
}
