import Documents

/// The records of a zip archive, found through its central directory; only stored ones, which PyTorch writes, can be
/// read. Archives and records of 4 GiB and more (zip64) are read too.
///
/// Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.
struct ZipArchive {
  /// Where one record lies.
  private struct Record {
    let isStored: Bool
    let isEncrypted: Bool
    let size: Int
    let headerOffset: Int
  }

  let file: MappedFile
  /// The names, in the order of the directory.
  let names: [String]
  private let records: [String: Record]

  private static let localHeader: UInt32 = 0x0403_4b50
  private static let directoryHeader: UInt32 = 0x0201_4b50
  private static let directoryEnd: UInt32 = 0x0605_4b50
  private static let directoryEnd64: UInt32 = 0x0606_4b50
  private static let directoryLocator64: UInt32 = 0x0706_4b50

  /// Whether a file begins like an archive with at least one record.
  static func isArchive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.littleEndian(UInt32.self, at: 0) == localHeader
  }

  /// Reads the directory.
  init(_ file: MappedFile) throws(WeightFileError) {
    self.file = file
    let directory = try Self.findDirectory(file)
    var names: [String] = []
    var records: [String: Record] = [:]
    var offset = directory.offset
    for index in 0..<directory.count {
      guard let (name, record, length) = Self.parseEntry(file.bytes, at: offset) else {
        throw .malformed(
          file: file.path, place: "zip directory", reason: "entry \(index) of \(directory.count) is not whole")
      }
      guard records.updateValue(record, forKey: name) == nil else {
        throw .malformed(file: file.path, place: "zip directory", reason: "the name '\(name)' occurs twice")
      }
      names.append(name)
      offset += length
    }
    self.names = names
    self.records = records
  }

  /// The bytes of a record, or nil where there is none of that name.
  func record(_ name: String) throws(WeightFileError) -> UnsafeRawBufferPointer? {
    guard let record = records[name] else { return nil }
    guard record.isStored, !record.isEncrypted else {
      throw .unsupported(
        file: file.path, place: "zip record '\(name)'",
        reason:
          "it is \(record.isEncrypted ? "encrypted" : "compressed"); wanted is a stored one, as torch.save writes it")
    }
    let bytes = file.bytes
    guard bytes.littleEndian(UInt32.self, at: record.headerOffset) == Self.localHeader,
      let nameLength = bytes.littleEndian(UInt16.self, at: record.headerOffset + 26),
      let extraLength = bytes.littleEndian(UInt16.self, at: record.headerOffset + 28),
      let data = bytes.slice(at: record.headerOffset + 30 + Int(nameLength) + Int(extraLength), length: record.size)
    else {
      throw .malformed(file: file.path, place: "zip record '\(name)'", reason: "it does not lie inside the file")
    }
    return data
  }

  // MARK: The directory

  /// Where the directory begins, and how many entries it has: from the end of the file, past a comment if there is one.
  private static func findDirectory(_ file: MappedFile) throws(WeightFileError) -> (offset: Int, count: Int) {
    let bytes = file.bytes
    let endSize = 22
    var end = bytes.count - endSize
    let lowest = max(0, end - 0xffff)
    while end >= lowest {
      if bytes.littleEndian(UInt32.self, at: end) == directoryEnd,
        let comment = bytes.littleEndian(UInt16.self, at: end + 20), end + endSize + Int(comment) == bytes.count
      {
        break
      }
      end -= 1
    }
    guard end >= lowest, let count = bytes.littleEndian(UInt16.self, at: end + 10),
      let offset = bytes.littleEndian(UInt32.self, at: end + 16)
    else {
      throw .malformed(file: file.path, place: "zip directory", reason: "it is not at the end; the file may be cut off")
    }
    var found: (offset: Int?, count: Int?) = (Int(offset), Int(count))
    if count == .max || offset == .max, let end64 = findEnd64(bytes, before: end) {
      found.count = bytes.littleEndian(UInt64.self, at: end64 + 32).flatMap { Int(exactly: $0) }
      found.offset = bytes.littleEndian(UInt64.self, at: end64 + 48).flatMap { Int(exactly: $0) }
    }
    // An entry takes 46 bytes at least, so a count that fits in the file costs no more than the file.
    guard let offset = found.offset, let count = found.count, offset <= end, count <= (end - offset) / 46 else {
      throw .malformed(file: file.path, place: "zip directory", reason: "its place or its count do not fit the file")
    }
    return (offset, count)
  }

  private static func findEnd64(_ bytes: UnsafeRawBufferPointer, before end: Int) -> Int? {
    guard bytes.littleEndian(UInt32.self, at: end - 20) == directoryLocator64,
      let offset = bytes.littleEndian(UInt64.self, at: end - 12).flatMap({ Int(exactly: $0) }), offset <= end,
      bytes.littleEndian(UInt32.self, at: offset) == directoryEnd64
    else { return nil }
    return offset
  }

  private static func parseEntry(
    _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) -> (name: String, record: Record, length: Int)? {
    guard bytes.littleEndian(UInt32.self, at: offset) == directoryHeader,
      let flags = bytes.littleEndian(UInt16.self, at: offset + 8),
      let method = bytes.littleEndian(UInt16.self, at: offset + 10),
      let packed = bytes.littleEndian(UInt32.self, at: offset + 20),
      let size = bytes.littleEndian(UInt32.self, at: offset + 24),
      let nameLength = bytes.littleEndian(UInt16.self, at: offset + 28),
      let extraLength = bytes.littleEndian(UInt16.self, at: offset + 30),
      let commentLength = bytes.littleEndian(UInt16.self, at: offset + 32),
      let header = bytes.littleEndian(UInt32.self, at: offset + 42),
      let nameBytes = bytes.slice(at: offset + 46, length: Int(nameLength)),
      let name = String(validating: nameBytes, as: UTF8.self),
      let extra = bytes.slice(at: offset + 46 + Int(nameLength), length: Int(extraLength))
    else { return nil }
    // In this order, and only those that do not fit in four bytes, the zip64 field gives the true values.
    var wide = zip64Field(extra)
    guard let size = widened(size, &wide), let packed = widened(packed, &wide), let header = widened(header, &wide)
    else {
      return nil
    }
    return (
      name,
      Record(isStored: method == 0 && packed == size, isEncrypted: flags & 1 != 0, size: size, headerOffset: header),
      46 + Int(nameLength) + Int(extraLength) + Int(commentLength)
    )
  }

  private static func widened(_ value: UInt32, _ wide: inout UnsafeRawBufferPointer?) -> Int? {
    guard value == .max else { return Int(value) }
    guard let field = wide, let value = field.littleEndian(UInt64.self, at: 0) else { return nil }
    wide = UnsafeRawBufferPointer(rebasing: field[8...])
    return Int(exactly: value)
  }

  private static func zip64Field(_ extra: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    var offset = 0
    while let id = extra.littleEndian(UInt16.self, at: offset),
      let length = extra.littleEndian(UInt16.self, at: offset + 2)
    {
      if id == 1 { return extra.slice(at: offset + 4, length: Int(length)) }
      offset += 4 + Int(length)
    }
    return nil
  }
}
