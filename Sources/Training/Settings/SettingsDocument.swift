import Documents

/// A YAML document of settings that has been read but not yet laid over any defaults.
public struct SettingsDocument: Sendable {
  let root: SettingsNode
  /// The key by which a recipe names another that it changes.
  static let extensionKey = "extends"
  /// The file or the built-in recipe the document comes from, for errors.
  public let name: String

  /// Parses YAML text; `name` stands for the file in errors.
  public init(yaml: String, name: String) throws(SettingsError) {
    self.name = name
    do {
      root = try SettingsNode(yaml: yaml) { .file(name, line: $0) }
    } catch {
      let lines = "\(error)".split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
      throw .unreadable(file: name, reason: "not YAML: " + lines.joined(separator: " "))
    }
    if case .list = root.content {
      throw .wrongType(place: "\(name):1", key: "the document", found: root.found, wanted: "a group of keys")
    }
  }

  /// What one `key.path=value` of the command line says.
  public init(assignment: String) throws(SettingsError) {
    root = try SettingsNode(assignment: assignment)
    name = "--set \(assignment)"
  }

  /// Reads a file.
  public init(path: String) throws(SettingsError) {
    let text: String
    do {
      text = try MappedFile(path: path).withBytes { String(decoding: $0, as: UTF8.self) }
    } catch {
      throw .document(error)
    }
    try self.init(yaml: text, name: path)
  }

  init(root: SettingsNode, name: String) {
    self.root = root
    self.name = name
  }

  /// This document over another: groups key by key, all else whole. A method of another name takes nothing of the other's.
  func laid(over base: SettingsDocument) -> SettingsDocument {
    let path = "method.name"
    let hasOtherMethod = text(at: path).map { $0 != base.text(at: path) } ?? false
    let below = base.root.without(hasOtherMethod ? ["method"] : [])
    return SettingsDocument(root: root.without([Self.extensionKey]).merged(over: below), name: name)
  }

  /// The group of keys at a dotted path as a document of its own; an empty one where there is none.
  public func group(at path: String) -> SettingsDocument {
    var node: SettingsNode? = root
    for key in path.split(separator: ".") { node = node?[String(key)] }
    return SettingsDocument(root: node ?? SettingsNode(content: .group([]), origin: .declaration), name: name)
  }

  /// The text at a dotted path, where there is any: what decides which settings type reads the document.
  public func text(at path: String) -> String? {
    var node = root
    for key in path.split(separator: ".") {
      guard let next = node[String(key)] else { return nil }
      node = next
    }
    guard case .value(let text, _) = node.content, !text.isEmpty else { return nil }
    return text
  }
}
