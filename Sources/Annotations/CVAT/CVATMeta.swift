import Documents

/// What stands in CVAT's `<meta>` besides the names of labels: kept, as other forms' keys of files and of classes are.
extension CVATReader {
  /// The key of a file under which it lies.
  static let metaKey = "meta"

  /// A label as a class: what it has besides its name, such as its colour, are keys of it.
  static func extra(ofLabel label: XMLElement) -> JSONObject {
    var extra = members(of: label)
    extra["name"] = nil
    // What CVAT writes where nobody said anything.
    if extra["type"] == "any" { extra["type"] = nil }
    return extra
  }

  /// All of `<meta>` but the lists of labels.
  static func rest(ofMeta meta: XMLElement) -> JSONObject {
    var rest = JSONObject()
    for child in meta.children {
      let members = members(of: child, besides: "labels")
      let text = child.trimmedText
      guard !members.isEmpty || !text.isEmpty else { continue }
      add(members.isEmpty ? JSON(text) : .object(members), as: child.name, to: &rest)
    }
    return rest
  }

  /// The attributes and elements of an element by name, those of one name as an array; empty ones say nothing.
  private static func members(of element: XMLElement, besides left: String? = nil) -> JSONObject {
    var members = JSONObject()
    for attribute in element.attributes { members[attribute.name] = JSON(attribute.value) }
    for child in element.children where child.name != left {
      let inner = self.members(of: child)
      let text = child.trimmedText
      guard !inner.isEmpty || !text.isEmpty else { continue }
      add(inner.isEmpty ? JSON(text) : .object(inner), as: child.name, to: &members)
    }
    return members
  }

  private static func add(_ value: JSON, as name: String, to members: inout JSONObject) {
    switch members[name] {
    case nil: members[name] = value
    case .array(let values)?: members[name] = .array(values + [value])
    case let first?: members[name] = .array([first, value])
    }
  }
}
