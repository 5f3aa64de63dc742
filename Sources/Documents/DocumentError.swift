#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What can go wrong with a file that goes in or out; its description is one line for the user.
public enum DocumentError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The operating system refused: what was tried, on which file, and `errno`.
  case system(operation: String, file: String, code: Int32)
  /// A JSON file that cannot be read, or holds something else than wanted. `path` is like `annotations[12].bbox[2]`
  /// (empty for the file as a whole); `offset` is counted in bytes from the start of the file.
  case json(file: String, path: String, offset: Int?, reason: String)
  /// An XML file that cannot be read, or holds something else than wanted.
  case xml(file: String, line: Int, reason: String)
  /// Any other file that holds something else than wanted.
  case content(file: String, reason: String)

  /// One line: file, place, what was found.
  public var description: String {
    switch self {
    case .system(let operation, let file, let code):
      return "\(file): cannot \(operation): \(String(cString: strerror(code)))"
    case .json(let file, let path, let offset, let reason):
      let place = path.isEmpty ? "" : "\(path): "
      let byte = offset.map { " (byte \($0))" } ?? ""
      return "\(file): \(place)\(reason)\(byte)"
    case .xml(let file, let line, let reason):
      return line > 0 ? "\(file):\(line): \(reason)" : "\(file): \(reason)"
    case .content(let file, let reason):
      return "\(file): \(reason)"
    }
  }

  /// The error of the system call that has just failed.
  static func lastSystemError(_ operation: String, _ file: String) -> DocumentError {
    .system(operation: operation, file: file, code: errno)
  }
}
