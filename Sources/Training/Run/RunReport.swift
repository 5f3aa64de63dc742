import Documents
import Reporting

/// A part of a run's report that is made from a file of the run which its own writer knows.
public protocol RunReportSection: Sendable {
  /// Adds what the run's files have for it; nothing where they are not there.
  func add(to report: inout HTMLReport, of run: RunFolder) throws(DocumentError)
}

/// The report of a run as one web page: figures, curves, pictures, settings.
///
/// It is made from the run's files alone, so it can be made at any time, also of a run that was stopped.
public struct RunReport {
  /// The run.
  public let run: RunFolder
  /// The figures of `summary.json` and of the judgements that stand in the first table.
  public var figures = ["AP", "AP50", "AP75"]
  /// Further parts, each made from files that others have written into the run's folder.
  public var sections: [any RunReportSection] = []
  /// The names of the losses' common beginning; all of them share a plot.
  private static let lossPrefix = "loss"
  /// As above, for the losses of unlabelled images.
  private static let unlabeledPrefix = "unlabeled_"
  /// As above, for counts of pseudo-boxes.
  private static let pseudoPrefix = "pseudo."

  /// A report of a run.
  public init(_ run: RunFolder, sections: [any RunReportSection] = []) {
    self.run = run
    self.sections = sections
  }

  /// Writes `report.html`.
  ///
  /// - Parameters:
  ///   - title: The heading.
  ///   - summary: The outcome; nil while the run goes on.
  ///   - tables: Further tables, such as the figures of each class.
  ///   - pictures: Pictures of what was found, with captions.
  public func write(
    title: String, summary: RunSummary?, tables: [(table: MetricTable, caption: String)] = [],
    pictures: [HTMLReport.Picture] = []
  ) throws(RunError) {
    let sheets = try Self.evenly(run.sheets(), count: 3)
    try asRunError { () throws(DocumentError) in
      var report = HTMLReport(title: title, subtitle: try text(of: run.commandFile))
      let history = try MetricHistory(folder: run.path)
      if let summary {
        report.addTable(RunComparison([summary]).table(figures: figures), caption: "Selected by \(summary.selectedBy)")
      } else {
        report.addParagraph("The run has not come to its end; these are its figures so far.")
      }
      for (table, caption) in tables { report.addTable(table, caption: caption) }
      report.addHeading("Curves")
      report.addPlots(plots(of: history))
      if !pictures.isEmpty {
        report.addHeading("Pictures")
        report.addPictures(pictures)
      }
      if !sheets.isEmpty {
        report.addHeading("What the teacher passed on")
        report.addPictures(
          try sheets.map { path throws(DocumentError) in
            try HTMLReport.Picture(path: path, caption: "\(Path.name(of: path)): weak views left, strong views right")
          })
      }
      for section in sections { try section.add(to: &report, of: run) }
      report.addHeading("Log")
      report.addCode(try text(of: run.logFile))
      report.addHeading("Settings")
      report.addCode(try text(of: run.settingsFile))
      report.addHeading("Versions")
      report.addCode(try text(of: run.versionsFile))
      try report.write(to: run.reportFile)
    }
  }

  /// The first, the last, and those between at even distances.
  private static func evenly(_ paths: [String], count: Int) -> [String] {
    guard paths.count > count else { return paths }
    return (0..<count).map { paths[$0 * (paths.count - 1) / (count - 1)] }
  }

  /// Losses, figures of the judged models, learning rates and gradient norms, and the time of a step.
  private func plots(of history: MetricHistory) -> [Plot] {
    func series(_ names: [String], smoothing: Int = 1, dots: Bool = false, shortening prefix: String = "")
      -> [Plot.Series]
    {
      names.compactMap { name in
        let points = history.points(name)
        let shown = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        return points.isEmpty ? nil : Plot.Series(shown, points, smoothing: smoothing, hasDots: dots)
      }
    }
    let losses = history.names.filter { $0.hasPrefix(Self.lossPrefix) }
    let unlabeled = history.names.filter { $0.hasPrefix(Self.unlabeledPrefix) }
    let pseudo = history.names.filter { $0.hasPrefix(Self.pseudoPrefix) }
    let judged = figures.flatMap { figure in history.names.filter { $0.hasSuffix("." + figure) } }
    let rates = history.names.filter { $0.hasPrefix("learningRate.") }
    let norms = history.names.filter { $0.hasPrefix("gradientNorm.") }
    let plots = [
      Plot(title: "Losses", series: series(losses, smoothing: 5)),
      Plot(
        title: "Losses of unlabelled images, without their weight",
        series: series(unlabeled, smoothing: 5, shortening: Self.unlabeledPrefix)),
      Plot(
        title: "Pseudo-boxes an unlabelled image",
        series: series(pseudo, smoothing: 5, shortening: Self.pseudoPrefix)),
      Plot(
        title: "Validation", series: series(judged, dots: true, shortening: "validation."), yRange: 0...1),
      Plot(title: "Learning rate", series: series(rates, shortening: "learningRate.")),
      Plot(title: "Gradient norm before clipping", series: series(norms, smoothing: 5, shortening: "gradientNorm.")),
      Plot(
        title: "Seconds of a step, and of them waiting for images",
        series: series(["secondsPerStep", "dataSecondsPerStep"])),
    ]
    return plots.filter { !$0.series.isEmpty }
  }

  private func text(of path: String) throws(DocumentError) -> String {
    guard Folder.hasFile(path) else { return "" }
    return try MappedFile(path: path).withBytes { String(decoding: $0, as: UTF8.self) }
  }
}
