import Annotations
import Documents
import Reporting
import Training

/// Finished runs of one task side by side: a table, `comparison.json`, and a page with what each finds in the same images.
struct FinishedRuns {
  /// The runs in the order in which they were named.
  let runs: [(folder: RunFolder, summary: RunSummary)]
  /// In what the runs' data differ, a line each: their figures differ by that, too.
  let notes: [String]

  /// The runs of the given folders, in this order.
  ///
  /// - Throws: For a folder that is no run, for one that has not come to its end, and for runs that were judged on different
  ///   test images.
  init(_ folders: [String]) throws {
    runs = try folders.map { path in
      let folder = try RunFolder.open(path)
      guard Folder.hasFile(folder.summaryFile) else {
        throw RunError.data("\(path): the run has not come to its end; go on with --resume \(path)")
      }
      return (folder, try RunSummary(folder: path))
    }
    notes = try Self.differences(of: runs)
  }

  /// What differs between the first run's data and that of the others, as far as they say what it was.
  private static func differences(of runs: [(folder: RunFolder, summary: RunSummary)]) throws -> [String] {
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
  func table(figures: [String]) -> MetricTable { comparison.table(figures: figures) }

  private var comparison: RunComparison { RunComparison(runs.map(\.summary), notes: notes) }

  /// The name of the page.
  static let page = "comparison.html"

  /// Writes `comparison.json`, `comparison.md` and `comparison.html` into a folder.
  ///
  /// - Parameters:
  ///   - figures: Those of the table; the first is drawn over the steps.
  ///   - pictures: The same images as each run sees them; nil for none.
  func write(to folder: String, figures: [String], pictures: [HTMLReport.Picture]?) throws {
    try comparison.write(to: folder, figures: figures)
    var report = HTMLReport(
      title: "Comparison: " + names.joined(separator: ", "), subtitle: runs.map(\.folder.path).joined(separator: "  "))
    report.addTable(table(figures: figures))
    for note in notes { report.addParagraph("Note: \(note).") }
    if let figure = figures.first {
      let plot = Plot(title: "\(figure) on validation images", series: try series(of: figure), yRange: 0...1)
      if !plot.series.isEmpty { report.addPlots([plot]) }
    }
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

  /// Refuses runs of different classes.
  func requireSameClasses(_ classes: [[String]]) throws(RunError) {
    for (name, other) in zip(names, classes) where other != classes[0] {
      throw .data(
        "\(name) was trained for the classes \(other.joined(separator: ", ")), "
          + "\(names[0]) for \(classes[0].joined(separator: ", ")): they cannot be compared")
    }
  }
}

/// Finished runs of a task side by side.
public protocol TaskComparison {
  /// The runs of the given folders, in this order.
  init(_ folders: [String]) throws
  /// In what the runs' data differ, a line each.
  var notes: [String] { get }
  /// The figures.
  var table: MetricTable { get }
  /// Writes `comparison.json`, `comparison.md` and `comparison.html` into a folder.
  func write(to folder: String) throws
}

extension TaskComparison {
  /// The name of the page.
  public static var page: String { FinishedRuns.page }
}
