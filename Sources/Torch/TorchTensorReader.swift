import Documents

/// Reads the calls in a pickle that make tensors: `_rebuild_tensor`, `_rebuild_tensor_v2`, `_rebuild_tensor_v3`,
/// `_rebuild_parameter` and what wraps them.
///
/// A tensor that lies contiguous in its storage stays there; a view with other strides is gathered into memory of its
/// own, for which there is a limit, since a stride of 0 makes a large tensor of a small file.
struct TorchTensorReader {
  let graph: PickleGraph
  let storages: TorchStorages
  let file: MappedFile
  private var bytesLeftToGather: Int

  private static let largestRank = 64
  private static let longestChain = 16

  init(graph: PickleGraph, storages: TorchStorages, file: MappedFile) {
    self.graph = graph
    self.storages = storages
    self.file = file
    bytesLeftToGather = (256 << 20) + 4 * file.bytes.count
  }

  /// The tensor that a value stands for, or nil where it is no tensor.
  /// - Parameter name: what the errors call it.
  mutating func tensor(_ value: PickleGraph.Value, name: String) throws(WeightFileError) -> StoredTensor? {
    guard let (function, arguments) = Self.rebuild(value, in: graph) else { return nil }
    let hasType = function == "torch._utils._rebuild_tensor_v3"
    guard arguments.count >= (hasType ? 7 : 4), case .integer(let offset) = arguments[1], offset >= 0,
      let shape = graph.integers(arguments[2]), let strides = graph.integers(arguments[3]),
      shape.count == strides.count, shape.count <= Self.largestRank, strides.allSatisfy({ $0 >= 0 }),
      let storage = graph.node(arguments[0]), storage.kind == .persistent
    else { throw malformed(name, "the arguments of '\(function)' are not those of a tensor") }
    guard let id = TorchStorages.ID(storage, in: graph),
      let elementType = hasType ? Self.elementType(arguments[6]) : id.elementType
    else { throw unsupported(name, "its element type is none of \(ElementType.allCases.map(\.rawValue))") }
    guard let bytes = storages.bytes(of: id, elementType: elementType) else {
      throw malformed(name, "its storage '\(id.key)' is missing or shorter than said")
    }
    return try view(bytes, elementType, TorchView(offset: offset, shape: shape, strides: strides), name)
  }

  private mutating func view(
    _ storage: UnsafeRawBufferPointer, _ elementType: ElementType, _ view: TorchView, _ name: String
  ) throws(WeightFileError) -> StoredTensor {
    guard let length = elementType.byteCount(ofShape: view.shape), let elementSpan = view.elementSpan,
      elementSpan <= storage.count / elementType.size
    else {
      throw malformed(
        name, "the shape \(view.shape) with strides \(view.strides) and offset \(view.offset) leaves its storage")
    }
    let isSwapped = storages.isBigEndian && elementType.size > 1
    if view.isContiguous, !isSwapped {
      // An empty view may begin anywhere, even behind the storage.
      let start = length == 0 ? 0 : view.offset * elementType.size
      guard let bytes = storage.slice(at: start, length: length) else { throw malformed(name, "it leaves its storage") }
      return StoredTensor(elementType: elementType, shape: view.shape, bytes: bytes, owner: file)
    }
    guard length <= bytesLeftToGather else {
      throw unsupported(name, "views in this file are far larger than what is stored, \(length) bytes in this one")
    }
    bytesLeftToGather -= length
    let gathered = StoredBytes(count: length)
    view.gather(from: storage, elementType: elementType, swapped: isSwapped, into: gathered.bytes)
    return StoredTensor(
      elementType: elementType, shape: view.shape, bytes: UnsafeRawBufferPointer(gathered.bytes), owner: gathered)
  }

  // MARK: The calls

  /// Whether a value is made by a function that makes tensors, also one that is not read.
  static func looksLikeTensor(_ value: PickleGraph.Value, in graph: PickleGraph) -> Bool {
    guard let node = graph.node(value), node.kind == .call, case .global(let function) = node.callable else {
      return false
    }
    return function.hasPrefix("torch.") && function.contains("._rebuild_")
  }

  /// The innermost function that makes the tensor, and its arguments.
  private static func rebuild(
    _ value: PickleGraph.Value, in graph: PickleGraph
  ) -> (function: String, arguments: [PickleGraph.Value])? {
    guard let node = graph.node(value), node.kind == .call, case .global(var function) = node.callable,
      var arguments = graph.arguments(of: node)
    else { return nil }
    for _ in 0..<longestChain {
      switch function {
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3":
        return (function, arguments)
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
        guard let inner = arguments.first.flatMap({ graph.node($0) }), inner.kind == .call,
          case .global(let name) = inner.callable, let innerArguments = graph.arguments(of: inner)
        else { return nil }
        (function, arguments) = (name, innerArguments)
      case "torch._tensor._rebuild_from_type_v2", "torch._tensor._rebuild_from_type":
        // (function, type, arguments[, state])
        guard arguments.count >= 3, case .global(let name) = arguments[0],
          let innerArguments = graph.sequence(arguments[2])
        else { return nil }
        (function, arguments) = (name, innerArguments)
      default: return nil
      }
    }
    return nil
  }

  private static func elementType(_ value: PickleGraph.Value) -> ElementType? {
    guard case .global(let name) = value, name.hasPrefix("torch.") else { return nil }
    return ElementType(rawValue: String(name.dropFirst("torch.".count)))
  }

  private func malformed(_ name: String, _ reason: String) -> WeightFileError {
    .malformed(file: file.path, place: "tensor '\(name)'", reason: reason)
  }

  func unsupported(_ name: String, _ reason: String) -> WeightFileError {
    .unsupported(file: file.path, place: "tensor '\(name)'", reason: reason)
  }
}
