import Documents

/// Several runs side by side: `comparison.json` and a table.
public struct RunComparison: Sendable {
  /// The runs, in the order of the table's rows.
  public var runs: [RunSummary]
  /// What a reader of the table should know, a line each.
  public var notes: [String]

  /// The given runs.
  public init(_ runs: [RunSummary], notes: [String] = []) {
    self.runs = runs
    self.notes = notes
  }

  /// One row a run and predictor on the validation set, and one a run on the test set. Images and time are those of all stages.
  ///
  /// - Parameter figures: the keys of the figures shown, such as `AP` and `AP50`; with a dot, a key within an object.
  public func table(figures: [String] = ["AP", "AP50", "AP75"]) -> MetricTable {
    typealias Column = MetricTable.Column
    var table = MetricTable(
      [Column("method", .left), Column("seed"), Column("judged on", .left), Column("model", .left)]
        + figures.map { Column(Self.title($0, among: figures)) } + [
          Column("step"), Column("images seen"), Column("time"),
        ])
    for run in runs {
      let judged = run.validation.map { ("validation", $0.name, $0.metrics) }
      let tested = run.test.map { [("test", run.selectedModel, $0)] } ?? []
      for (set, model, metrics) in judged + tested {
        table.append(
          [run.method, String(run.seed), set, model] + figures.map { Self.text(metrics, $0) }
            + [String(run.step), String(run.allImagesSeen), NumberText.duration(run.allSeconds)])
      }
    }
    return table
  }

  /// An array of the runs' summaries.
  public var json: JSON { .array(runs.map(\.json)) }

  /// Writes `comparison.json` and `comparison.md` into a folder.
  public func write(to folder: String, figures: [String] = ["AP", "AP50", "AP75"]) throws(DocumentError) {
    try Folder.create(folder)
    try AtomicFile.write(json.serialized(pretty: true), to: Path.join(folder, "comparison.json"))
    let text = ([table(figures: figures).markdown] + notes.map { "Note: \($0)." }).joined(separator: "\n\n")
    try AtomicFile.write(text + "\n", to: Path.join(folder, "comparison.md"))
  }

  /// `classesAP50.cat` is read as `AP50 cat`, `classes.cat` as the figure of classes by which the runs were judged: `AP cat`, `IoU cat`.
  private static func title(_ figure: String, among figures: [String]) -> String {
    let word = figures.contains("mIoU") ? "IoU " : "AP "
    for (prefix, word) in [("classesAP50.", "AP50 "), ("classes.", word)] where figure.hasPrefix(prefix) {
      return word + figure.dropFirst(prefix.count)
    }
    return figure
  }

  private static func text(_ metrics: JSON, _ figure: String) -> String {
    var value: JSON? = metrics
    for key in figure.split(separator: ".") { value = value?[String(key)] }
    return value?.double.map(NumberText.figure) ?? NumberText.missing
  }
}

extension RunSummary {
  /// The predictor in `selectedBy` (`validation.teacher.AP`); the only one where it names none.
  fileprivate var selectedModel: String {
    let parts = selectedBy.split(separator: ".").map(String.init)
    return validation.map(\.name).first { parts.contains($0) } ?? (validation.count == 1 ? validation[0].name : "")
  }
}
