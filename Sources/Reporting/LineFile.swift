import Documents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A text file that grows by whole lines, each handed to the system at once, so that a killed process loses none.
final class LineFile {
  let path: String
  private let descriptor: Int32
  /// Bytes in the file.
  private(set) var end: Int

  /// Creates a new file; one that exists is an error.
  convenience init(creating path: String) throws(DocumentError) {
    try self.init(path, flags: O_CREAT | O_EXCL)
  }

  /// Opens a file to go on after what it holds; one that does not exist is created. A last line that a crash has torn
  /// gets its end.
  convenience init(appending path: String) throws(DocumentError) {
    try self.init(path, flags: O_CREAT)
    var last: UInt8 = 0
    if end > 0, pread(descriptor, &last, 1, off_t(end - 1)) == 1, last != UInt8(ascii: "\n") { try append("") }
  }

  private init(_ path: String, flags: Int32) throws(DocumentError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CLOEXEC | flags, 0o666)
    guard descriptor >= 0 else {
      throw .system(operation: "create", file: path, code: errno)
    }
    end = Int(lseek(descriptor, 0, SEEK_END))
  }

  deinit { close(descriptor) }

  /// Adds a line; `line` has no newline.
  func append(_ line: String) throws(DocumentError) {
    let bytes = Array((line + "\n").utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress, $0.count, off_t(end + written))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .system(operation: "write", file: path, code: errno) }
      written += count
    }
    end += written
  }

  /// Cuts the file off after `length` bytes.
  func truncate(to length: Int) throws(DocumentError) {
    guard ftruncate(descriptor, off_t(length)) == 0 else {
      throw .system(operation: "shorten", file: path, code: errno)
    }
    end = length
  }

  /// Waits until all lines are on the disk.
  func synchronize() throws(DocumentError) {
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .system(operation: "sync", file: path, code: errno) }
  }

  /// The whole lines with the position of each; a last line without its newline, torn by a crash, is left out.
  static func lines(of path: String) throws(DocumentError) -> [(offset: Int, text: String)] {
    let file = try MappedFile(path: path)
    let text = withExtendedLifetime(file) { Array(file.bytes) }
    var lines: [(offset: Int, text: String)] = []
    var start = 0
    for (offset, byte) in text.enumerated() where byte == UInt8(ascii: "\n") {
      lines.append((start, String(decoding: text[start..<offset], as: UTF8.self)))
      start = offset + 1
    }
    return lines
  }
}
