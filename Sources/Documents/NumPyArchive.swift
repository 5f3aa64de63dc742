/// Arrays in the form that `numpy.load` reads at once: an `.npz`, a ZIP archive of stored `.npy` files.
///
/// Source: the specifications of NPY format 1.0 and of ZIP (APPNOTE 6.3). Numbers are little-endian, arrays in C's order,
/// times of files 1980-01-01: the same arrays give the same bytes.
public struct NumPyArchive: Sendable {
  private struct Entry: Sendable {
    var name: String
    var crc: UInt32
    var size: Int
    var offset: Int
  }

  private var entries: [Entry] = []
  private var bytes: [UInt8] = []

  /// An archive without arrays.
  public init() {}

  /// Adds an array of doubles (`<f8`).
  public mutating func add(_ name: String, _ values: [Double], shape: [Int]) {
    add(name, type: "<f8", shape: shape, values.map(\.bitPattern))
  }

  /// Adds an array of integers (`<i8`).
  public mutating func add(_ name: String, _ values: [Int], shape: [Int]) {
    add(name, type: "<i8", shape: shape, values.map { UInt64(bitPattern: Int64($0)) })
  }

  private mutating func add(_ name: String, type: String, shape: [Int], _ values: [UInt64]) {
    precondition(shape.reduce(1, *) == values.count, "NumPyArchive: \(values.count) values do not fill \(shape)")
    let sides = shape.map { "\($0)," }.joined(separator: " ")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sides)), }"
    // Magic, version and length take ten bytes; the header ends with a new line at a multiple of 64.
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var file: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    file.reserveCapacity(10 + header.utf8.count + 8 * values.count)
    Self.append(UInt16(header.utf8.count), to: &file)
    file += header.utf8
    for value in values { Self.append(value, to: &file) }
    let entry = Entry(name: name + ".npy", crc: CRC32.checksum(of: file), size: file.count, offset: bytes.count)
    Self.append(UInt32(0x0403_4B50), to: &bytes)
    bytes += Self.common(entry)
    bytes += entry.name.utf8
    bytes += file
    entries.append(entry)
  }

  /// Writes the archive.
  public func write(to path: String) throws(DocumentError) {
    let size = bytes.count + entries.reduce(22) { $0 + 46 + $1.name.utf8.count }
    guard size < Int(UInt32.max) else {
      throw .content(file: path, reason: "the arrays are larger than an archive of 4 GB")
    }
    try AtomicFile.write(to: path) { writer throws(DocumentError) in
      try writer.append(bytes)
      var directory: [UInt8] = []
      for entry in entries {
        Self.append(UInt32(0x0201_4B50), to: &directory)
        Self.append(UInt16(20), to: &directory)
        directory += Self.common(entry)
        // No comment, disk 0, no attributes.
        directory += [UInt8](repeating: 0, count: 10)
        Self.append(UInt32(entry.offset), to: &directory)
        directory += entry.name.utf8
      }
      let length = directory.count
      Self.append(UInt32(0x0605_4B50), to: &directory)
      Self.append(UInt32(0), to: &directory)
      Self.append(UInt16(entries.count), to: &directory)
      Self.append(UInt16(entries.count), to: &directory)
      Self.append(UInt32(length), to: &directory)
      Self.append(UInt32(bytes.count), to: &directory)
      Self.append(UInt16(0), to: &directory)
      try writer.append(directory)
    }
  }

  /// What stands in front of a file and in the directory alike: version, flags, method, time, checksum, sizes, name.
  private static func common(_ entry: Entry) -> [UInt8] {
    var part: [UInt8] = []
    append(UInt16(20), to: &part)
    append(UInt32(0), to: &part)
    append(UInt16(0), to: &part)
    // 1980-01-01: day 1, month 1.
    append(UInt16(1 << 5 | 1), to: &part)
    append(entry.crc, to: &part)
    append(UInt32(truncatingIfNeeded: entry.size), to: &part)
    append(UInt32(truncatingIfNeeded: entry.size), to: &part)
    append(UInt16(entry.name.utf8.count), to: &part)
    append(UInt16(0), to: &part)
    return part
  }

  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

/// The checksum of ZIP and PNG (ISO 3309).
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 != 0 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
  }

  static func checksum(of bytes: [UInt8]) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }
  }
}
