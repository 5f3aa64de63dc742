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
    add(meta.children, to: &rest) { members(of: $0, besides: "labels") }
    return rest
  }

  /// The attributes and elements of an element by name; empty ones say nothing.
  private static func members(of element: XMLElement, besides left: String? = nil) -> JSONObject {
    var members = JSONObject()
    for attribute in element.attributes { members[attribute.name] = JSON(attribute.value) }
    add(element.children.filter { $0.name != left }, to: &members) { self.members(of: $0) }
    return members
  }

  /// Adds elements with the members that they have, those of one name as an array.
  private static func add(
    _ elements: [XMLElement], to members: inout JSONObject, _ inner: (XMLElement) -> JSONObject
  ) {
    var arrays: [String: [JSON]] = [:]
    for element in elements {
      let (inner, text) = (inner(element), element.trimmedText)
      guard !inner.isEmpty || !text.isEmpty else { continue }
      let value = inner.isEmpty ? JSON(text) : .object(inner)
      if let first = members[element.name] {
        arrays[element.name, default: [first]].append(value)
      } else {
        members[element.name] = value
      }
    }
    for (name, values) in arrays { members[name] = .array(values) }
  }
}
