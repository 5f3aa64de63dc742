extension JSON {
  /// Reads a whole JSON text: one value, nothing after it.
  ///
  /// - Parameters:
  ///   - bytes: the text in UTF-8; a byte order mark is skipped.
  ///   - file: the name that errors give.
  public init(parsing bytes: UnsafeRawBufferPointer, file: String) throws(DocumentError) {
    var scan = JSONScan(bytes: bytes, file: file)
    let start = scan.skipSpace(ByteOrderMark.end(in: bytes))
    let (value, end) = try scan.json(at: start)
    let rest = scan.skipSpace(end)
    guard rest == bytes.count else {
      throw .json(file: file, path: "", offset: rest, reason: "has something after its end")
    }
    self = value.opened
  }

  /// Reads a whole JSON text: one value, nothing after it.
  public init(parsing text: String, file: String) throws(DocumentError) {
    try self.init(parsing: Array(text.utf8), file: file)
  }

  /// Reads a whole JSON text: one value, nothing after it.
  public init(parsing bytes: [UInt8], file: String) throws(DocumentError) {
    let result = bytes.withUnsafeBytes { bytes -> Result<JSON, DocumentError> in
      do throws(DocumentError) { return .success(try JSON(parsing: bytes, file: file)) } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  /// Reads the JSON file at `path` as a whole.
  public init(contentsOf path: String) throws(DocumentError) {
    self = try MappedFile(path: path).withBytes { bytes throws(DocumentError) in
      try JSON(parsing: bytes, file: path)
    }
  }
}
