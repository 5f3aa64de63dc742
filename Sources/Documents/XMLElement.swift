/// One element of an XML file with what is in it.
public struct XMLElement: Sendable, Equatable {
  /// The tag, with its prefix if it has one.
  public let name: String
  /// The attributes in the file's order.
  public let attributes: [Attribute]
  /// The elements directly within, in the file's order.
  public internal(set) var children: [XMLElement] = []
  /// All text directly within, as it stands.
  public internal(set) var text = ""
  /// The line on which it begins, from 1.
  public let line: Int
  /// The file it was read from, for messages.
  public let file: String

  /// One attribute.
  public struct Attribute: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its value, entities resolved.
    public let value: String
  }

  /// The first child of that name.
  public subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  /// All children of that name.
  public func all(_ name: String) -> some Collection<XMLElement> { children.lazy.filter { $0.name == name } }

  /// The text without white space at its ends.
  public var trimmedText: String {
    let bytes = text.utf8
    guard let first = bytes.firstIndex(where: { !$0.isBlank }),
      let last = bytes.lastIndex(where: { !$0.isBlank })
    else { return "" }
    return String(text[first...last])
  }

  /// The text as a finite number.
  public func number() throws(DocumentError) -> Double {
    let text = trimmedText
    guard let value = Double(text) else { throw error("<\(name)> holds \"\(text.prefix(40))\", not a number") }
    guard value.isFinite else { throw error("<\(name)>: \(text) is not a number") }
    return value
  }

  /// The child of that name, which must be there.
  public func child(_ name: String) throws(DocumentError) -> XMLElement {
    guard let child = self[name] else { throw error("<\(self.name)> has no <\(name)>") }
    return child
  }

  /// An error that names the file and this element's line.
  public func error(_ reason: String) -> DocumentError { .xml(file: file, line: line, reason: reason) }
}
