/// The memory blocks that the tensors of a PyTorch file lie in.
struct TorchStorages {
  /// How a pickle refers to a storage: `('storage', type, key, location, element count[, view])`.
  struct ID {
    let key: String
    /// Nil for a storage of bytes, whose type the tensor tells.
    let elementType: ElementType?
    /// In elements; in bytes where there is no type.
    let count: Int
    /// In elements: where in the storage the view begins that the legacy form knows.
    let viewOffset: Int

    /// Nil where the reference is to something else, or to a type of element that is not read.
    init?(_ node: PickleGraph.Node, in graph: PickleGraph) {
      guard let parts = graph.sequence(node.arguments), parts.count >= 5, parts[0] == .string("storage"),
        case .global(let type) = parts[1], case .string(let key) = parts[2], case .integer(let count) = parts[4],
        count >= 0
      else { return nil }
      if type == "torch.storage.UntypedStorage" || type == "torch.UntypedStorage" {
        elementType = nil
      } else if let name = type.split(separator: ".").last, let known = Self.elementTypes[String(name)] {
        elementType = known
      } else {
        return nil
      }
      self.key = key
      if parts.count > 5, let view = graph.sequence(parts[5]), view.count == 3 {
        guard case .integer(let offset) = view[1], case .integer(let viewCount) = view[2], offset >= 0, viewCount >= 0
        else { return nil }
        (viewOffset, self.count) = (offset, viewCount)
      } else {
        (viewOffset, self.count) = (0, count)
      }
    }

    private static let elementTypes: [String: ElementType] = [
      "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
      "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8,
      "ByteStorage": .uint8, "BoolStorage": .bool,
    ]
  }

  /// The bytes by key, in the mapped file.
  var bytes: [String: UnsafeRawBufferPointer] = [:]
  /// Whether the file says that it was written by a big-endian machine.
  var isBigEndian = false

  /// The bytes a reference means, or nil where there are not as many.
  func bytes(of id: ID, elementType: ElementType) -> UnsafeRawBufferPointer? {
    let size = id.elementType == nil ? 1 : elementType.size
    guard let whole = bytes[id.key], case let (offset, overflow) = id.viewOffset.multipliedReportingOverflow(by: size),
      case let (length, longer) = id.count.multipliedReportingOverflow(by: size), !overflow, !longer
    else { return nil }
    return whole.slice(at: offset, length: length)
  }
}
