import Documents

/// Classes renamed, united, dropped and numbered anew.
public struct ClassMapping: Sendable, Equatable {
  /// What becomes of one class.
  public struct Rule: Sendable, Equatable {
    /// Its name now.
    public var old: String
    /// Its name then; nil drops it with its objects.
    public var new: String?
    /// Its id then; nil leaves the id.
    public var id: Int?
    /// Where the rule stands, for messages.
    public var place: String

    /// A rule.
    public init(old: String, new: String?, id: Int? = nil, place: String) {
      self.old = old
      self.new = new
      self.id = id
      self.place = place
    }
  }

  /// The rules, one a class at most.
  public private(set) var rules: [String: Rule] = [:]
  /// Whether classes without a rule are dropped.
  public var dropsOthers = false
  /// The id of the first class, where all are numbered in their order.
  public var firstID: Int?

  /// The most rules: hostile files have more.
  private static let mostRules = 100_000

  /// A mapping without rules.
  public init() {}

  /// Whether a class stays, as it is or as another.
  public func keeps(_ name: String?) -> Bool {
    guard let name, let rule = rules[name] else { return !dropsOthers }
    return rule.new != nil
  }

  /// Whether it gives ids.
  public var setsIDs: Bool { firstID != nil || rules.values.contains { $0.id != nil } }

  /// Adds a rule.
  ///
  /// - Throws: Where the class has one.
  public mutating func add(_ rule: Rule) throws(AnnotationError) {
    guard rules.updateValue(rule, forKey: rule.old) == nil else {
      throw .content(place: rule.place, reason: "says a second time what becomes of \"\(rule.old)\"")
    }
    guard rules.count <= Self.mostRules else {
      throw .content(place: rule.place, reason: "there are more than \(Self.mostRules) classes with a rule")
    }
  }

  /// `old = new`, `old =` to drop the class.
  public static func rule(parsing text: String, place: String) throws(AnnotationError) -> Rule {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(\.trimmed)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw .content(place: place, reason: "\"\(text)\" is not `old = new`, nor `old =` to drop a class")
    }
    return Rule(old: parts[0], new: parts[1].isEmpty ? nil : parts[1], place: place)
  }

  /// Adds the rules of a file: CSV `old,new,id` where its name ends in .csv, the id may be missing and an empty `new` drops the
  /// class; else lines `old = new`. Blank lines and, in text, lines that begin with `#` are passed over.
  public mutating func add(file path: String) throws(AnnotationError) {
    let before = rules.count
    if Path.extension(of: path) == "csv" {
      var rows = try throwingAnnotationErrors { () throws(DocumentError) in try CSVRows(ofFile: path) }
      var isFirst = true
      while let row = try throwingAnnotationErrors({ () throws(DocumentError) in try rows.next() }) {
        let cells = row.cells.map(\.trimmed)
        defer { isFirst = false }
        if isFirst, cells.starts(with: ["old", "new"]) { continue }
        let place = "\(path): line \(row.line)"
        let id = cells.count == 3 ? Int(cells[2]) : nil
        guard (2...3).contains(cells.count), !cells[0].isEmpty, cells.count < 3 || cells[2].isEmpty || id != nil else {
          throw .content(place: place, reason: "is not `old,new` or `old,new,id` with a whole number")
        }
        try add(Rule(old: cells[0], new: cells[1].isEmpty ? nil : cells[1], id: id, place: place))
      }
    } else {
      let lines = try throwingAnnotationErrors { () throws(DocumentError) in try TextFile.lines(path) }
      for line in lines { try add(Self.rule(parsing: line.text, place: "\(path): line \(line.number)")) }
    }
    guard rules.count > before else { throw .content(place: path, reason: "says nothing of any class") }
  }
}
