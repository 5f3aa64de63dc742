/// Settings that a method names: laid over the defaults, below a recipe and the command line.
public struct SettingsPreset: Sendable {
  /// As `method.preset` names it.
  public let name: String
  /// What it sets, in YAML; empty for the defaults.
  public let yaml: String

  /// A named overlay.
  public init(_ name: String, _ yaml: String) {
    self.name = name
    self.yaml = yaml
  }

  /// The document that is laid over the defaults.
  public func document() throws(SettingsError) -> SettingsDocument {
    try SettingsDocument(yaml: yaml, name: "preset \(name)")
  }
}
