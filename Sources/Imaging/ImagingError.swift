import CImageCodecs
import Documents

/// What can go wrong with an image file; its description is one line for the user.
public enum ImagingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file cannot be opened, read or written.
  case file(DocumentError)
  /// The bytes start neither like a JPEG nor like a PNG file.
  case notAnImage(file: String)
  /// The bytes end before the image does.
  case truncated(file: String, reason: String)
  /// The bytes contradict their format.
  case damaged(file: String, reason: String)
  /// The image has more pixels, or more scans, than the limits allow.
  case tooLarge(file: String, reason: String)
  /// The file, or the wish to write it so, is of a kind that is not supported.
  case unsupported(file: String, reason: String)
  /// There is not enough memory.
  case outOfMemory(file: String)

  /// One line: the file and what was found in it.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .notAnImage(let file): "\(file): neither a JPEG nor a PNG file"
    case .truncated(let file, let reason): "\(file): the image is truncated: \(reason)"
    case .damaged(let file, let reason): "\(file): the image is damaged: \(reason)"
    case .tooLarge(let file, let reason): "\(file): the image is too large: \(reason)"
    case .unsupported(let file, let reason): "\(file): the image is not supported: \(reason)"
    case .outOfMemory(let file): "\(file): not enough memory for the image"
    }
  }

  /// The error of a codec's status; nil when all is well.
  init?(_ status: ic_status, _ failure: ic_failure, file: String) {
    let reason = withUnsafeBytes(of: failure.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    switch status {
    case IC_OK: return nil
    case IC_TRUNCATED: self = .truncated(file: file, reason: reason)
    case IC_TOO_LARGE: self = .tooLarge(file: file, reason: reason)
    case IC_UNSUPPORTED: self = .unsupported(file: file, reason: reason)
    case IC_NO_MEMORY: self = .outOfMemory(file: file)
    default: self = .damaged(file: file, reason: reason)
    }
  }
}
