import Documents
import Reporting
import SemiSupervision
import Training

/// How a program trains and compares methods without arguments.
package enum DemoRuns {
  /// Trains by settings in a folder of the demo's, or goes on with it; nil where the flags ask for something else than training.
  package static func train<Run: TaskRun>(
    _: Run.Type, _ settings: Run.TaskSettings, _ options: RunOptions, in output: String
  ) throws -> String? {
    let path = Path.join(output, settings.method.name)
    try TrainingSession<Run>(settings).trainOrGoOn(options, in: path)
    return options.dryRun || options.explain ? nil : path
  }

  /// Writes and shows the comparison of finished runs; nothing where there are none.
  package static func compare<Comparison: TaskComparison>(
    _: Comparison.Type, _ runs: [String?], in output: String
  ) throws {
    let finished = runs.compactMap { $0 }
    guard !finished.isEmpty else { return }
    let comparison = try Comparison(finished)
    try comparison.write(to: output)
    print(comparison.table.text)
    print("\n\(Path.join(output, Comparison.page)) shows both on the same images; each run has its report.html")
  }
}
