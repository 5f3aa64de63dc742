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

/// The name that differs least from what was typed, if it is near enough to be meant: at most a third of its letters.
public func nearestName(to typed: String, in names: [String]) -> String? {
  let best = names.map { (name: $0, distance: editDistance(typed, $0)) }.min { $0.distance < $1.distance }
  guard let best, best.distance <= max(1, max(typed.count, best.name.count) / 3) else { return nil }
  return best.name
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first)
  let b = Array(second)
  var rows = [Array(0...b.count)]
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
      row.append(cost)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
