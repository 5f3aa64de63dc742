import Documents

/// The safetensors format: eight bytes with the length of a JSON header (little-endian), the header, then the tensors
/// one after another without a gap.
///
/// Source: the format section of https://github.com/huggingface/safetensors. The checks are those of its reference
/// library: ranges in order, no hole, no overlap, lengths that fit the shapes, no name twice, header of at most 100 MB.
public enum SafetensorsFile {
  static let largestHeader = 100_000_000
  static let metadataKey = "__metadata__"

  /// Whether a file begins like this format: a length that fits the file, then an object.
  static func isSafetensors(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count > 8 && bytes[8] == UInt8(ascii: "{")
  }

  /// Reads the header; the tensors stay in the mapped file.
  public static func read(_ path: String) throws(WeightFileError) -> StoredWeights {
    try read(try WeightFile.map(path))
  }

  static func read(_ file: MappedFile) throws(WeightFileError) -> StoredWeights {
    let (header, data) = try split(file)
    let json: JSON
    do throws(DocumentError) {
      json = try JSON(parsing: header, file: file.path)
    } catch {
      throw .document(error)
    }
    var metadata: [String: String] = [:]
    var entries: [(name: String, tensor: StoredTensor, start: Int)] = []
    for member in json.object?.members ?? [] {
      if member.key == metadataKey {
        metadata = try readMetadata(member.value, file.path)
      } else {
        entries.append(try readEntry(member.key, member.value, data, file))
      }
    }
    try requireTiling(entries.map { ($0.name, $0.start, $0.tensor.byteCount) }, of: data.count, file.path)
    return StoredWeights(
      format: .safetensors, entries: entries.map { .init(name: $0.name, tensor: $0.tensor) }, metadata: metadata,
      notes: [], file: file)
  }

  private static func split(
    _ file: MappedFile
  ) throws(WeightFileError) -> (header: UnsafeRawBufferPointer, data: UnsafeRawBufferPointer) {
    let bytes = file.bytes
    guard let length = bytes.littleEndian(UInt64.self, at: 0) else {
      throw malformed(file.path, "header", "the file has \(bytes.count) bytes, fewer than the length of a header takes")
    }
    guard length <= UInt64(largestHeader) else {
      throw malformed(file.path, "header", "its length is \(length), the most is \(largestHeader)")
    }
    guard let header = bytes.slice(at: 8, length: Int(length)) else {
      throw malformed(file.path, "header", "its length is \(length), the file has \(bytes.count) bytes")
    }
    guard header.first == UInt8(ascii: "{") else { throw malformed(file.path, "header", "it does not begin with '{'") }
    return (header, UnsafeRawBufferPointer(rebasing: bytes[(8 + Int(length))...]))
  }

  private static func readMetadata(_ json: JSON, _ path: String) throws(WeightFileError) -> [String: String] {
    guard let object = json.object else {
      throw malformed(path, metadataKey, "it is \(json.kind), wanted is an object of strings")
    }
    var metadata: [String: String] = [:]
    for member in object.members {
      guard let text = member.value.string else {
        throw malformed(path, "\(metadataKey).\(member.key)", "it is \(member.value.kind), wanted is a string")
      }
      metadata[member.key] = text
    }
    return metadata
  }

  private static func readEntry(
    _ name: String, _ json: JSON, _ data: UnsafeRawBufferPointer, _ file: MappedFile
  ) throws(WeightFileError) -> (name: String, tensor: StoredTensor, start: Int) {
    let place = "tensor '\(name)'"
    guard let code = json["dtype"]?.string else { throw malformed(file.path, place, "it has no dtype") }
    guard let elementType = ElementType(safetensorsCode: code) else {
      throw .unsupported(
        file: file.path, place: place,
        reason: "the dtype '\(code)'; wanted is one of \(ElementType.allCases.map(\.safetensorsCode))")
    }
    guard let shape = integers(json["shape"]), let length = elementType.byteCount(ofShape: shape) else {
      throw malformed(file.path, place, "its shape is no list of sizes")
    }
    guard let range = integers(json["data_offsets"]), range.count == 2, range[0] >= 0, range[0] <= range[1] else {
      throw malformed(file.path, place, "its data_offsets are not [begin, end]")
    }
    guard range[1] - range[0] == length else {
      throw malformed(file.path, place, "\(range[1] - range[0]) bytes for \(code) \(shape), wanted are \(length)")
    }
    guard let bytes = data.slice(at: range[0], length: length) else {
      throw malformed(file.path, place, "it ends at byte \(range[1]) of \(data.count); the file may be cut off")
    }
    return (name, StoredTensor(elementType: elementType, shape: shape, bytes: bytes, owner: file), range[0])
  }

  /// The tensors must cover the bytes after the header: what lies between them would be hidden from every reader.
  private static func requireTiling(
    _ ranges: [(name: String, start: Int, length: Int)], of count: Int, _ path: String
  ) throws(WeightFileError) {
    var end = 0
    for range in ranges.sorted(by: { ($0.start, $0.length) < ($1.start, $1.length) }) {
      guard range.start == end else {
        let found = range.start < end ? "overlaps the one before" : "leaves a hole before it"
        throw malformed(path, "tensor '\(range.name)'", "it begins at byte \(range.start), which \(found) (\(end))")
      }
      end += range.length
    }
    guard end == count else {
      throw malformed(path, "data", "the tensors take \(end) bytes, after the header are \(count)")
    }
  }

  private static func integers(_ json: JSON?) -> [Int]? {
    guard let elements = json?.array else { return nil }
    let integers = elements.compactMap(\.int)
    return integers.count == elements.count ? integers : nil
  }

  private static func malformed(_ path: String, _ place: String, _ reason: String) -> WeightFileError {
    .malformed(file: path, place: place, reason: reason)
  }
}
