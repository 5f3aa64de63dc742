/// The dictionary in a PyTorch file that is taken for the weights.
struct TorchStateDict {
  /// Where a checkpoint keeps its weights, the likeliest first.
  static let preferredKeys = [
    "state_dict", "model_state_dict", "model", "module", "network", "net", "weights", "params", "ema", "model_ema",
    "state_dict_ema", "ema_state_dict", "student", "teacher", "backbone",
  ]
  private static let largestDepth = 4

  private typealias Entries = [(key: String, value: PickleGraph.Value)]

  private let graph: PickleGraph
  private let entries: Entries
  private var notes: [String]

  /// Finds the dictionary of tensors: under `key` if there is one, else as `TorchFile` describes.
  static func choose(in graph: PickleGraph, key: String?, file: String) throws(WeightFileError) -> TorchStateDict {
    guard let top = graph.entries(graph.root) else {
      throw .noStateDict(file: file, reason: "no state dict: the file holds \(describe(graph.root, in: graph))")
    }
    guard let key else {
      var seen = Set<Int>()
      if let found = search(top, path: [], in: graph, seen: &seen) { return found }
      throw .noStateDict(file: file, reason: "no tensors under any name; the file holds \(listing(top, in: graph))")
    }
    guard let value = top.first(where: { $0.key == key })?.value else {
      throw .noStateDict(file: file, reason: "no key '\(key)'; the file holds \(listing(top, in: graph))")
    }
    var seen = Set<Int>()
    guard let nested = graph.entries(value), let found = search(nested, path: [key], in: graph, seen: &seen) else {
      throw .noStateDict(file: file, reason: "'\(key)' holds no tensors but \(describe(value, in: graph))")
    }
    return found
  }

  /// The tensors, and what the user should know of the choice.
  func read(
    with reader: inout TorchTensorReader
  ) throws(WeightFileError) -> (entries: [StoredWeights.Entry], notes: [String]) {
    var notes = notes
    var cleared = Set<Int>()
    var tensors: [StoredWeights.Entry] = []
    var leftOut: [String] = []
    for (name, value) in entries {
      if let tensor = try reader.tensor(value, name: name) {
        tensors.append(.init(name: name, tensor: tensor))
        continue
      }
      let isObject = graph.entries(value)?.isEmpty ?? true
      if isObject, let node = graph.node(value), node.kind == .call,
        graph.reachesPersistent(value, cleared: &cleared)
      {
        throw reader.unsupported(name, "it is made by \(Self.describe(value, in: graph)), which is not read")
      }
      leftOut.append(name)
    }
    if !leftOut.isEmpty { notes.append("left out, no tensors: \(Self.quoted(leftOut))") }
    let prefix = "module."
    if !tensors.isEmpty, tensors.allSatisfy({ $0.name.hasPrefix(prefix) }) {
      tensors = tensors.map { .init(name: String($0.name.dropFirst(prefix.count)), tensor: $0.tensor) }
      notes.append("the prefix '\(prefix)' of all \(tensors.count) names removed")
    }
    return (tensors, notes)
  }

  // MARK: The search

  /// - Parameter seen: the dictionaries that were searched: each is once, however often it is referred to.
  private static func search(
    _ entries: Entries, path: [String], in graph: PickleGraph, seen: inout Set<Int>
  ) -> TorchStateDict? {
    let tensorCount = entries.count { TorchTensorReader.looksLikeTensor($0.value, in: graph) }
    if tensorCount > 0, tensorCount * 2 >= entries.count {
      return TorchStateDict(graph: graph, entries: entries, notes: path.isEmpty ? [] : [read(path)])
    }
    if path.count < largestDepth {
      var found: [(key: String, dictionary: TorchStateDict)] = []
      for (key, value) in entries {
        guard case .node(let index) = value, seen.insert(index).inserted, let nested = graph.entries(value) else {
          continue
        }
        if let dictionary = search(nested, path: path + [key], in: graph, seen: &seen) {
          found.append((key, dictionary))
        }
      }
      let preferred = preferredKeys.lazy.compactMap { key in found.first { $0.key == key } }.first
      if var chosen = (preferred ?? (found.count == 1 ? found.first : nil))?.dictionary {
        let others = found.map(\.key).filter { $0 != preferred?.key && found.count > 1 }
        if !others.isEmpty { chosen.notes.append("not read: \(quoted(others)); ask for one by its key") }
        return chosen
      }
    }
    guard tensorCount > 0 else { return nil }
    return TorchStateDict(graph: graph, entries: entries, notes: path.isEmpty ? [] : [read(path)])
  }

  private static func read(_ path: [String]) -> String {
    "read under the key \(path.map { "'\($0)'" }.joined(separator: " in "))"
  }

  // MARK: Words

  private static func listing(_ entries: Entries, in graph: PickleGraph) -> String {
    if entries.isEmpty { return "an empty dictionary" }
    let shown = entries.prefix(16).map { "'\($0.key)' (\(describe($0.value, in: graph)))" }
    let rest = entries.count > shown.count ? " and \(entries.count - shown.count) more" : ""
    return shown.joined(separator: ", ") + rest
  }

  private static func quoted(_ names: [String]) -> String {
    let shown = names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
  }

  private static func describe(_ value: PickleGraph.Value, in graph: PickleGraph) -> String {
    switch value {
    case .none: return "nothing"
    case .bool, .integer, .largeInteger, .double: return "a number"
    case .string: return "a text"
    case .bytes: return "bytes"
    case .global(let name): return "the name '\(name)'"
    case .node(let index):
      let node = graph.nodes[index]
      switch node.kind {
      case .tuple, .list, .set: return "a list of \(node.elements.count)"
      case .dictionary: return "a dictionary of \(node.pairs.count)"
      case .persistent: return "a bare storage"
      case .call:
        guard case .global(let name) = node.callable else { return "an object" }
        if TorchTensorReader.looksLikeTensor(value, in: graph), name.hasSuffix("_rebuild_tensor_v2") {
          return "a tensor"
        }
        return name == "collections.OrderedDict" ? "a dictionary of \(node.pairs.count)" : "'\(name)'"
      }
    }
  }
}
