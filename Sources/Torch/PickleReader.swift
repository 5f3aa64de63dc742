/// Turns one pickle into a `PickleGraph` without running anything: names of classes and functions are kept as text,
/// calls are recorded.
///
/// Safe on any bytes: every read is checked, every instruction costs at most what it consumes, and the number of nodes
/// is limited.
struct PickleReader {
  /// A checkpoint of a large model has some ten thousand.
  static let largestNodeCount = 4_000_000
  static let largestStackDepth = 16_000_000

  let bytes: UnsafeRawBufferPointer
  let file: String
  /// What the errors call the pickle, such as `data.pkl`.
  let name: String
  /// Where the next instruction is.
  var offset: Int
  var graph = PickleGraph()
  var stack: [PickleGraph.Value] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleGraph.Value] = [:]

  /// Reads the pickle that begins at `start`.
  /// - Returns: what it describes, and the offset behind its end.
  static func read(
    _ bytes: UnsafeRawBufferPointer, at start: Int = 0, file: String, name: String
  ) throws(WeightFileError) -> (graph: PickleGraph, end: Int) {
    var reader = PickleReader(bytes: bytes, file: file, name: name, offset: start)
    try reader.run()
    return (reader.graph, reader.offset)
  }

  private init(bytes: UnsafeRawBufferPointer, file: String, name: String, offset: Int) {
    self.bytes = bytes
    self.file = file
    self.name = name
    self.offset = offset
  }

  private mutating func run() throws(WeightFileError) {
    while true {
      let place = offset
      let code = try unsigned(UInt8.self)
      guard let opcode = PickleOpcode(rawValue: code) else {
        throw .unsupported(
          file: file, place: "\(name) at byte \(place)", reason: "the pickle instruction \(code) is not known")
      }
      if opcode == .stop {
        graph.root = try pop()
        return
      }
      try execute(opcode)
      guard stack.count <= Self.largestStackDepth, marks.count <= Self.largestStackDepth else {
        throw malformed("more than \(Self.largestStackDepth) values are stacked")
      }
    }
  }

  private mutating func execute(_ opcode: PickleOpcode) throws(WeightFileError) {
    switch opcode {
    case .proto: _ = try unsigned(UInt8.self)
    case .frame: _ = try unsigned(UInt64.self)
    case .stop: break
    case .noneValue, .newTrue, .newFalse, .integer, .binaryInteger, .binaryInteger1, .binaryInteger2, .long1, .long4,
      .binaryFloat:
      stack.append(try number(opcode))
    case .shortBinaryString, .binaryString, .shortBinaryUnicode, .binaryUnicode, .binaryUnicode8, .shortBinaryBytes,
      .binaryBytes, .binaryBytes8, .byteArray8:
      stack.append(try text(opcode))
    case .mark: marks.append(stack.count)
    case .pop: if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
    case .popMark: _ = try popToMark()
    case .duplicate: stack.append(try top())
    case .emptyTuple: try push(.init(kind: .tuple))
    case .tuple1: try push(.init(kind: .tuple, elements: try pop(count: 1)))
    case .tuple2: try push(.init(kind: .tuple, elements: try pop(count: 2)))
    case .tuple3: try push(.init(kind: .tuple, elements: try pop(count: 3)))
    case .tuple: try push(.init(kind: .tuple, elements: try popToMark()))
    case .emptyList: try push(.init(kind: .list))
    case .list: try push(.init(kind: .list, elements: try popToMark()))
    case .emptySet: try push(.init(kind: .set))
    case .frozenSet: try push(.init(kind: .set, elements: try popToMark()))
    case .emptyDictionary: try push(.init(kind: .dictionary))
    case .dictionary: try push(.init(kind: .dictionary, pairs: try pairs(popToMark())))
    case .append: try appendElements(pop(count: 1))
    case .appends, .addItems: try appendElements(popToMark())
    case .setItem: try appendPairs(pop(count: 2))
    case .setItems: try appendPairs(popToMark())
    case .binaryPut: memo[Int(try unsigned(UInt8.self))] = try top()
    case .longBinaryPut: memo[Int(try unsigned(UInt32.self))] = try top()
    case .memoize: memo[memo.count] = try top()
    case .binaryGet: stack.append(try recall(Int(unsigned(UInt8.self))))
    case .longBinaryGet: stack.append(try recall(Int(unsigned(UInt32.self))))
    case .global: stack.append(.global(try line() + "." + line()))
    case .stackGlobal: stack.append(try joinedGlobal(pop(count: 2)))
    case .reduce, .newObject: try pushCall(pop(count: 2))
    case .newObjectExtended: try pushCall(Array(pop(count: 3).prefix(2)))
    case .build:
      let state = try pop()
      // On anything but a node there is nothing to keep.
      if case .node(let index) = try top() { graph.nodes[index].state = state }
    case .binaryPersistentID: try push(.init(kind: .persistent, arguments: try pop()))
    }
  }

  func malformed(_ reason: String) -> WeightFileError {
    .malformed(file: file, place: "\(name) at byte \(offset)", reason: reason)
  }

  // MARK: The stack

  private mutating func push(_ node: PickleGraph.Node) throws(WeightFileError) {
    guard graph.nodes.count < Self.largestNodeCount else {
      throw malformed("the pickle has more than \(Self.largestNodeCount) containers")
    }
    stack.append(.node(graph.nodes.count))
    graph.nodes.append(node)
  }

  private func top() throws(WeightFileError) -> PickleGraph.Value {
    guard stack.count > marks.last ?? 0, let value = stack.last else { throw malformed("nothing is stacked") }
    return value
  }

  private mutating func pop() throws(WeightFileError) -> PickleGraph.Value {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(count: Int) throws(WeightFileError) -> [PickleGraph.Value] {
    guard stack.count - (marks.last ?? 0) >= count else { throw malformed("fewer than \(count) values are stacked") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(WeightFileError) -> [PickleGraph.Value] {
    guard let mark = marks.popLast() else { throw malformed("no mark is set") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private func recall(_ key: Int) throws(WeightFileError) -> PickleGraph.Value {
    guard let value = memo[key] else { throw malformed("nothing is remembered under \(key)") }
    return value
  }

  // MARK: Containers and calls

  private func pairs(
    _ values: [PickleGraph.Value]
  ) throws(WeightFileError) -> [(key: PickleGraph.Value, value: PickleGraph.Value)] {
    guard values.count.isMultiple(of: 2) else { throw malformed("a key has no value") }
    return stride(from: 0, to: values.count, by: 2).map { (values[$0], values[$0 + 1]) }
  }

  private mutating func appendElements(_ values: [PickleGraph.Value]) throws(WeightFileError) {
    guard case .node(let index) = try top() else { throw malformed("elements are added to what is no container") }
    graph.nodes[index].elements += values
  }

  private mutating func appendPairs(_ values: [PickleGraph.Value]) throws(WeightFileError) {
    guard case .node(let index) = try top() else { throw malformed("entries are set on what is no dictionary") }
    let added = try pairs(values)
    graph.nodes[index].pairs += added
  }

  private mutating func pushCall(_ parts: [PickleGraph.Value]) throws(WeightFileError) {
    try push(.init(kind: .call, callable: parts[0], arguments: parts[1]))
  }

  private func joinedGlobal(_ parts: [PickleGraph.Value]) throws(WeightFileError) -> PickleGraph.Value {
    guard case .string(let module) = parts[0], case .string(let name) = parts[1] else {
      throw malformed("the name of a class or function is no text")
    }
    return .global(module + "." + name)
  }
}
