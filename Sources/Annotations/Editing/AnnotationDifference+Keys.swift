import Documents

extension AnnotationDifference {
  /// The keys of two files that differ, those of objects one by one, by their paths.
  static func keys(_ old: JSONObject, _ new: JSONObject, below path: String = "") -> [Item] {
    var items: [Item] = []
    for member in old.members {
      let name = path + member.key
      guard let other = new[member.key] else {
        items.append(Item(kind: .removed, text: name))
        continue
      }
      if member.value.hasSameValue(as: other) { continue }
      if let one = member.value.object, let two = other.object {
        items += keys(one, two, below: name + ".")
      } else {
        items.append(Item(kind: .changed, text: name + change(from: member.value, to: other)))
      }
    }
    return items + new.members.filter { old[$0.key] == nil }.map { Item(kind: .added, text: path + $0.key) }
  }

  /// What is said of the keys of a record that differ: which these are; nothing where none does.
  ///
  /// - Parameter isSaid: whether what a key says is said already.
  static func otherKeys(
    _ old: JSONObject, _ new: JSONObject, besides isSaid: (String) -> Bool = { _ in false }
  ) -> [String] {
    if old.hasSameValues(as: new) { return [] }
    let changed = old.members.filter { !new.hasSameValue($0) } + new.members.filter { old[$0.key] == nil }
    let names = changed.map(\.key).filter { !isSaid($0) }
    return names.isEmpty ? [] : ["other keys (\(namesText(names, most: 5)))"]
  }

  /// From what to what a value changed; nothing where that is no short text or number.
  private static func change(from old: JSON, to new: JSON) -> String {
    let values = [old, new]
    guard values.allSatisfy({ $0.array == nil && $0.object == nil }) else { return "" }
    let texts = values.map { $0.serialized() }
    return texts.allSatisfy { $0.count <= 60 } ? ": \(texts[0]) becomes \(texts[1])" : ""
  }
}
