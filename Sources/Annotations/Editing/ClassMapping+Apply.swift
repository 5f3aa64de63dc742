extension ClassMapping {
  /// What became of the classes.
  public struct Changes: Sendable, Equatable {
    /// Each class that has another name, in the set's order.
    public var renamed: [(old: String, new: String)] = []
    /// Each class into which several went, with those that did.
    public var united: [(new: String, old: [String])] = []
    /// Each class that has another id.
    public var renumbered: [(name: String, old: Int, new: Int)] = []
    /// The classes that are no longer there.
    public var dropped: [String] = []
    /// How many objects went with them.
    public var droppedObjects = 0
    /// Keys of classes that were united with another, which lacks them or says something else there.
    public var lostKeys: [LostKeys] = []

    /// Whether both say the same.
    public static func == (left: Changes, right: Changes) -> Bool {
      left.renamed.elementsEqual(right.renamed, by: ==) && left.dropped == right.dropped
        && left.united.elementsEqual(right.united) { $0.new == $1.new && $0.old == $1.old }
        && left.renumbered.elementsEqual(right.renumbered, by: ==) && left.droppedObjects == right.droppedObjects
        && left.lostKeys == right.lostKeys
    }
  }

  /// The set under the new classes, which stand where the first of their old ones stood. Images stay; so do the ids of
  /// classes without one of their own, and where several are united, that of the class which had the name, or else the first's.
  ///
  /// - Throws: For rules of classes that are not there, with the nearest that is, and where two classes would have one id.
  public func applied(
    to set: AnnotationSet, source: String
  ) throws(AnnotationError) -> (set: AnnotationSet, changes: Changes) {
    let known = Set(set.categories.map(\.name))
    for rule in rules.values.sorted(by: { $0.place < $1.place }) where !known.contains(rule.old) {
      throw set.unknownClass(rule.old, place: "\(rule.place), of \(source)")
    }
    var changes = Changes()
    var mapped = set
    let groups = groups(of: set, &changes)
    mapped.categories = try categories(groups, source: source, &changes)
    var ids: [Int: Int] = [:]
    for (group, category) in zip(groups, mapped.categories) { for old in group.members { ids[old.id] = category.id } }
    mapped.objects = set.objects.compactMap { object in
      guard let id = ids[object.categoryID] else { return nil }
      var object = object
      object.categoryID = id
      return object
    }
    changes.droppedObjects = set.objects.count - mapped.objects.count
    return (mapped, changes)
  }

  private struct Group {
    let name: String
    var members: [Category]
  }

  /// The old classes of each new one, in the order of the first.
  private func groups(of set: AnnotationSet, _ changes: inout Changes) -> [Group] {
    var groups: [Group] = []
    var places: [String: Int] = [:]
    for category in set.categories {
      let rule = rules[category.name]
      guard let name = rule == nil ? (dropsOthers ? nil : category.name) : rule?.new else {
        changes.dropped.append(category.name)
        continue
      }
      if name != category.name { changes.renamed.append((category.name, name)) }
      if let place = places[name] {
        groups[place].members.append(category)
      } else {
        places[name] = groups.count
        groups.append(Group(name: name, members: [category]))
      }
    }
    for group in groups where group.members.count > 1 { changes.united.append((group.name, group.members.map(\.name))) }
    return groups
  }

  private func categories(
    _ groups: [Group], source: String, _ changes: inout Changes
  ) throws(AnnotationError) -> [Category] {
    var categories: [Category] = []
    var owners: [Int: String] = [:]
    for (index, group) in groups.enumerated() {
      var category = group.members.first { $0.name == group.name } ?? group.members[0]
      for member in group.members {
        let lost = member.keysLost(in: category)
        if !lost.isEmpty { changes.lostKeys.append(LostKeys(name: member.name, keys: lost)) }
      }
      let old = category.id
      let given = group.members.compactMap { rules[$0.name]?.id }
      if Set(given).count > 1 {
        throw .content(
          place: source,
          reason: "\"\(group.name)\" is given the ids \(given.map(String.init).joined(separator: " and "))")
      }
      if let firstID {
        let (id, overflow) = firstID.addingReportingOverflow(index)
        guard !overflow else { throw .content(place: source, reason: "the ids from \(firstID) on exceed 64 bits") }
        category.id = id
      }
      category.id = given.first ?? category.id
      category.name = group.name
      if let other = owners.updateValue(group.name, forKey: category.id) {
        throw .content(
          place: source, reason: "\"\(other)\" and \"\(group.name)\" would both have the id \(category.id)")
      }
      if category.id != old { changes.renumbered.append((group.name, old, category.id)) }
      categories.append(category)
    }
    return categories
  }
}
