import Documents

extension AnnotationSet {
  /// The classes that a user names: each word is the name of a class, or several with commas between them.
  ///
  /// - Throws: For a name that is no class, with the nearest that is; an empty one is none.
  public func classes(named words: [String], source: String) throws(AnnotationError) -> Set<String> {
    let known = Set(categories.map(\.name))
    var names: Set<String> = []
    for word in words {
      // A name may hold a comma itself.
      let parts =
        known.contains(word) ? [word] : word.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
      for name in parts {
        guard known.contains(name) else { throw unknownClass(name, place: source) }
        names.insert(name)
      }
    }
    return names
  }

  /// The error for a name that is no class.
  func unknownClass(_ name: String, place: String) -> AnnotationError {
    let names = categories.map(\.name)
    if name == ObjectMasks.background {
      return .content(
        place: place,
        reason: "\(name) is what no object covers, no class that can be named; to unite a class with it, drop the class"
      )
    }
    let hint = nearestName(to: name, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
    let all = names.isEmpty ? "there are none" : namesText(names)
    return .content(place: place, reason: "no class is called \"\(name)\"\(hint) (classes: \(all))")
  }

  /// Without classes that no object has, where the form lists none by themselves: what does not occur is then not there.
  func withoutUnlistedClasses() -> AnnotationSet {
    if listsClasses { return self }
    var set = self
    let used = Set(objects.map(\.categoryID))
    set.categories = categories.filter { used.contains($0.id) }
    return set
  }
}
