import Documents

/// What a run has recorded in `metrics.jsonl`, read back for plots and reports.
public struct MetricHistory: Sendable {
  private var series: [String: [(x: Double, y: Double)]] = [:]
  /// The names of all values in the order in which they first occur.
  public private(set) var names: [String] = []

  /// Reads `metrics.jsonl` of a run folder; a last line that a crash has torn is left out.
  public init(folder: String) throws(DocumentError) {
    let path = Path.join(folder, "metrics.jsonl")
    for (number, line) in try LineFile.lines(of: path).enumerated() {
      let record = try JSON(parsing: line.text, file: "\(path):\(number + 1)")
      guard let step = record["step"]?.int, let members = record.object?.members else {
        throw .content(file: "\(path):\(number + 1)", reason: "has no step")
      }
      for member in members where member.key != "step" {
        if series[member.key] == nil { names.append(member.key) }
        series[member.key, default: []].append((Double(step), member.value.double ?? .nan))
      }
    }
  }

  /// The steps and values recorded under a name; empty where there are none. NaN stands for what was no number.
  public func points(_ name: String) -> [(x: Double, y: Double)] { series[name] ?? [] }
}
