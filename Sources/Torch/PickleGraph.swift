/// What a pickle describes, as data: calls are written down, never made.
///
/// Containers lie in one array and refer to each other by number, so that neither a cycle nor a nesting of a million
/// levels does harm.
struct PickleGraph {
  /// A value; what can hold others is a node.
  enum Value: Equatable {
    case none
    case bool(Bool)
    case integer(Int)
    /// An integer of more than 64 bits, as its little-endian bytes.
    case largeInteger([UInt8])
    case double(Double)
    case string(String)
    /// Bytes, by their place in the file.
    case bytes(Range<Int>)
    /// A class or function, as `module.name`.
    case global(String)
    /// An element of `nodes`.
    case node(Int)
  }

  /// What a node is.
  enum Kind {
    case tuple, list, set, dictionary
    /// `callable(*arguments)`, with what was appended, set and built onto it.
    case call
    /// Something kept outside the pickle; `arguments` says which.
    case persistent
  }

  /// A container, a call, or a reference to the outside.
  struct Node {
    var kind: Kind
    var callable = Value.none
    var arguments = Value.none
    /// What `BUILD` handed over last.
    var state = Value.none
    /// The elements of a tuple, list or set, and what was appended to a call's result.
    var elements: [Value] = []
    /// The entries of a dictionary, and those that were set on a call's result.
    var pairs: [(key: Value, value: Value)] = []
  }

  /// Every container, in the order of their making.
  var nodes: [Node] = []
  /// What the pickle as a whole describes.
  var root = Value.none

  /// The node that a value refers to.
  func node(_ value: Value) -> Node? {
    guard case .node(let index) = value else { return nil }
    return nodes[index]
  }

  /// The elements of a tuple or list (also of a `torch.Size`), or nil for anything else.
  func sequence(_ value: Value) -> [Value]? {
    guard let node = node(value) else { return nil }
    switch node.kind {
    case .tuple, .list: return node.elements
    case .call where node.callable == .global("torch.Size"):
      // The sizes are a plain tuple or list: no second step, so no endless one.
      guard let sizes = arguments(of: node)?.first.flatMap({ self.node($0) }) else { return nil }
      return sizes.kind == .tuple || sizes.kind == .list ? sizes.elements : nil
    default: return nil
    }
  }

  /// The integers of a tuple or list, or nil where it holds anything else.
  func integers(_ value: Value) -> [Int]? {
    guard let elements = sequence(value) else { return nil }
    var integers: [Int] = []
    for element in elements {
      guard case .integer(let integer) = element else { return nil }
      integers.append(integer)
    }
    return integers
  }

  /// The positional arguments of a call.
  func arguments(of node: Node) -> [Value]? {
    guard let tuple = self.node(node.arguments), tuple.kind == .tuple else { return nil }
    return tuple.elements
  }

  /// The entries of a dictionary or of an object that behaves like one, those under text keys; a key that is set twice
  /// keeps its place and takes the last value. Nil for anything else.
  func entries(_ value: Value) -> [(key: String, value: Value)]? {
    guard let node = node(value), node.kind == .dictionary || node.kind == .call else { return nil }
    var pairs = node.pairs
    if node.kind == .call, pairs.isEmpty {
      guard case .global("collections.OrderedDict") = node.callable else { return nil }
      // Python 2 wrote `OrderedDict([[key, value], …])`.
      let list = arguments(of: node)?.first.flatMap { sequence($0) } ?? []
      pairs = list.compactMap { sequence($0) }.filter { $0.count == 2 }.map { ($0[0], $0[1]) }
    }
    var entries: [(key: String, value: Value)] = []
    var places: [String: Int] = [:]
    for pair in pairs {
      guard case .string(let key) = pair.key else { continue }
      if let place = places[key] {
        entries[place].value = pair.value
      } else {
        places[key] = entries.count
        entries.append((key, pair.value))
      }
    }
    return entries
  }

  /// Whether anything that is kept outside the pickle can be reached from a value.
  /// - Parameter cleared: the nodes that are known to reach nothing; many questions cost one walk together.
  func reachesPersistent(_ value: Value, cleared: inout Set<Int>) -> Bool {
    var pending = [value]
    var seen = Set<Int>()
    while let next = pending.popLast() {
      guard case .node(let index) = next, !cleared.contains(index), seen.insert(index).inserted else { continue }
      let node = nodes[index]
      if node.kind == .persistent { return true }
      pending += [node.callable, node.arguments, node.state]
      pending += node.elements
      for pair in node.pairs { pending += [pair.key, pair.value] }
    }
    cleared.formUnion(seen)
    return false
  }
}
