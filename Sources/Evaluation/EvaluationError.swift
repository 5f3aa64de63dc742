import Annotations

/// Why predictions cannot be judged; its description is one line for the user.
public enum EvaluationError: Error, Sendable, CustomStringConvertible {
  /// The labels or the predictions cannot be read.
  case annotations(AnnotationError)
  /// A prediction that does not fit the labels: its place in the file, what is wrong, and how many more there are.
  case prediction(file: String, index: Int, reason: String, others: Int)

  /// What went wrong and where.
  public var description: String {
    switch self {
    case .annotations(let error): return error.description
    case .prediction(let file, let index, let reason, let others):
      let more = others == 0 ? "" : " (and \(others) more that \(others == 1 ? "does" : "do") not fit)"
      return "\(file): [\(index)]: \(reason)\(more)"
    }
  }
}
