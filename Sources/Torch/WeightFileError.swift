import Documents

/// Why a file of weights could not be read.
public enum WeightFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The operating system, or the JSON inside, refused.
  case document(DocumentError)
  /// The bytes are not what the format asks for: damaged, cut off or made up. `place` is a part of the file.
  case malformed(file: String, place: String, reason: String)
  /// The file may be whole, but holds something that is not read here.
  case unsupported(file: String, place: String, reason: String)
  /// The file is read, but there is no set of named tensors where one was looked for.
  case noStateDict(file: String, reason: String)

  /// One line: file, place, what was found and what is wanted.
  public var description: String {
    switch self {
    case .document(let error): "\(error)"
    case .malformed(let file, let place, let reason): "\(file): damaged: \(place): \(reason)"
    case .unsupported(let file, let place, let reason): "\(file): not supported: \(place): \(reason)"
    case .noStateDict(let file, let reason): "\(file): \(reason)"
    }
  }
}
