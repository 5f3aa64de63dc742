import Documents
import Torch

/// Why a run cannot start, go on or be resumed; each description is one line.
public enum RunError: Error, Equatable, CustomStringConvertible {
  /// A file of the run cannot be written or read.
  case document(DocumentError)
  /// A weights file that cannot be read.
  case weights(WeightFileError)
  /// The output folder holds something already.
  case folderInUse(String, hint: String)
  /// The folder to be resumed is not a run, or lacks a file.
  case notARun(String, missing: String)
  /// A checkpoint that does not fit: another method, other classes, other data, a missing tensor.
  case checkpoint(file: String, reason: String)
  /// Too many steps in a row had losses or gradients that are not finite.
  case notFinite(step: Int, terms: [String], images: [String], count: Int)
  /// A tensor that outlives the step is no longer finite.
  case diverged(step: Int, tensor: String, images: [String])
  /// The data stream cannot give the next batch.
  case data(String)

  /// One line: file or step, what was found, what to do.
  public var description: String {
    switch self {
    case .document(let error): "\(error)"
    case .weights(let error): "\(error)"
    case .folderInUse(let path, let hint): "\(path): the output folder is not empty; \(hint)"
    case .notARun(let path, let missing): "\(path): not a run: \(missing) is missing"
    case .checkpoint(let file, let reason): "\(file): \(reason)"
    case .notFinite(let step, let terms, let images, let count):
      "step \(step): \(terms.joined(separator: ", ")) not finite for the \(count)th time in a row"
        + " (images: \(images.joined(separator: ", "))); lower the learning rate, or look at these images' labels"
    case .diverged(let step, let tensor, let images):
      "step \(step): '\(tensor)' is no longer finite (images: \(images.joined(separator: ", "))), the run cannot go on; "
        + "start it again with a lower learning rate"
    case .data(let reason): reason
    }
  }
}

/// Runs file work and turns its error into that of a run.
func asRunError<Result>(_ body: () throws(DocumentError) -> Result) throws(RunError) -> Result {
  do {
    return try body()
  } catch {
    throw .document(error)
  }
}
