import Documents
import Reporting
import Training

/// The report's part about pseudo-boxes beside labels, from `pseudo-boxes.json`.
struct PseudoBoxSection: RunReportSection {
  /// Lines of the plot of scores at most, beside that of all classes.
  private static let mostClasses = 5

  func add(to report: inout HTMLReport, of run: RunFolder) throws(DocumentError) {
    guard Folder.hasFile(run.pseudoBoxFile) else { return }
    let file = try JSON(contentsOf: run.pseudoBoxFile)
    guard let labeled = file["labeled"], let looks = file["looks"]?.array, let last = looks.last,
      let classes = labeled["objects"]?.object?.keys, let statistics = PseudoBoxStatistics(last, classes: classes)
    else {
      throw .json(file: run.pseudoBoxFile, path: "looks", offset: nil, reason: "is damaged or of another version")
    }
    let images = labeled["images"]?.int ?? 0
    let counts = LabeledCounts(images: images, objects: classes.map { labeled["objects"]?[$0]?.int ?? 0 })
    let (before, step) = (looks.dropLast().last?["step"]?.int ?? 0, last["step"]?.int ?? 0)
    let seen =
      "in the \(statistics.images) unlabelled images "
      + (step == 0 ? "before the first step" : "seen in steps \(before + 1) to \(step)")
    report.addHeading("Pseudo-boxes beside labels")
    report.addTable(
      Self.table(statistics, counts, classes),
      caption: "Boxes an image: of the \(images) labelled images, and what passed each filter \(seen)")
    report.addPlots([
      Self.plot(statistics, counts, classes, title: "All that the teacher found: boxes an image by score")
    ])
  }

  private static func table(_ statistics: PseudoBoxStatistics, _ labeled: LabeledCounts, _ classes: [String])
    -> MetricTable
  {
    let purposes = PseudoBoxes.Purpose.allCases
    var table = MetricTable(
      [.init("class", .left), .init("labelled")] + purposes.map { .init("filter for \($0)") } + [.init("best score")])
    func row(_ name: String, _ objects: Int, _ passed: [Int], _ scores: [Int]) -> [String] {
      let best = scores.lastIndex { $0 > 0 }.map {
        "\(NumberText.fixed(Double($0) / Double(scores.count), 2)) to "
          + NumberText.fixed(Double($0 + 1) / Double(scores.count), 2)
      }
      return [name, mean(objects, labeled.images)] + passed.map { mean($0, statistics.images) }
        + [best ?? NumberText.missing]
    }
    let passed = purposes.map { statistics.passed($0) }
    for (index, name) in classes.enumerated() {
      table.append(row(name, labeled.objects[index], passed.map { $0[index] }, statistics.scores[index]))
    }
    if classes.count > 1 {
      table.append(
        row(
          "all", labeled.objects.reduce(0, +), passed.map { $0.reduce(0, +) },
          statistics.scores.reduce(into: [Int](repeating: 0, count: PseudoBoxStatistics.bins)) { sum, row in
            for bin in row.indices { sum[bin] += row[bin] }
          }))
    }
    return table
  }

  private static func plot(
    _ statistics: PseudoBoxStatistics, _ labeled: LabeledCounts, _ classes: [String], title: String
  ) -> Plot {
    func series(_ name: String, _ counts: [Int]) -> Plot.Series {
      let points = counts.enumerated().map { bin, count in
        (
          x: (Double(bin) + 0.5) / Double(counts.count),
          y: count == 0 ? .nan : Double(count) / Double(max(1, statistics.images))
        )
      }
      return Plot.Series(name, points, hasDots: true)
    }
    // Those with the most labels, in the order of the classes.
    let order = classes.indices.sorted { (labeled.objects[$0], $1) > (labeled.objects[$1], $0) }
    let shown = order.prefix(mostClasses).sorted()
    var lines = shown.map { series(classes[$0], statistics.scores[$0]) }
    if shown.count < classes.count {
      let all = (0..<PseudoBoxStatistics.bins).map { bin in statistics.scores.reduce(0) { $0 + $1[bin] } }
      lines.insert(series("all classes", all), at: 0)
    }
    return Plot(title: title, xLabel: "score", series: lines, isLogarithmic: true)
  }

  private static func mean(_ count: Int, _ images: Int) -> String {
    images == 0 ? NumberText.missing : NumberText.fixed(Double(count) / Double(images), 2)
  }
}
