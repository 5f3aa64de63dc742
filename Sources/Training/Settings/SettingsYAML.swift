import Yams

extension SettingsNode {
  /// Reads a YAML document; `origin` says where a line lies.
  init(yaml: String, origin: (_ line: Int) -> SettingsOrigin) throws {
    guard let root = try Yams.compose(yaml: yaml) else {
      self.init(content: .value("", quoted: false), origin: origin(1))
      return
    }
    self = try SettingsNode(root, origin)
  }

  private init(_ node: Yams.Node, _ origin: (Int) -> SettingsOrigin) throws {
    let place = origin(node.mark?.line ?? 1)
    switch node {
    case .scalar(let scalar):
      let plain = scalar.style == .plain || scalar.style == .any
      let text = plain && (scalar.string == "~" || scalar.string == "null") ? "" : scalar.string
      self.init(content: .value(text, quoted: !plain), origin: place)
    case .sequence(let sequence):
      self.init(content: .list(try sequence.map { try SettingsNode($0, origin) }), origin: place)
    case .mapping(let mapping):
      let entries = try mapping.map { key, value in
        // The line of an error is that of the key, not of the value's first child.
        let line = key.mark?.line ?? value.mark?.line ?? 1
        var child = try SettingsNode(value, origin)
        child.origin = origin(line)
        return Entry(key: key.string ?? "", node: child)
      }
      self.init(content: .group(entries), origin: place)
    case .alias:
      self.init(content: .value("", quoted: false), origin: place)
    }
  }

  /// The tree as YAML, keys in declared order: the same settings give the same bytes.
  var yaml: String { lines(indent: "").joined(separator: "\n") + "\n" }

  private func lines(indent: String) -> [String] {
    guard case .group(let entries) = content else { return [indent + inline] }
    return entries.flatMap { entry -> [String] in
      if case .group(let children) = entry.node.content, !children.isEmpty {
        return [indent + entry.key + ":"] + entry.node.lines(indent: indent + "  ")
      }
      return [indent + entry.key + ": " + entry.node.inline]
    }
  }

  private var inline: String {
    switch content {
    case .group(let entries): "{" + entries.map { "\($0.key): \($0.node.inline)" }.joined(separator: ", ") + "}"
    case .list(let items): "[" + items.map(\.inline).joined(separator: ", ") + "]"
    case .value(let text, let quoted): quoted ? Self.quotedWhereNeeded(text) : text
    }
  }

  private static func quotedWhereNeeded(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    let words: Set = ["true", "false", "null", "yes", "no", "on", "off"]
    let letterFirst = text.first.map { $0.isLetter || $0 == "/" } ?? false
    if plain, letterFirst, !words.contains(text.lowercased()), Double(text) == nil { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        result += "\\x" + (digits.count < 2 ? "0" : "") + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
