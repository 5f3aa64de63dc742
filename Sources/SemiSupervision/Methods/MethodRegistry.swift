import Training

/// The ways of learning that a program offers, by their names.
public protocol MethodRegistry {
  /// What recipes of the program say their `task` is; nil where they say none.
  static var task: String? { get }
  /// The settings types of all methods, the plainest first.
  static var settings: [any RunMethodSettings.Type] { get }
  /// What methods cost beside supervised training, by their names; of some that is not measured.
  static var costs: [String: MethodCost] { get }
  /// What can come before any of them: the setting that asks for it, and one line about it.
  static var firstStages: [(choice: String, summary: String)] { get }
}

extension MethodRegistry {
  /// Nothing.
  public static var firstStages: [(choice: String, summary: String)] { [] }
  /// Their names, the plainest first.
  public static var names: [String] { settings.map { $0.init().name } }
  /// Name and one line about each, with what it costs.
  public static var summaries: [(name: String, summary: String)] {
    settings.map { settings in
      let name = settings.init().name
      return (name, settings.summary + (costs[name].map { " (\($0.words))" } ?? ""))
    }
  }
}
