extension AnnotationCheck {
  /// Classes without an object, and gaps in the ids of classes, where the form lists its classes.
  static func classes(of set: AnnotationSet) -> AnnotationProblems {
    var problems = AnnotationProblems()
    guard set.listsClasses else { return problems }
    let used = Set(set.objects.map(\.categoryID))
    for category in set.categories where !used.contains(category.id) {
      problems.add(.unusedClass, "no object is of the class \(category.name)")
    }
    let ids = Set(set.categories.map(\.id)).sorted()
    guard let first = ids.first, let last = ids.last else { return problems }
    var missing = zip(ids, ids.dropFirst()).filter { $0 < $1 - 1 }.map { range($0 + 1, $1 - 1) }
    if first > 1 { missing.insert(range(1, first - 1), at: 0) }
    if first < 0 { problems.add(.classGap, "the class ids begin at \(first), below 0") }
    if !missing.isEmpty {
      problems.add(.classGap, "of the class ids up to \(last) these are missing: \(namesText(missing, most: 10))")
    }
    return problems
  }

  private static func range(_ first: Int, _ last: Int) -> String { first == last ? "\(first)" : "\(first)–\(last)" }

  /// Names of images and classes that differ only in upper and lower case, or in how accents are put together: other systems take two
  /// such files for one, and people two such classes.
  static func similarNames(of set: AnnotationSet) -> AnnotationProblems {
    var problems = AnnotationProblems()
    note(set.images.map(\.fileName), "files", &problems)
    note(set.categories.map(\.name), "classes", &problems)
    return problems
  }

  private static func note(_ names: [String], _ what: String, _ problems: inout AnnotationProblems) {
    var exact: Set<ExactName> = []
    // `String` compares by what is shown, not by code points.
    var shown: [String: String] = [:]
    var folded: [String: String] = [:]
    for name in names where exact.insert(ExactName(name)).inserted {
      if let other = shown.updateValue(name, forKey: name) {
        problems.add(
          .compositionOfNames,
          "the \(what) \(spelled(other)) and \(spelled(name)) differ only in how characters are put together")
      } else if let other = folded.updateValue(name, forKey: name.lowercased()) {
        problems.add(.caseOfNames, "the \(what) \(other) and \(name) differ only in upper and lower case")
      }
    }
  }

  /// A name with what is not ASCII as code points, since two such names look alike.
  private static func spelled(_ name: String) -> String {
    name.unicodeScalars.map { $0.isASCII ? String($0) : "\\u{\(String($0.value, radix: 16))}" }.joined()
  }
}
