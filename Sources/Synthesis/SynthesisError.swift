import Annotations
import Documents
import Imaging

/// Why a data set was not generated; its description is one line for the user.
public enum SynthesisError: Error, Sendable, CustomStringConvertible {
  /// Something lies where the data set was to go.
  case exists(String)
  /// A file or folder cannot be written.
  case document(DocumentError)
  /// An image cannot be encoded.
  case imaging(ImagingError)
  /// The labels cannot be written.
  case annotations(AnnotationError)

  /// One line: the place and what is wrong.
  public var description: String {
    switch self {
    case .exists(let path): "\(path): already exists and is not empty; it is replaced only when asked for"
    case .document(let error): error.description
    case .imaging(let error): error.description
    case .annotations(let error): error.description
    }
  }
}
