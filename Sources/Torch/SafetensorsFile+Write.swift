import Documents

extension SafetensorsFile {
  /// A tensor to be written, whose bytes are asked for when their turn comes.
  public struct Source {
    let name: String
    let elementType: ElementType
    let shape: [Int]
    let withBytes: ((UnsafeRawBufferPointer) throws(DocumentError) -> Void) throws(DocumentError) -> Void

    /// A tensor whose bytes need not be in memory before.
    /// - Parameter withBytes: calls what it is given once, with the elements: row-major, little-endian, as many as the
    ///   shape asks for.
    public init(
      name: String, elementType: ElementType, shape: [Int],
      withBytes:
        @escaping ((UnsafeRawBufferPointer) throws(DocumentError) -> Void) throws(DocumentError) -> Void
    ) {
      self.name = name
      self.elementType = elementType
      self.shape = shape
      self.withBytes = withBytes
    }

    /// A tensor of the engine, fetched from its device when its turn comes.
    public init(name: String, tensor: Tensor) {
      self.init(name: name, elementType: tensor.elementType, shape: tensor.shape) { body throws(DocumentError) in
        var failure: DocumentError?
        tensor.withBytes { bytes in
          do throws(DocumentError) { try body(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
      }
    }

    /// A tensor that was read from a file, or is in memory.
    public init(_ entry: StoredWeights.Entry) {
      let tensor = entry.tensor
      self.init(name: entry.name, elementType: tensor.elementType, shape: tensor.shape) {
        body throws(DocumentError) in
        try tensor.withUnsafeBytes(body)
      }
    }
  }

  /// Writes tensors and free text to `path`, whole or not at all.
  ///
  /// The same input gives the same bytes: tensors in the reference library's order (by type so that each lies aligned,
  /// then by name), metadata by key, the header filled with spaces to a multiple of eight bytes. Precondition: no name
  /// twice, none `__metadata__`, shapes that fit the bytes.
  public static func write(
    _ sources: [Source], metadata: [String: String] = [:], to path: String
  ) throws(DocumentError) {
    let ordered = sources.sorted {
      let (first, second) = ($0.elementType.safetensorsRank, $1.elementType.safetensorsRank)
      return first != second ? first > second : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    let header = header(of: ordered, metadata: metadata)
    try AtomicFile.write(to: path) { writer throws(DocumentError) in
      let length = UInt64(header.count)
      try writer.append((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) })
      try writer.append(header)
      for source in ordered {
        let before = writer.count
        try source.withBytes { bytes throws(DocumentError) in try writer.append(bytes) }
        let wanted = source.elementType.byteCount(ofShape: source.shape) ?? -1
        precondition(
          writer.count - before == wanted,
          "safetensors: '\(source.name)' \(source.elementType) \(source.shape) gave \(writer.count - before) bytes")
      }
    }
  }

  /// Writes tensors and free text to `path`, whole or not at all.
  public static func write(
    _ entries: [StoredWeights.Entry], metadata: [String: String] = [:], to path: String
  ) throws(DocumentError) {
    try write(entries.map(Source.init), metadata: metadata, to: path)
  }

  private static func header(of sources: [Source], metadata: [String: String]) -> [UInt8] {
    var members: [(String, JSON)] = []
    if !metadata.isEmpty {
      let sorted = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      members.append((metadataKey, .object(JSONObject(sorted.map { ($0.key, JSON($0.value)) }))))
    }
    var offset = 0
    for source in sources {
      guard let length = source.elementType.byteCount(ofShape: source.shape) else {
        preconditionFailure("safetensors: '\(source.name)' has the shape \(source.shape)")
      }
      let entry: JSON = [
        "dtype": JSON(source.elementType.safetensorsCode), "shape": .array(source.shape.map { JSON($0) }),
        "data_offsets": [JSON(offset), JSON(offset + length)],
      ]
      members.append((source.name, entry))
      offset += length
    }
    var bytes: [UInt8] = []
    JSON.object(JSONObject(members)).append(to: &bytes)
    bytes += repeatElement(UInt8(ascii: " "), count: (8 - bytes.count % 8) % 8)
    precondition(bytes.count <= largestHeader, "safetensors: a header of \(bytes.count) bytes")
    return bytes
  }
}

extension ElementType {
  /// Safetensors' name of the type.
  var safetensorsCode: String {
    switch self {
    case .float64: "F64"
    case .float32: "F32"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .int64: "I64"
    case .int32: "I32"
    case .int16: "I16"
    case .int8: "I8"
    case .uint8: "U8"
    case .bool: "BOOL"
    }
  }

  init?(safetensorsCode: String) {
    guard let type = Self.allCases.first(where: { $0.safetensorsCode == safetensorsCode }) else { return nil }
    self = type
  }

  /// The reference library writes types of a higher rank first.
  fileprivate var safetensorsRank: Int {
    switch self {
    case .bool: 0
    case .uint8: 1
    case .int8: 2
    case .int16: 3
    case .float16: 4
    case .bfloat16: 5
    case .int32: 6
    case .float32: 7
    case .float64: 8
    case .int64: 9
    }
  }
}
