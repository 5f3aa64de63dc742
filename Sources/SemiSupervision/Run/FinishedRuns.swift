import Annotations
import Documents
import Reporting
import Training

/// Finished runs of one task side by side: a table, `comparison.json`, and a page with what each finds in the same images.
struct FinishedRuns {
  /// A run that has come to its end.
  typealias Run = (folder: RunFolder, summary: RunSummary)

  /// The runs in the order in which they were named.
  let runs: [Run]
  /// The runs in groups that differ by their seeds alone.
  let groups: [ComparedGroup]
  /// Whether groups are shown as one each, with mean and spread: where one has several runs, and where runs were made for it.
  let showsMeans: Bool
  /// In what the runs' data differ, a line each: their figures differ by that, too.
  let notes: [String]

  /// The runs of the given folders, in this order.
  ///
  /// - Throws: For a folder that is no run, for one that has not come to its end, and for runs that were judged on different
  ///   test images.
  init(_ compared: [ComparedRuns]) throws {
    let opened = try compared.map { ($0.name, try $0.folders.map(Self.open)) }
    runs = opened.flatMap(\.1)
    groups = try ComparedGroup.groups(of: opened)
    showsMeans = groups.contains { $0.runs.count > 1 } || compared.contains { $0.name != nil }
    notes = try Self.differences(of: runs)
  }

  private static func open(_ path: String) throws -> Run {
    let folder = try RunFolder.open(path)
    guard Folder.hasFile(folder.summaryFile) else {
      throw RunError.data("\(path): the run has not come to its end; go on with --resume \(path)")
    }
    return (folder, try RunSummary(folder: path))
  }

  /// What differs between the first run's data and that of the others, as far as they say what it was.
  private static func differences(of runs: [Run]) throws -> [String] {
    let records = try runs.map { try DataRecord(folder: $0.folder.path) }
    var notes: [String] = []
    for (name, words) in [
      ("labeled", "learnt from other labelled"), ("validation", "was chosen on other validation"),
      ("test", "was judged on other test"),
    ] {
      let found = zip(runs, records).compactMap { run, record in
        record?[name].map { (run: run.folder.path, split: SplitRecord(run.summary.split), source: $0) }
      }
      guard let first = found.first, let other = found.first(where: { $0.source.hash != first.source.hash }) else {
        continue
      }
      func said(_ entry: (run: String, split: SplitRecord?, source: DataRecord.Source)) -> String {
        let split = name == "labeled" ? entry.split.map { ", split \($0.summary)" } ?? "" : ""
        return "\(entry.source.images) images (hash \(entry.source.short)\(split))"
      }
      let line =
        "\(other.run) \(words) images or labels than \(first.run): \(said(other)), there \(said(first))"
      if name == "test" {
        throw RunError.data(
          "\(line): their figures cannot stand side by side; predict and evaluate judge both on the same images")
      }
      notes.append(line)
    }
    return notes
  }

  /// The figures: of all runs on validation images, and of the selected weights on test images.
  func table(figures: [String]) -> MetricTable { comparison(figures: figures).table(figures: figures) }

  /// Mean and spread of the groups; nil where each has one run that was there before.
  func means(figures: [String]) -> RunMeans? {
    showsMeans ? RunMeans(groups.map { .init($0.name, $0.runs.map(\.summary)) }, figures: figures) : nil
  }

  private func comparison(figures: [String]) -> RunComparison {
    let names = showsMeans ? groups.flatMap { group in group.runs.map { _ in group.name } } : nil
    // With groups the runs stand in the order of these, else in that in which they were named.
    let shown = showsMeans ? groups.flatMap(\.runs) : runs
    var comparison = RunComparison(shown.map(\.summary), names: names, notes: notes)
    comparison.means = means(figures: figures).map { ($0, groups.map { $0.runs.map(\.folder.path) }) }
    return comparison
  }

  /// The runs of which pictures are shown: the first of each group, by the group's name.
  var pictured: [(name: String, folder: RunFolder)] {
    showsMeans ? groups.map { ($0.name, $0.runs[0].folder) } : zip(names, runs).map { ($0, $1.folder) }
  }

  /// The name of the page.
  static let page = "comparison.html"

  /// Writes `comparison.json`, `comparison.md` and `comparison.html` into a folder, with means `comparison-means.json`, too.
  ///
  /// - Parameters:
  ///   - figures: Those of the table; the first is drawn over the steps.
  ///   - pictures: The same images as each run sees them; nil for none.
  func write(to folder: String, figures: [String], pictures: [HTMLReport.Picture]?) throws {
    try comparison(figures: figures).write(to: folder, figures: figures)
    var report = HTMLReport(
      title: "Comparison: " + (showsMeans ? groups.map(\.name) : names).joined(separator: ", "),
      subtitle: runs.map(\.folder.path).joined(separator: "  "))
    if let means = means(figures: figures) {
      report.addTable(means.table, caption: "Means ± standard deviations (n − 1) over seeds")
      means.lines.forEach { report.addParagraph($0) }
      report.addHeading("Every run")
    }
    report.addTable(table(figures: figures))
    for note in notes { report.addParagraph("Note: \(note).") }
    if let plot = try plot(figures: figures), !plot.series.isEmpty { report.addPlots([plot]) }
    if let pictures {
      report.addHeading("The same images")
      report.addPictures(pictures)
    }
    try report.write(to: Path.join(folder, Self.page))
  }

  /// Methods, with their folders where a method stands twice.
  var names: [String] {
    runs.map { run in
      let isAlone = runs.count { $0.summary.method == run.summary.method } == 1
      return isAlone ? run.summary.method : "\(run.summary.method) (\(Path.name(of: run.folder.path)))"
    }
  }

  /// The first figure over the steps of each run, or that by which groups are compared over the images that each group has seen.
  private func plot(figures: [String]) throws -> Plot? {
    guard let means = means(figures: figures) else {
      return try figures.first.map {
        Plot(title: "\($0) on validation images", series: try series(of: $0), yRange: 0...1)
      }
    }
    return Plot(
      title: "\(means.figure) on validation images, means over seeds", xLabel: "images seen",
      series: try groups.compactMap { try $0.series(of: means.figure) }, yRange: 0...1)
  }

  private func series(of figure: String) throws -> [Plot.Series] {
    try zip(names, runs).flatMap { name, run in
      let history = try MetricHistory(folder: run.folder.path)
      return run.summary.validation.compactMap { judged -> Plot.Series? in
        let points = history.points("validation.\(judged.name).\(figure)")
        return points.isEmpty ? nil : Plot.Series("\(name), \(judged.name)", points, hasDots: true)
      }
    }
  }

  /// The images that the first run was judged on at the end, else on the way; nil where it says none.
  func judgedImages() throws -> (source: LabelSource, name: String, settings: SettingsDocument)? {
    guard let first = runs.first else { return nil }
    let settings = try SettingsDocument(path: first.folder.settingsFile)
    for name in ["test", "validation"] {
      let source = LabelSource(
        source: settings.text(at: "run.\(name).source"), images: settings.text(at: "run.\(name).images"),
        list: settings.text(at: "run.\(name).list"))
      if source.isGiven { return (source, name, settings) }
    }
    return nil
  }

  /// Refuses runs of different classes, given for those of which pictures are shown.
  func requireSameClasses(_ classes: [[String]]) throws(RunError) {
    let names = pictured.map(\.name)
    for (name, other) in zip(names, classes) where other != classes[0] {
      throw .data(
        "\(name) was trained for the classes \(other.joined(separator: ", ")), "
          + "\(names[0]) for \(classes[0].joined(separator: ", ")): they cannot be compared")
    }
  }
}

/// Finished runs of a task side by side.
public protocol TaskComparison {
  /// The given runs, in this order.
  init(_ runs: [ComparedRuns]) throws
  /// In what the runs' data differ, a line each.
  var notes: [String] { get }
  /// The figures of each run.
  var table: MetricTable { get }
  /// Mean and spread of runs that differ by their seeds; nil where there are none such.
  var means: RunMeans? { get }
  /// Writes `comparison.json`, `comparison.md` and `comparison.html` into a folder.
  func write(to folder: String) throws
}

extension TaskComparison {
  /// The runs of the given folders, in this order.
  public init(_ folders: [String]) throws { try self.init([ComparedRuns(folders)]) }

  /// The name of the page.
  public static var page: String { FinishedRuns.page }
}
