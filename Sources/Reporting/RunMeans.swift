import Documents

/// Groups of runs that differ by their seeds, each as one: mean and spread of the figures, cost, and what of it is noise.
public struct RunMeans: Sendable {
  /// The runs of one way of learning.
  public struct Group: Sendable {
    /// By which it is told from others.
    public var name: String
    /// Its runs, at least one.
    public var runs: [RunSummary]

    /// A group of runs.
    public init(_ name: String, _ runs: [RunSummary]) {
      self.name = name
      self.runs = runs
    }
  }

  /// The groups in the order of the table's rows.
  public let groups: [Group]
  /// The figures of the table.
  public let figures: [String]
  /// The figure by which groups are compared: the one that selected the reference's weights, else the first of the table's.
  public let figure: String
  /// `test`, or `validation` where a run has not been tested: what figures are of.
  public let judgedOn: String
  /// The place of the group that others are compared with: that of the method `supervised` where there is one, else the first.
  public let reference: Int

  /// Groups, with the figures of the table by their keys.
  ///
  /// - Precondition: at least one group, and one run in each.
  public init(_ groups: [Group], figures: [String]) {
    precondition(!groups.isEmpty && groups.allSatisfy { !$0.runs.isEmpty }, "RunMeans: a group has no runs")
    self.groups = groups
    self.figures = figures
    reference = groups.firstIndex { $0.runs[0].method == "supervised" } ?? 0
    judgedOn = groups.allSatisfy { $0.runs.allSatisfy { $0.test != nil } } ? "test" : "validation"
    let selecting = groups[reference].runs[0].selectedBy.split(separator: ".")
    let selected = selecting.first == "validation" ? selecting.last.map(String.init) : nil
    figure = selected ?? figures.first ?? ""
  }

  /// The figures of a run that are compared: of the model that is judged, with the selected weights.
  private func metrics(of run: RunSummary) -> JSON? {
    judgedOn == "test" ? run.test : run.validation.first { $0.name == run.selectedModel }?.metrics
  }

  /// Mean and spread of a figure; nil where one of the runs does not have it.
  public func spread(of figure: String, in group: Int) -> Spread? {
    let runs = groups[group].runs
    let values = runs.compactMap { metrics(of: $0).flatMap { RunComparison.value($0, figure) } }
    return values.count == runs.count ? Spread(values) : nil
  }

  private func seconds(of group: Int) -> Spread? { Spread(groups[group].runs.map(\.allSeconds)) }

  private func images(of group: Int) -> Spread? { Spread(groups[group].runs.map { Double($0.allImagesSeen) }) }

  /// Seconds of a group's runs over those of the reference; nil where that took none.
  public func cost(of group: Int) -> Double? {
    guard let own = seconds(of: group), let reference = seconds(of: reference), reference.mean > 0 else { return nil }
    return own.mean / reference.mean
  }

  /// How a group stands to the reference; nil for the reference itself, and where a figure is missing.
  public func comparison(of group: Int) -> (difference: Double, spread: Double?, verdict: Spread.Verdict)? {
    guard group != reference, let own = spread(of: figure, in: group), let other = spread(of: figure, in: reference)
    else { return nil }
    return (own.mean - other.mean, own.larger(with: other), own.verdict(against: other))
  }

  /// One row a group. Images and time are those of all stages.
  public var table: MetricTable {
    typealias Column = MetricTable.Column
    let name = groups[reference].name
    var table = MetricTable(
      [Column("method", .left), Column("seeds"), Column("judged on", .left), Column("model", .left)]
        + figures.map { Column(RunComparison.title($0, among: figures)) } + [
          Column("\(figure) against \(name)", .left), Column("images seen"), Column("time"), Column("cost"),
        ])
    for (place, group) in groups.enumerated() {
      let shown = figures.map { spread(of: $0, in: place)?.text(NumberText.figure) ?? NumberText.missing }
      let against = comparison(of: place).map { "\(Self.signed($0.difference)) (\($0.verdict.rawValue))" }
      table.append(
        [group.name, String(group.runs.count), judgedOn, group.runs[0].selectedModel] + shown + [
          against ?? NumberText.missing, Self.text(images: images(of: place)),
          seconds(of: place)?.text(NumberText.duration) ?? NumberText.missing,
          cost(of: place).map { NumberText.fixed($0, 2) + "×" } ?? NumberText.missing,
        ])
    }
    return table
  }

  /// By one budget all see the same number, and there is no spread to be shown.
  private static func text(images: Spread?) -> String {
    guard let images else { return NumberText.missing }
    let whole = { NumberText.fixed($0, 0) }
    return images.deviation == 0 ? whole(images.mean) : images.text(whole)
  }

  /// What the table says of each group, in words, a line each.
  public var lines: [String] {
    let name = groups[reference].name
    var lines = groups.indices.compactMap { place -> String? in
      guard let found = comparison(of: place) else { return nil }
      let beginning = "\(groups[place].name): \(judgedOn) \(figure) \(Self.signed(found.difference)) against \(name)"
      let spread = found.spread.map(NumberText.figure) ?? ""
      return switch found.verdict {
      case .above, .below: "\(beginning), more than the larger spread, \(spread)"
      case .noise: "\(beginning), within the larger spread, \(spread): noise"
      case .oneSeed: "\(beginning), of one seed: how much of it is noise is not known"
      }
    }
    if groups.allSatisfy({ $0.runs.count == 1 }) { lines.append("one seed: there is no spread; --seeds 3 measures it") }
    return lines
  }

  private static func signed(_ value: Double) -> String {
    let text = NumberText.fixed(abs(value), 3)
    return (value < 0 && text != "0.000" ? "−" : "+") + text
  }

  /// The object that `comparison-means.json` holds.
  ///
  /// - Parameter folders: The runs' folders, of each group.
  public func json(folders: [[String]]) -> JSON {
    let methods = groups.indices.map { place -> JSON in
      let group = groups[place]
      var entry = JSONObject([
        ("name", JSON(group.name)), ("method", JSON(group.runs[0].method)),
        ("seeds", .array(group.runs.map { RunSummary.json(seed: $0.seed) })),
        ("runs", .array(folders[place].map { JSON($0) })), ("model", JSON(group.runs[0].selectedModel)),
        ("imagesSeen", Self.json(images(of: place))), ("seconds", Self.json(seconds(of: place))),
        ("cost", cost(of: place).map { JSON($0) } ?? .null),
      ])
      if let found = comparison(of: place) {
        var against = JSONObject([("difference", JSON(found.difference))])
        if let spread = found.spread { against["spread"] = JSON(spread) }
        against["verdict"] = JSON(found.verdict.rawValue)
        entry["againstReference"] = .object(against)
      }
      entry["metrics"] = Self.means(of: group.runs.compactMap { metrics(of: $0) }, count: group.runs.count) ?? .null
      return .object(entry)
    }
    return [
      "judgedOn": JSON(judgedOn), "figure": JSON(figure), "reference": JSON(groups[reference].name),
      "methods": .array(methods),
    ]
  }

  /// Means of the numbers that all of several objects have, under the same keys; figures that do not exist are left out.
  private static func means(of metrics: [JSON], count: Int) -> JSON? {
    guard metrics.count == count, let first = metrics.first else { return nil }
    if let object = first.object {
      let members = object.members.compactMap { member -> (String, JSON)? in
        means(of: metrics.compactMap { $0[member.key] }, count: count).map { (member.key, $0) }
      }
      return members.isEmpty ? nil : .object(JSONObject(members))
    }
    let values = metrics.compactMap { value in value.double.flatMap { $0 < 0 ? nil : $0 } }
    return values.count == count ? Spread(values).map { json($0) } : nil
  }

  private static func json(_ spread: Spread?) -> JSON {
    guard let spread else { return .null }
    var object = JSONObject([("mean", JSON(spread.mean))])
    if let deviation = spread.deviation { object["deviation"] = JSON(deviation) }
    return .object(object)
  }
}
