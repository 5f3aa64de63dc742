import Documents
import Reporting
import Torch

/// Where the time of a run's steps went, beside the least that the work in it takes: `profile.json`, and what is printed.
///
/// The floor of a part is the sum of those of its operators, since they run one after another: of each the time of its
/// arithmetic at the machine's peak, or of its memory traffic, whichever is longer. It knows of no caches, so small
/// operators can be faster, and of no time beside the operators.
public struct ProfileReport: Sendable {
  /// What the steps computed on and in.
  public struct Setting: Sendable, Equatable {
    /// Such as `cpu`.
    public var device: String
    /// Such as `bfloat16`.
    public var precision: String
    /// Of the engine.
    public var threads: Int
    /// What the device reaches.
    public var peak: MachinePeak

    /// A setting.
    public init(device: String, precision: String, threads: Int, peak: MachinePeak) {
      self.device = device
      self.precision = precision
      self.threads = threads
      self.peak = peak
    }
  }

  /// Operators that the printed table names.
  static let operatorsShown = 12

  private let setting: Setting
  private let steps: Int
  private let parts: [StepProfile.Part]
  private let operators: [StepProfile.Part]

  /// What a profile holds of `steps` steps.
  ///
  /// - Precondition: at least one.
  public init(_ profile: StepProfile, steps: Int, setting: Setting) {
    let operators = profile.operators.map {
      StepProfile.Part(name: $0.name, seconds: $0.work.seconds, work: $0.work)
    }
    self.init(parts: profile.parts, operators: operators, steps: steps, setting: setting)
  }

  init(parts: [StepProfile.Part], operators: [StepProfile.Part], steps: Int, setting: Setting) {
    precondition(steps > 0, "ProfileReport: expected at least one step, got \(steps)")
    self.setting = setting
    self.steps = steps
    self.parts = parts
    self.operators = operators.sorted { ($1.seconds, $0.name) < ($0.seconds, $1.name) }
  }

  private var step: StepProfile.Part { StepProfile.sum("whole step", parts) }

  /// Each part of a step, and the step.
  public var partTable: MetricTable {
    var table = MetricTable([.init("part of a step", .left)] + Self.columns)
    for part in parts + [step] { table.append([part.name] + cells(part)) }
    return table
  }

  /// The operators that take most time, the others, what is beside them, and the step.
  public var operatorTable: MetricTable {
    var table = MetricTable([.init("operator", .left), .init("calls")] + Self.columns)
    let others = operators.dropFirst(Self.operatorsShown)
    var rows = Array(operators.prefix(Self.operatorsShown))
    if !others.isEmpty { rows.append(StepProfile.sum("\(others.count) others", others)) }
    for part in rows { table.append([part.name, perStep(part.work.calls)] + cells(part)) }
    let outside = StepProfile.Part(name: "", seconds: step.seconds - StepProfile.sum("", operators).seconds)
    table.append(["outside operators", ""] + cells(outside))
    table.append(["whole step", perStep(step.work.calls)] + cells(step))
    return table
  }

  /// How to read the tables, in lines.
  public var notes: [String] {
    let peak = setting.peak
    let arithmetic =
      "\(NumberText.fixed(peak.float32 / 1e9, 0)) GFLOP/s in float32"
      + (peak.bfloat16.map { ", \(NumberText.fixed($0 / 1e9, 0)) in bfloat16" } ?? "")
    return [
      "Means of \(steps) \(steps == 1 ? "step" : "steps") in \(setting.precision); GFLOP: of convolutions and matrix"
        + " products; GB: operands and results of all operators.",
      "Floor: each operator at the peak of \(setting.device) with \(setting.threads)"
        + " \(setting.threads == 1 ? "thread" : "threads"), measured at the start: \(arithmetic);"
        + " \(NumberText.fixed(peak.bytes / 1e9, 1)) GB/s.",
    ]
  }

  /// What is printed: both tables and the notes, in lines.
  public var lines: [String] {
    (partTable.text + "\n\n" + operatorTable.text + "\n\n" + notes.joined(separator: "\n"))
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The object that `profile.json` holds: means of a step.
  public var json: JSON {
    var peak = JSONObject([("float32", JSON(setting.peak.float32))])
    if let bfloat16 = setting.peak.bfloat16 { peak["bfloat16"] = JSON(bfloat16) }
    peak["bytes"] = JSON(setting.peak.bytes)
    func row(_ part: StepProfile.Part, isOperator: Bool = false) -> JSON {
      let mean = { (value: Double) in JSON(value / Double(steps)) }
      let calls = isOperator ? [("calls", mean(Double(part.work.calls)))] : []
      return .object(
        JSONObject(
          [("name", JSON(part.name))] + calls + [
            ("seconds", mean(part.seconds)), ("flops", mean(Double(part.work.flops))),
            ("bytes", mean(Double(part.work.bytes))), ("floorSeconds", mean(part.work.floorSeconds)),
          ]))
    }
    return [
      "steps": JSON(steps), "device": JSON(setting.device), "precision": JSON(setting.precision),
      "threads": JSON(setting.threads), "peak": .object(peak), "step": row(step),
      "parts": .array(parts.map { row($0) }), "operators": .array(operators.map { row($0, isOperator: true) }),
    ]
  }

  private static var columns: [MetricTable.Column] {
    ["ms", "share", "GFLOP", "GB", "floor ms", "ms / floor"].map { .init($0) }
  }

  private func perStep(_ calls: Int) -> String { NumberText.fixed(Double(calls) / Double(steps), 0) }

  private func cells(_ part: StepProfile.Part) -> [String] {
    func mean(_ value: Double, _ decimals: Int) -> String { NumberText.fixed(value / Double(steps), decimals) }
    let share = step.seconds > 0 ? 100 * part.seconds / step.seconds : 0
    let spent = [mean(1e3 * part.seconds, 2), NumberText.fixed(share, 1) + " %"]
    let (work, floor) = (part.work, part.work.floorSeconds)
    guard work.calls > 0 else { return spent + Array(repeating: "", count: 4) }
    // A floor that rounds to nothing has no multiple worth a number.
    let hasFloor = floor / Double(steps) >= 5e-6
    return spent + [
      mean(Double(work.flops) / 1e9, 2), mean(Double(work.bytes) / 1e9, 3), mean(1e3 * floor, 2),
      hasFloor ? NumberText.fixed(part.seconds / floor, 1) : NumberText.missing,
    ]
  }
}
