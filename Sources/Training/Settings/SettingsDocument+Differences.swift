extension SettingsDocument {
  /// A value that two documents have otherwise under the same key.
  public struct Difference: Equatable, Sendable {
    /// The dotted key.
    public let key: String
    /// What the document says; nil where it does not have the key.
    public let own: String?
    /// What the other says.
    public let other: String?
  }

  /// This document without some of its uppermost keys.
  public func without(_ keys: [String]) -> SettingsDocument {
    SettingsDocument(root: root.without(keys), name: name)
  }

  /// The values in which two documents differ, in the order of this one's keys, wherever they stand in their files.
  ///
  /// - Parameter ignored: Dotted keys that are not looked at, with all below them.
  public func differences(from other: SettingsDocument, ignoring ignored: [String] = []) -> [Difference] {
    func isSeen(_ key: String) -> Bool { !ignored.contains { key == $0 || key.hasPrefix($0 + ".") } }
    let (own, others) = (root.values(below: ""), other.root.values(below: ""))
    let known = Set(own.map(\.key))
    return own.compactMap { entry -> Difference? in
      let found = others.first { $0.key == entry.key }?.text
      return found == entry.text || !isSeen(entry.key) ? nil : Difference(key: entry.key, own: entry.text, other: found)
    }
      + others.filter { !known.contains($0.key) && isSeen($0.key) }.map {
        Difference(key: $0.key, own: nil, other: $0.text)
      }
  }
}

extension Settings {
  /// Whether the settings have all keys of a document, whatever its values.
  public static func knows(_ document: SettingsDocument) -> Bool {
    do {
      _ = try SettingsEncoder.node(of: Self()).overlaid(with: document.root)
    } catch SettingsError.unknownKey {
      return false
    } catch {
      // What is wrong with the value is said where it is read.
    }
    return true
  }
}

extension SettingsNode {
  /// The values of all keys below a dotted path, as text.
  fileprivate func values(below path: String) -> [(key: String, text: String)] {
    switch content {
    case .group(let entries) where !entries.isEmpty:
      entries.flatMap { $0.node.values(below: path.isEmpty ? $0.key : "\(path).\($0.key)") }
    case .group: [(path, "{}")]
    case .list(let items):
      [
        (
          path,
          "["
            + items.map { $0.values(below: "").map { "\($0.key)\($0.text)" }.joined(separator: ", ") }.joined(
              separator: ", ") + "]"
        )
      ]
    case .value(let text, _): [(path, text)]
    }
  }
}
