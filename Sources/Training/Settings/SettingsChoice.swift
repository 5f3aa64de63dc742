/// A key of a group on whose value the defaults of other keys depend.
///
/// A document or a command line that says the key brings the defaults of its value with it: every key of the group that still has
/// the default of the value before gets that of the new one. What was set to something else, below it or in the same
/// document, stays. So a switch turns all that hangs on it, and `settings.yaml` says what came out.
public struct SettingsChoice: Sendable {
  /// Where the group is, from the top; empty for the top itself.
  private let path: [String]
  private let key: [String]
  /// The group's defaults for each value of the key, and the value, as text.
  private let defaults: [(value: String, group: SettingsNode)]

  /// A choice of the group `Group` by its key, or by one of a group within it with a dot between, with the group's defaults for
  /// each value.
  public init<Value: CaseIterable & RawRepresentable<String>, Group: Settings>(
    _ key: String, of type: Value.Type, defaults: (Value) -> Group
  ) {
    path = []
    self.key = key.split(separator: ".").map(String.init)
    self.defaults = Value.allCases.map { value in
      do {
        return (value.rawValue, try SettingsEncoder.node(of: defaults(value)))
      } catch {
        preconditionFailure("settings \(Group.self): expected an encodable value, got \(error)")
      }
    }
  }

  private init(path: [String], key: [String], defaults: [(value: String, group: SettingsNode)]) {
    (self.path, self.key, self.defaults) = (path, key, defaults)
  }

  /// The same choice where its group is the value of a key.
  public func under(_ key: String) -> SettingsChoice {
    SettingsChoice(path: [key] + path, key: self.key, defaults: defaults)
  }

  /// A tree with the defaults that a layer's last choice brings.
  func applied(to tree: SettingsNode, chosenBy layer: [SettingsNode]) throws -> SettingsNode {
    let chosen = layer.reversed().lazy.compactMap { $0.node(at: path + key) }.first
    guard let old = group(for: tree.node(at: path + key)), let new = group(for: chosen) else { return tree }
    return tree.replacing(at: path) { $0.turned(from: old, to: new) }
  }

  private func group(for value: SettingsNode?) -> SettingsNode? {
    guard case .value(let text, _) = value?.content else { return nil }
    return defaults.first { $0.value == text }?.group
  }
}

extension SettingsNode {
  /// What stands at a path of keys.
  func node(at path: [String]) -> SettingsNode? {
    path.reduce(self) { node, key in node?[key] }
  }

  /// With what stands at a path of keys changed.
  func replacing(at path: [String], _ change: (SettingsNode) -> SettingsNode) -> SettingsNode {
    guard let key = path.first else { return change(self) }
    guard case .group(var entries) = content, let index = entries.firstIndex(where: { $0.key == key }) else {
      return self
    }
    entries[index].node = entries[index].node.replacing(at: Array(path.dropFirst()), change)
    return SettingsNode(content: .group(entries), origin: origin)
  }

  /// With the values of `new` wherever this has those of `old`.
  func turned(from old: SettingsNode, to new: SettingsNode) -> SettingsNode {
    guard case .group(let entries) = content else { return content == old.content ? new : self }
    let turned = entries.map { entry in
      guard let before = old[entry.key], let after = new[entry.key] else { return entry }
      return Entry(key: entry.key, node: entry.node.turned(from: before, to: after))
    }
    return SettingsNode(content: .group(turned), origin: origin)
  }
}
