/// How long a run is, how often it looks up, and what keeps it safe.
public struct TrainerSettings: Settings {
  /// Steps of the run.
  public var steps = 1000
  /// Micro-batches that a step's images are shared out among, one in memory at a time; their gradients are averaged.
  public var accumulation = 1
  /// Steps between lines of the log.
  public var reportEvery = 20
  /// Steps between evaluations on the validation images; 0 for one at the end only.
  public var evaluateEvery = 0
  /// Steps between checkpoints; the end and a stop signal save too.
  public var saveEvery = 500
  /// Steps between contact sheets of what a teacher passes on, for methods that have one; 0 for none.
  public var sheetEvery = 100
  /// Snapshots of the judged model's weights that are kept, at even distances, the last at the end; 0 for none.
  public var keepSnapshots = 0
  /// Largest norm of a model's gradient; larger ones are scaled down to it.
  public var gradientClip = Limit.off
  /// Whether an NVIDIA GPU times the algorithms of each convolution where its sizes are first seen and keeps to the fastest, in steps
  /// alone: pays where all views are of one size, as crops are; costs seconds for every new size.
  public var searchConvolutions = false
  /// Steps in a row with values that are not finite, after which the run ends; each such step is skipped and counted.
  public var notFiniteLimit = 10

  /// The defaults.
  public init() {}

  /// Counts that make a run.
  public var rules: [SettingsRule] {
    [
      SettingsRule("steps", steps >= 1, "1 or more"),
      SettingsRule("accumulation", accumulation >= 1, "1 or more"),
      SettingsRule("report_every", reportEvery >= 1, "1 or more"),
      SettingsRule("evaluate_every", evaluateEvery >= 0, "0 or more"),
      SettingsRule("save_every", saveEvery >= 1, "1 or more"),
      SettingsRule("sheet_every", sheetEvery >= 0, "0 or more"),
      SettingsRule("keep_snapshots", (0...steps).contains(keepSnapshots), "between 0 and steps"),
      SettingsRule("gradient_clip", gradientClip.value.map { $0 > 0 } ?? true, "off or more than 0"),
      SettingsRule("not_finite_limit", notFiniteLimit >= 1, "1 or more"),
    ]
  }
}

/// A number that limits something, or `off`.
public enum Limit: Codable, Sendable, Equatable {
  /// No limit.
  case off
  /// The limit.
  case at(Double)

  /// The limit where there is one.
  public var value: Double? {
    switch self {
    case .off: nil
    case .at(let value): value
    }
  }

  /// Reads `off` or a number.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if (try? container.decode(String.self)) == "off" {
      self = .off
    } else if let value = try? container.decode(Double.self) {
      self = .at(value)
    } else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "off or a number")
    }
  }

  /// Writes `off` or the number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .off: try container.encode("off")
    case .at(let value): try container.encode(value)
    }
  }
}
