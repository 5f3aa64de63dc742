/// One member of the outermost object of a JSON file, or that value itself where it is an array: a value that is read
/// in the way the reader chooses.
public struct JSONMember {
  /// Its key; empty for the outermost value itself.
  public let key: String
  private let start: Int
  private let mapping: MappedFile
  private let partSize: Int
  private var scan: JSONScan
  /// The position after the value, once it is read.
  fileprivate private(set) var end: Int?

  fileprivate init(_ key: String, at start: Int, _ scan: JSONScan, _ mapping: MappedFile, partSize: Int) {
    self.key = key
    self.start = start
    self.scan = scan
    self.mapping = mapping
    self.partSize = partSize
  }

  /// Reads it as a whole.
  public mutating func value() throws(DocumentError) -> JSON {
    let (value, end) = try scan.json(at: start)
    self.end = end
    return value
  }

  /// Reads a long array, its elements on all cores.
  ///
  /// - Parameters:
  ///   - make: what collects the elements of one part, empty.
  ///   - problem: gets an error for each element that is JSON but was not taken, in the file's order: its own for the first
  ///     twenty, for others that of the twentieth.
  /// - Throws: where it is no array, or not JSON.
  public mutating func elements<Elements: JSONElements>(
    _ make: @escaping @Sendable () -> Elements, problem: (DocumentError) throws(DocumentError) -> Void
  ) throws(DocumentError) -> Elements {
    let bytes = scan.bytes
    guard bytes[start] == UInt8(ascii: "[") else { throw scan.error(start, "is not an array") }
    let first = scan.skipSpace(start + 1)
    if first < bytes.count, bytes[first] == UInt8(ascii: "]") {
      end = first + 1
      return make()
    }
    let reader = JSONArrayReader(
      bytes: bytes, file: scan.file, release: { [mapping] in mapping.release($0) }, make: make,
      partSize: partSize)
    let content = reader.read(from: first)
    var last: DocumentError?
    for (index, offset) in content.refused {
      scan.base = "\(key)[\(index)]"
      let element = try scan.element(at: offset).element
      var elements = make()
      do throws(DocumentError) { try elements.take(element) } catch {
        last = error
        try problem(error)
      }
    }
    if let last { for _ in content.refused.count..<content.refusedCount { try problem(last) } }
    if content.isBroken {
      // Reading on from there, one by one, says what is wrong, and where.
      end = try JSONStream.elements(of: key, from: content.end, index: content.count, &scan) { _, _ in }
    } else {
      end = content.end
    }
    return content.elements
  }
}

extension JSONStream {
  /// Goes once through the JSON file at `path`, an object or, with `isArray`, an array.
  ///
  /// - Parameter body: gets each member, and reads it; a member that it leaves alone is only checked.
  public static func read(
    _ path: String, isArray: Bool = false, _ body: (inout JSONMember) throws(DocumentError) -> Void
  ) throws(DocumentError) {
    try read(path, isArray: isArray, partSize: 1 << 19, body)
  }

  /// Long arrays are read in parts of about `partSize` bytes.
  static func read(
    _ path: String, isArray: Bool = false, partSize: Int, _ body: (inout JSONMember) throws(DocumentError) -> Void
  ) throws(DocumentError) {
    let file = try MappedFile(path: path)
    try file.withBytes { bytes throws(DocumentError) in
      try read(bytes, file: path, isArray: isArray) { key, at, scan throws(DocumentError) in
        var member = JSONMember(key, at: at, scan, file, partSize: partSize)
        try body(&member)
        if let end = member.end { return end }
        return try scan.value(at: at)
      }
    }
  }
}
