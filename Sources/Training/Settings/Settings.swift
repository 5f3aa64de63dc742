/// A group of settings: a `Codable` struct whose defaults stand in its declarations, and nowhere else.
///
/// Properties are numbers, text, flags, enums with raw values (`CaseIterable`, so that errors list the cases), lists of
/// these, and further groups; never optionals: absence is a named case. A property `learningRate` is the key
/// `learning_rate` of recipes, of `--set`, and of a run's `settings.yaml`.
///
/// ```swift
/// struct OptimizerSettings: Settings {
///   /// Step size at the reference batch.
///   var learningRate = 0.01
///   var rules: [SettingsRule] { [SettingsRule("learning_rate", learningRate > 0, "more than 0")] }
/// }
/// ```
public protocol Settings: Codable, Sendable, Equatable {
  /// The defaults.
  init()
  /// What must hold beyond the types; checked whenever settings are read, with the place of the key in the error.
  var rules: [SettingsRule] { get }
  /// Keys on whose values the defaults of others depend.
  static var choices: [SettingsChoice] { get }
}

extension Settings {
  /// No rules beyond the types.
  public var rules: [SettingsRule] { [] }

  /// Defaults that stand as they are declared.
  public static var choices: [SettingsChoice] { [] }

  /// The defaults with documents laid over them in order, and then the assignments of the command line.
  ///
  /// - Parameter assignments: `key.path=value`, the value in YAML.
  public static func resolved(
    _ documents: [SettingsDocument] = [], assignments: [String] = []
  ) throws(SettingsError) -> Self {
    try resolved(over: Self(), documents, assignments: assignments)
  }

  /// Settings given in code with documents and assignments laid over them.
  public static func resolved(
    over base: Self, _ documents: [SettingsDocument] = [], assignments: [String] = []
  ) throws(SettingsError) -> Self {
    do {
      var tree = try SettingsEncoder.node(of: base)
      let assigned = try assignments.map { try SettingsNode(assignment: $0) }
      for layer in documents.map({ [$0.root] }) + [assigned] {
        // What a layer says itself goes before what its choices bring.
        for choice in choices { tree = try choice.applied(to: tree, chosenBy: layer) }
        for part in layer { tree = try tree.overlaid(with: part) }
      }
      return try SettingsDecoder(node: tree, path: "").value(Self.self)
    } catch let error as SettingsError {
      throw error
    } catch {
      throw .unreadable(file: "settings", reason: "\(error)")
    }
  }

  /// All settings as YAML in declared order: what `settings.yaml` of a run folder holds, and reads back to the same.
  public var yaml: String {
    do {
      return try SettingsEncoder.node(of: self).yaml
    } catch {
      preconditionFailure("settings \(Self.self): expected an encodable value, got \(error)")
    }
  }
}

/// One condition on a group of settings.
public struct SettingsRule: Sendable {
  /// The key in the group, as files spell it; of a group within it with a dot between.
  public let key: String
  /// Whether the settings meet the condition.
  public let holds: Bool
  /// What the value must be, to complete "it must be …".
  public let wanted: String

  /// A condition; `wanted` completes the sentence "it must be …".
  public init(_ key: String, _ holds: Bool, _ wanted: String) {
    self.key = key
    self.holds = holds
    self.wanted = wanted
  }
}
