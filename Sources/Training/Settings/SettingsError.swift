import Documents

/// Why settings were refused; each description is one line that names the place, what was found and what is wanted.
public enum SettingsError: Error, Equatable, CustomStringConvertible {
  /// A settings file that cannot be opened.
  case document(DocumentError)
  /// A settings file that is not YAML.
  case unreadable(file: String, reason: String)
  /// A key that the level does not have; `level` is empty at the top.
  case unknownKey(place: String, key: String, level: String, known: [String])
  /// A value of another type than its key has.
  case wrongType(place: String, key: String, found: String, wanted: String)
  /// A value of the right type that breaks a rule of its group.
  case refused(place: String, key: String, found: String, wanted: String)
  /// A `--set` that is not `key=value`.
  case badAssignment(String, reason: String)
  /// A recipe name that is neither a file nor embedded.
  case unknownRecipe(String, known: [String])

  /// One line: place, key, what was found, what is wanted.
  public var description: String {
    switch self {
    case .document(let error):
      return "\(error)"
    case .unreadable(let file, let reason):
      return "\(file): \(reason)"
    case .unknownKey(let place, let key, let level, let known):
      let whole = level.isEmpty ? key : "\(level).\(key)"
      let hint = nearestName(to: key, in: known).map { "; did you mean '\($0)'?" } ?? ""
      let keys = known.isEmpty ? "which has none" : "keys here: " + known.joined(separator: ", ")
      return "\(place): unknown key '\(whole)'\(hint) (\(keys))"
    case .wrongType(let place, let key, let found, let wanted):
      return "\(place): '\(key)' is \(found), wanted \(wanted)"
    case .refused(let place, let key, let found, let wanted):
      return "\(place): '\(key)' is \(found), it must be \(wanted)"
    case .badAssignment(let assignment, let reason):
      return "--set \(assignment): \(reason)"
    case .unknownRecipe(let name, let known):
      let hint = nearestName(to: name, in: known).map { "; did you mean '\($0)'?" } ?? ""
      return
        "recipe '\(name)' is neither a file nor a built-in recipe\(hint) (built in: \(known.joined(separator: ", ")))"
    }
  }
}
