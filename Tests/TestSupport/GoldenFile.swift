import Documents

/// Arrays that a script under `tools/make-goldens` wrote with `golden_file.py`: a safetensors file.
///
/// What is not there or of another type ends the test run: the file belongs to the test.
public struct GoldenFile: Sendable {
  private let file: MappedFile
  private let header: JSON
  private let start: Int

  /// Opens the file at `path`.
  public init(path: String) throws {
    file = try MappedFile(path: path)
    let length = Int(file.bytes.loadUnaligned(as: UInt64.self))
    header = try JSON(parsing: UnsafeRawBufferPointer(rebasing: file.bytes[8..<8 + length]), file: path)
    start = 8 + length
  }

  /// The names of all arrays.
  public var names: [String] { header.object?.keys ?? [] }

  /// The shape of an array.
  public func shape(_ name: String) -> [Int] { entry(name)["shape"]?.array?.compactMap(\.int) ?? [] }

  /// The elements of a float32 array.
  public func floats(_ name: String) -> [Float] { elements(name, "F32") }

  /// The elements of a float64 array.
  public func doubles(_ name: String) -> [Double] { elements(name, "F64") }

  /// The elements of an int64 array.
  public func integers(_ name: String) -> [Int] { elements(name, "I64") }

  /// The elements of a uint8 array.
  public func bytes(_ name: String) -> [UInt8] { elements(name, "U8") }

  /// Whether it holds an array.
  public func has(_ name: String) -> Bool { header[name] != nil }

  private func entry(_ name: String) -> JSON {
    guard let entry = header[name] else { preconditionFailure("\(file.path) has no array \(name)") }
    return entry
  }

  private func elements<Element>(_ name: String, _ type: String) -> [Element] {
    let entry = entry(name)
    let offsets = entry["data_offsets"]?.array?.compactMap(\.int) ?? []
    precondition(entry["dtype"]?.string == type && offsets.count == 2, "\(file.path): \(name) is not \(type)")
    let count = (offsets[1] - offsets[0]) / MemoryLayout<Element>.stride
    return (0..<count).map {
      file.bytes.loadUnaligned(fromByteOffset: start + offsets[0] + $0 * MemoryLayout<Element>.stride, as: Element.self)
    }
  }
}
