import Documents
import Reporting
import Training

/// Folders of finished runs for a comparison.
public struct ComparedRuns: Sendable {
  /// By what they are told from others where they were made for the comparison; nil for runs that were there before.
  public let name: String?
  /// The folders.
  public let folders: [String]

  /// Runs that were there before.
  public init(_ folders: [String]) { (name, self.folders) = (nil, folders) }

  /// Runs that differ by their seeds alone.
  public init(name: String, folders: [String]) { (self.name, self.folders) = (name, folders) }
}

/// Runs of a comparison that differ by their seeds, and maybe by the images that these drew.
struct ComparedGroup {
  /// By what it is told from others.
  let name: String
  /// At least one.
  let runs: [FinishedRuns.Run]

  /// Groups in the order of their first runs: those that have a name, and of the others the runs whose settings are the same but for
  /// what the command line says of seed and data.
  static func groups(of compared: [(name: String?, runs: [FinishedRuns.Run])]) throws -> [ComparedGroup] {
    var found: [(name: String?, settings: SettingsDocument?, runs: [FinishedRuns.Run])] = []
    for (name, runs) in compared {
      guard name == nil else {
        found.append((name, nil, runs))
        continue
      }
      for run in runs {
        let settings = try SettingsDocument(path: run.folder.settingsFile)
        let place = found.firstIndex {
          $0.settings?.differences(from: settings, ignoring: ["run", "masks"]).isEmpty == true
        }
        if let place { found[place].runs.append(run) } else { found.append((nil, settings, [run])) }
      }
    }
    let methods = found.map { $0.name ?? $0.runs[0].summary.method }
    return zip(found, methods).map { group, method in
      let isAlone = methods.count { $0 == method } == 1
      let folder = Path.name(of: group.runs[0].folder.path)
      return ComparedGroup(name: group.name ?? (isAlone ? method : "\(method) (\(folder))"), runs: group.runs)
    }
  }

  /// The mean over the runs of a figure of the judged model on validation images, over the images that a run has seen in all of its
  /// stages: where all runs were judged. Nil where that was nowhere.
  func series(of figure: String) throws -> Plot.Series? {
    let histories = try runs.map { run in
      let summary = run.summary
      let stepImages = Double(summary.imagesSeen) / Double(max(1, summary.steps))
      let before = Double(summary.allImagesSeen - summary.imagesSeen)
      let points = try MetricHistory(folder: run.folder.path)
        .points("validation.\(summary.selectedModel).\(figure)")
      return points.map { (x: before + $0.x * stepImages, y: $0.y) }
    }
    let points = (histories.first ?? []).compactMap { point -> (x: Double, y: Double)? in
      let values = histories.compactMap { history in history.first { $0.x == point.x }?.y }
      return values.count == runs.count ? Spread(values).map { (point.x, $0.mean) } : nil
    }
    return points.isEmpty ? nil : Plot.Series(name, points, hasDots: true)
  }
}
