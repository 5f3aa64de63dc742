extension SettingsNode {
  /// This tree with another laid over it: groups key by key, lists and values whole.
  ///
  /// A key that this tree lacks is refused, so this tree is the list of what exists.
  func overlaid(with other: SettingsNode, path: String = "") throws(SettingsError) -> SettingsNode {
    guard case .group(var entries) = content else {
      if case .group = other.content {
        let wanted = if case .list = content { "a list" } else { "a single value" }
        throw .wrongType(place: "\(other.origin)", key: path, found: other.found, wanted: wanted)
      }
      return other
    }
    let known = entries.map(\.key)
    guard case .group(let changes) = other.content else {
      // A key with nothing after it ("optimizer:") changes nothing.
      if case .value("", quoted: false) = other.content { return self }
      throw .wrongType(
        place: "\(other.origin)", key: path, found: other.found,
        wanted: "a group with keys of: " + known.joined(separator: ", "))
    }
    for change in changes {
      guard let index = known.firstIndex(of: change.key) else {
        throw .unknownKey(place: "\(change.node.origin)", key: change.key, level: path, known: known)
      }
      let childPath = path.isEmpty ? change.key : "\(path).\(change.key)"
      entries[index].node = try entries[index].node.overlaid(with: change.node, path: childPath)
    }
    return SettingsNode(content: .group(entries), origin: other.origin)
  }

  /// This tree over another, neither of which is the list of what exists: groups key by key, lists and values whole.
  func merged(over base: SettingsNode) -> SettingsNode {
    guard case .group(let own) = content, case .group(var entries) = base.content else { return self }
    for entry in own {
      if let index = entries.firstIndex(where: { $0.key == entry.key }) {
        entries[index].node = entry.node.merged(over: entries[index].node)
      } else {
        entries.append(entry)
      }
    }
    return SettingsNode(content: .group(entries), origin: origin)
  }

  /// A group without some of its keys.
  func without(_ keys: [String]) -> SettingsNode {
    guard case .group(let entries) = content else { return self }
    return SettingsNode(content: .group(entries.filter { !keys.contains($0.key) }), origin: origin)
  }

  /// The tree that one `--set a.b=value` stands for.
  init(assignment: String) throws(SettingsError) {
    guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
      throw .badAssignment(assignment, reason: "wanted KEY=VALUE, as in optimizer.learning_rate=0.01")
    }
    let origin = SettingsOrigin.commandLine(assignment)
    let keys = assignment[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard !keys.contains("") else {
      throw .badAssignment(assignment, reason: "the key has an empty part")
    }
    var node: SettingsNode
    do {
      node = try SettingsNode(yaml: String(assignment[assignment.index(after: equals)...]), origin: { _ in origin })
    } catch {
      throw .badAssignment(assignment, reason: "the value is not YAML (quote it?)")
    }
    for key in keys.reversed() {
      node = SettingsNode(content: .group([Entry(key: key, node: node)]), origin: origin)
    }
    self = node
  }
}
