/// What happened to each name when stored tensors were loaded into a module.
public struct LoadReport: Sendable, Equatable {
  /// A stored tensor of another shape than the module's.
  public struct Mismatch: Sendable, Equatable {
    /// The name in the module.
    public let name: String
    /// The module's shape.
    public let wanted: [Int]
    /// The stored shape.
    public let found: [Int]

    /// One mismatch.
    public init(name: String, wanted: [Int], found: [Int]) {
      (self.name, self.wanted, self.found) = (name, wanted, found)
    }
  }

  /// Names that were loaded.
  public var loaded: [String] = []
  /// Names of the module that were not stored.
  public var missing: [String] = []
  /// Stored names that the module does not have.
  public var unexpected: [String] = []
  /// Names stored with another shape.
  public var mismatched: [Mismatch] = []

  /// Whether every name was loaded and nothing was left over.
  public var isComplete: Bool { missing.isEmpty && unexpected.isEmpty && mismatched.isEmpty }

  /// The report without the given prefixes' missing, unexpected and mismatched names: exceptions a caller has listed.
  public func excusing(prefixes: [String]) -> LoadReport {
    func excused(_ name: String) -> Bool { prefixes.contains { name.hasPrefix($0) } }
    var rest = self
    rest.missing.removeAll(where: excused)
    rest.unexpected.removeAll(where: excused)
    rest.mismatched.removeAll { excused($0.name) }
    return rest
  }

  /// The report with the names that a table gives, such as those of the file.
  public func renamed(_ table: RenameTable) -> LoadReport {
    var other = self
    other.loaded = loaded.map(table.renamed)
    other.missing = missing.map(table.renamed)
    other.unexpected = unexpected.map(table.renamed)
    other.mismatched = mismatched.map { Mismatch(name: table.renamed($0.name), wanted: $0.wanted, found: $0.found) }
    return other
  }

  /// The numbers in one line, as for a log: `loaded 265 of 295 tensors; missing 4: …`.
  public var summary: String {
    var parts = ["loaded \(loaded.count) of \(loaded.count + missing.count + mismatched.count) tensors"]
    func list(_ names: [String]) -> String {
      names.prefix(4).joined(separator: ", ") + (names.count > 4 ? ", and \(names.count - 4) more" : "")
    }
    if !missing.isEmpty { parts.append("missing \(missing.count): \(list(missing))") }
    if !unexpected.isEmpty { parts.append("unexpected \(unexpected.count): \(list(unexpected))") }
    if !mismatched.isEmpty {
      let shapes = mismatched.map { "\($0.name) is \($0.found), wanted \($0.wanted)" }
      parts.append("of another shape \(mismatched.count): \(list(shapes))")
    }
    return parts.joined(separator: "; ")
  }
}

/// Weights that do not fit a module.
public struct LoadError: Error, CustomStringConvertible, Equatable {
  /// Where the weights came from.
  public let source: String
  /// What fitted and what did not.
  public let report: LoadReport

  /// An error about weights from `source`.
  public init(source: String, report: LoadReport) {
    self.source = source
    self.report = report
  }

  /// One line: source and report.
  public var description: String { "\(source): weights do not fit the model: \(report.summary)" }
}
