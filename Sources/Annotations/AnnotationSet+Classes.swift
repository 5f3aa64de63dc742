extension AnnotationSet {
  /// The same labels under the classes of `reference`, matched by name.
  ///
  /// - Parameters:
  ///   - source: where these labels come from, for messages.
  ///   - other: where the reference's labels come from, for messages.
  /// - Throws: where a class is not among the reference's, or, for files that list their classes, one of the
  ///   reference's is missing: the message names the difference.
  public func matched(
    to reference: AnnotationSet, source: String, other: String
  ) throws(AnnotationError) -> AnnotationSet {
    let ids = Dictionary(reference.categories.map { ($0.name, $0.id) }) { first, _ in first }
    let unknown = classNames.filter { ids[$0] == nil }
    let own = Set(categories.map(\.name))
    let missing = listsClasses && reference.listsClasses ? reference.classNames.filter { !own.contains($0) } : []
    guard unknown.isEmpty, missing.isEmpty else {
      var differences: [String] = []
      if !unknown.isEmpty { differences.append("only here: \(unknown.joined(separator: ", "))") }
      if !missing.isEmpty { differences.append("only there: \(missing.joined(separator: ", "))") }
      throw .content(place: source, reason: "has other classes than \(other); " + differences.joined(separator: "; "))
    }
    let newIDs = Dictionary(categories.map { ($0.id, ids[$0.name] ?? $0.id) }) { first, _ in first }
    var matched = self
    matched.categories = reference.categories
    matched.listsClasses = reference.listsClasses
    for place in matched.objects.indices {
      let id = objects[place].categoryID
      matched.objects[place].categoryID = newIDs[id] ?? id
    }
    return matched
  }

  /// Gives each object the class of its name, of a form in which classes have names alone: in the order of their bytes, with ids from 1.
  ///
  /// - Parameter names: The class of each object, in their order.
  mutating func setClasses(ofObjects names: [String]) {
    let sorted = Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    categories = sorted.enumerated().map { Category(id: $0 + 1, name: $1) }
    let ids = Dictionary(categories.map { ($0.name, $0.id) }) { first, _ in first }
    for (place, name) in names.enumerated() { objects[place].categoryID = ids[name] ?? 0 }
  }
}
