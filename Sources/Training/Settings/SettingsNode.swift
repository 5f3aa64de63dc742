/// Where a value of the settings comes from: what an error names.
enum SettingsOrigin: Equatable, Sendable, CustomStringConvertible {
  /// The default in the declaration of the Swift property.
  case declaration
  /// A line of a recipe or of a run's `settings.yaml`; lines count from 1.
  case file(String, line: Int)
  /// One `--set key=value` of the command line, as typed.
  case commandLine(String)

  var description: String {
    switch self {
    case .declaration: "default"
    case .file(let path, let line): "\(path):\(line)"
    case .commandLine(let assignment): "--set \(assignment)"
    }
  }
}

/// One place in a tree of settings: a group of keys, a list, or a single value kept as its text.
struct SettingsNode: Equatable, Sendable {
  /// A key of a group with what it holds.
  struct Entry: Equatable, Sendable {
    var key: String
    var node: SettingsNode
  }

  enum Content: Equatable, Sendable {
    case group([Entry])
    case list([SettingsNode])
    /// `quoted` text is text even where it looks like a number.
    case value(String, quoted: Bool)
  }

  var content: Content
  var origin: SettingsOrigin

  /// The node of a key, if this is a group that has it.
  subscript(key: String) -> SettingsNode? {
    guard case .group(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.node
  }

  /// What stands here, in words for an error.
  var found: String {
    switch content {
    case .group(let entries): entries.isEmpty ? "an empty group" : "a group (\(entries[0].key): …)"
    case .list(let items): "a list of \(items.count)"
    case .value(let text, let quoted): quoted ? "the text \"\(text)\"" : text.isEmpty ? "nothing" : "'\(text)'"
    }
  }
}

extension String {
  /// The spelling of a Swift property name as a key of a settings file: `learningRate` is `learning_rate`.
  var snakeCased: String {
    let letters = Array(self)
    var result = ""
    for (index, letter) in letters.enumerated() {
      if letter.isUppercase, index > 0 {
        let afterSmall = !letters[index - 1].isUppercase && letters[index - 1] != "_"
        let beforeSmall = index + 1 < letters.count && letters[index + 1].isLowercase
        if afterSmall || (beforeSmall && letters[index - 1] != "_") { result.append("_") }
      }
      result += letter.lowercased()
    }
    return result
  }
}
