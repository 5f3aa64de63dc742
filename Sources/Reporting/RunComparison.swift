import Documents

/// Several runs side by side: `comparison.json` and a table.
public struct RunComparison: Sendable {
  /// The runs, in the order of the table's rows.
  public var runs: [RunSummary]
  /// By what the table names each run.
  public var names: [String]
  /// What a reader of the table should know, a line each.
  public var notes: [String]
  /// The runs in groups that differ by their seeds alone, where that is shown, too, and the folders of each.
  public var means: (RunMeans, folders: [[String]])?

  /// The given runs.
  ///
  /// - Parameter names: By what the table names them; nil for their methods.
  public init(_ runs: [RunSummary], names: [String]? = nil, notes: [String] = []) {
    self.runs = runs
    self.names = names ?? runs.map(\.method)
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
    for (name, run) in zip(names, runs) {
      let judged = run.validation.map { ("validation", $0.name, $0.metrics) }
      let tested = run.test.map { [("test", run.selectedModel, $0)] } ?? []
      for (set, model, metrics) in judged + tested {
        table.append(
          [name, String(run.seed), set, model] + figures.map { Self.text(metrics, $0) }
            + [String(run.step), String(run.allImagesSeen), NumberText.duration(run.allSeconds)])
      }
    }
    return table
  }

  /// An array of the runs' summaries.
  public var json: JSON { .array(runs.map(\.json)) }

  /// Writes `comparison.json` and `comparison.md` into a folder, with means `comparison-means.json`, too.
  public func write(to folder: String, figures: [String] = ["AP", "AP50", "AP75"]) throws(DocumentError) {
    try Folder.create(folder)
    try AtomicFile.write(json.serialized(pretty: true), to: Path.join(folder, "comparison.json"))
    if let (means, folders) = means {
      try AtomicFile.write(
        means.json(folders: folders).serialized(pretty: true), to: Path.join(folder, "comparison-means.json"))
    }
    let summary = means.map { [$0.0.table.markdown] + $0.0.lines } ?? []
    let text = (summary + [table(figures: figures).markdown] + notes.map { "Note: \($0)." }).joined(
      separator: "\n\n")
    try AtomicFile.write(text + "\n", to: Path.join(folder, "comparison.md"))
  }

  /// `classesAP50.cat` is read as `AP50 cat`, `classes.cat` as the figure of classes by which the runs were judged: `AP cat`, `IoU cat`.
  static func title(_ figure: String, among figures: [String]) -> String {
    let word = figures.contains("mIoU") ? "IoU " : "AP "
    for (prefix, word) in [("classesAP50.", "AP50 "), ("classes.", word)] where figure.hasPrefix(prefix) {
      return word + figure.dropFirst(prefix.count)
    }
    return figure
  }

  private static func text(_ metrics: JSON, _ figure: String) -> String {
    value(metrics, figure).map(NumberText.figure) ?? NumberText.missing
  }

  /// A figure by its key; with a dot, a key within an object; nil where it does not exist, which a negative number says, too.
  static func value(_ metrics: JSON, _ figure: String) -> Double? {
    var value: JSON? = metrics
    for key in figure.split(separator: ".") { value = value?[String(key)] }
    return value?.double.flatMap { $0 < 0 ? nil : $0 }
  }
}

extension RunSummary {
  /// The predictor in `selectedBy` (`validation.teacher.AP`); the only one where it names none.
  public var selectedModel: String {
    let parts = selectedBy.split(separator: ".").map(String.init)
    return validation.map(\.name).first { parts.contains($0) } ?? (validation.count == 1 ? validation[0].name : "")
  }
}
