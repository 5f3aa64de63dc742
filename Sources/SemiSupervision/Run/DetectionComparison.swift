import Annotations
import Detection
import Documents
import Reporting
import Samples
import Torch
import Training

/// Finished detection runs side by side: a table, `comparison.json`, and a page with what each finds in the same images.
public struct DetectionComparison {
  private let runs: [(folder: RunFolder, summary: RunSummary)]
  /// In what the runs' data differ, a line each: their figures differ by that, too.
  public let notes: [String]

  /// The runs of the given folders, in this order.
  ///
  /// - Throws: For a folder that is no run, for one that has not come to its end, and for runs that were judged on different
  ///   test images.
  public init(_ folders: [String]) throws {
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
  public var table: MetricTable { comparison.table() }

  private var comparison: RunComparison { RunComparison(runs.map(\.summary), notes: notes) }

  /// The name of the page.
  public static let page = "comparison.html"

  /// Writes `comparison.json`, `comparison.md` and `comparison.html` into a folder.
  public func write(to folder: String, count: Int = 12) throws {
    try comparison.write(to: folder)
    var report = HTMLReport(
      title: "Comparison: " + names.joined(separator: ", "), subtitle: runs.map(\.folder.path).joined(separator: "  "))
    report.addTable(table)
    for note in notes { report.addParagraph("Note: \(note).") }
    let plot = Plot(title: "AP on validation images", series: try series(), yRange: 0...1)
    if !plot.series.isEmpty { report.addPlots([plot]) }
    if let pictures = try pictures(count: count) {
      report.addHeading("The same images")
      report.addPictures(pictures)
    }
    try report.write(to: Path.join(folder, Self.page))
  }

  /// Methods, with their folders where a method stands twice.
  private var names: [String] {
    runs.map { run in
      let isAlone = runs.count { $0.summary.method == run.summary.method } == 1
      return isAlone ? run.summary.method : "\(run.summary.method) (\(Path.name(of: run.folder.path)))"
    }
  }

  private func series() throws -> [Plot.Series] {
    try zip(names, runs).flatMap { name, run in
      let history = try MetricHistory(folder: run.folder.path)
      return run.summary.validation.compactMap { judged -> Plot.Series? in
        let points = history.points("validation.\(judged.name).AP")
        return points.isEmpty ? nil : Plot.Series("\(name), \(judged.name)", points, hasDots: true)
      }
    }
  }

  /// What every run's selected weights find in the first run's test images, else in its validation images.
  private func pictures(count: Int) throws -> [HTMLReport.Picture]? {
    guard let first = runs.first else { return nil }
    let settings = try SettingsDocument(path: first.folder.settingsFile)
    func source(_ name: String) -> LabelSource {
      LabelSource(
        source: settings.text(at: "run.\(name).source"), images: settings.text(at: "run.\(name).images"),
        list: settings.text(at: "run.\(name).list"))
    }
    guard let labels = ["test", "validation"].map(source).first(where: \.isGiven) else { return nil }
    let detectors = try zip(names, runs).map { name, run in
      let saved = try SavedDetector(checkpoint: run.folder.path)
      return (name, saved)
    }
    guard let classes = detectors.first?.1.classes else { return nil }
    for (name, saved) in detectors where saved.classes != classes {
      throw RunError.data(
        "\(name) was trained for the classes \(saved.classes.joined(separator: ", ")), "
          + "\(detectors[0].0) for \(classes.joined(separator: ", ")): they cannot be compared")
    }
    let pictures = DetectionPictures(reading: try labels.readToJudge(), classes: classes, count: count)
    return try pictures.pictures(
      of: detectors.map {
        ($0, DetectionReader($1.detector, reader: $1.reader(batchSize: 4, workers: 2), device: .cpu))
      })
  }
}
