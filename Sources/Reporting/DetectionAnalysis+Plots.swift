import Evaluation

extension DetectionAnalysis {
  /// Precision over recall: the mean of the classes, then the classes, some in a plot.
  public var curvePlots: [Plot] {
    let known = boxes.categories.indices.filter { !curves[$0].isEmpty }
    guard !known.isEmpty else { return [] }
    let mean = (0...100).map { point in known.reduce(0) { $0 + curves[$1][point] } / Double(known.count) }
    func plot(_ title: String, _ series: [Plot.Series]) -> Plot {
      Plot(title: title, xLabel: "recall", yLabel: "precision", series: series, yRange: 0...1)
    }
    func points(_ curve: [Double]) -> [(x: Double, y: Double)] {
      curve.enumerated().map { (Double($0) / 100, $1) }
    }
    let whole = plot("Precision at an overlap of 0.5, mean of \(known.count) classes", [.init("mean", points(mean))])
    if known.count == 1 { return [whole] }
    let parts = stride(from: 0, to: known.count, by: Plot.colors.count).map { start in
      known[start..<min(start + Plot.colors.count, known.count)]
    }
    return [whole]
      + parts.map { part in
        plot("By class", part.map { .init(boxes.categories[$0].name, points(curves[$0])) })
      }
  }

  /// The share of right detections over the score, with the line on which both are equal; nil where scores are no probabilities.
  public var reliabilityPlot: Plot? {
    guard let calibration else { return nil }
    let bins = calibration.reliability.filter { $0.count > 0 }
    return Plot(
      title: "Reliability of scores", xLabel: "mean score of a bin", yLabel: "share that is right",
      series: [
        .init("detections", bins.map { ($0.probability, $0.right) }, hasDots: true),
        .init("perfect", [(0, 0), (1, 1)]),
      ], yRange: 0...1)
  }

  /// Precision, recall and F1 of all classes over the threshold on the score.
  public var thresholdPlot: Plot? {
    let kept = thresholds.all
    if kept.isEmpty { return nil }
    func series(_ name: String, _ value: (ScoreThresholds.Kept) -> Double) -> Plot.Series {
      .init(name, kept.map { ($0.score, value($0) < 0 ? .nan : value($0)) })
    }
    return Plot(
      title: "Thresholds on the score, all classes", xLabel: "score over",
      series: [series("precision", \.precision), series("recall", \.recall), series("F1", \.f1)], yRange: 0...1)
  }
}
