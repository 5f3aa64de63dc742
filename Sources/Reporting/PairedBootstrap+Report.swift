import Evaluation

extension PairedBootstrap.Difference {
  /// `B is better: +1.3 points, 95 % interval +0.2…+2.4`, in hundredths of the figure.
  public var text: String {
    guard let interval else { return verdict.rawValue }
    if verdict == .same { return "no difference in any sample" }
    let points = "\(Self.points(difference)) points, 95 % interval \(Self.points(interval))"
    let share = "B is better in \(NumberText.fixed(100 * probability, 1)) % of the samples"
    return "\(verdict.rawValue): \(points); \(share)"
  }

  static func points(_ value: Double) -> String {
    let text = NumberText.fixed(abs(100 * value), 1)
    return text == "0.0" ? text : (value < 0 ? "−" : "+") + text
  }

  static func points(_ interval: ClosedRange<Double>) -> String {
    "\(points(interval.lowerBound))…\(points(interval.upperBound))"
  }
}

extension PairedBootstrap {
  /// A row for each part with both figures, the difference and its interval in points, and what that says.
  ///
  /// - Parameter metric: the figure's name.
  public func table(metric: String) -> MetricTable {
    var table = MetricTable([
      .init("class", .left), .init("\(metric) of A"), .init("\(metric) of B"), .init("B − A"),
      .init("95 % interval"), .init("B is better in"), .init("", .left),
    ])
    for part in parts {
      let isKnown = part.interval != nil && part.first >= 0 && part.second >= 0
      table.append([
        part.part, NumberText.figure(part.first), NumberText.figure(part.second),
        isKnown ? Difference.points(part.difference) : NumberText.missing,
        isKnown ? part.interval.map { Difference.points($0) } ?? "" : NumberText.missing,
        isKnown ? NumberText.fixed(100 * part.probability, 1) + " %" : NumberText.missing, part.verdict.rawValue,
      ])
    }
    return table
  }
}
