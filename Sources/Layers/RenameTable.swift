/// Names of one state dict in terms of another: rules with `*` for one component of a dotted name, and `**` at the end for
/// all that follow, one or more.
///
/// The first rule whose pattern fits the whole name applies; a name that no rule fits stays. The `*`s of the new name are
/// filled in order with what the pattern's matched.
public struct RenameTable: Sendable {
  /// One pattern and what it becomes.
  public struct Rule: Sendable {
    /// The name to look for.
    public let from: String
    /// The name it becomes.
    public let to: String
  }

  private let rules: [Rule]

  /// A table of (from, to) rules.
  public init(_ rules: [(String, String)]) { self.rules = rules.map { Rule(from: $0.0, to: $0.1) } }

  /// The table that undoes this one.
  public var reversed: RenameTable { RenameTable(rules.map { ($0.to, $0.from) }) }

  /// The name under this table.
  public func renamed(_ name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    for rule in rules {
      let pattern = rule.from.split(separator: ".", omittingEmptySubsequences: false)
      let isOpen = pattern.last == "**"
      let fixed = isOpen ? pattern.dropLast() : pattern[...]
      guard isOpen ? parts.count > fixed.count : parts.count == fixed.count,
        zip(fixed, parts).allSatisfy({ $0 == "*" || $0 == $1 })
      else { continue }
      var wildcards = zip(fixed, parts).filter { $0.0 == "*" }.map(\.1)[...]
      return rule.to.split(separator: ".", omittingEmptySubsequences: false)
        .flatMap { part -> [Substring] in
          if part == "**" { return Array(parts[fixed.count...]) }
          return [part == "*" ? (wildcards.popFirst() ?? part) : part]
        }
        .joined(separator: ".")
    }
    return name
  }
}
