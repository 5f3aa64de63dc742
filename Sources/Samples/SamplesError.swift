import Annotations
import Documents
import Imaging

/// Why images or labels cannot be used; each description is one line.
public enum SamplesError: Error, Equatable, CustomStringConvertible {
  /// A list or folder that cannot be read.
  case document(DocumentError)
  /// A source that gives no image.
  case noImages(source: String, reason: String)
  /// One image that cannot be used: missing, damaged, or of another size than its labels say.
  case image(path: String, reason: String)
  /// Not one image of a pool can be used.
  case noUsableImage(pool: String, count: Int, example: String)
  /// A saved position that belongs to other images or another request.
  case otherData(saved: String, present: String)

  /// One line: file or source, what was found.
  public var description: String {
    switch self {
    case .document(let error): "\(error)"
    case .noImages(let source, let reason): "\(source): no image to use: \(reason)"
    case .image(let path, let reason): "\(path): \(reason)"
    case .noUsableImage(let pool, let count, let example):
      "not one of the \(count) \(pool) images can be used; for example \(example)"
    case .otherData(let saved, let present):
      "the saved position in the data is of \(saved), this run reads \(present)"
    }
  }
}
