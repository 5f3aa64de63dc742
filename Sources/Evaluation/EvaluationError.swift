import Annotations

/// Why predictions cannot be judged; its description is one line for the user.
public enum EvaluationError: Error, Sendable, CustomStringConvertible {
  /// The labels or the predictions cannot be read.
  case annotations(AnnotationError)
  /// A prediction that does not fit the labels: its place in the file, what is wrong, and how many more there are.
  case prediction(file: String, index: Int, reason: String, others: Int)
  /// An object of the labels that cannot be judged: its id, what is wrong, and how many more there are.
  case object(source: String, id: Int, reason: String, others: Int)
  /// Predictions whose ids mean something else than those of the labels: what the file beside them and the labels say.
  case otherIDs(file: String, truth: String, difference: String, others: Int)

  /// Label maps that should be among the predictions and are not: how many of how many, and their names.
  case missingMaps(folder: String, names: [String], images: Int)

  /// What went wrong and where.
  public var description: String {
    switch self {
    case .annotations(let error): return error.description
    case .otherIDs(let file, let truth, let difference, let others):
      let more = others == 0 ? "" : " (and \(others) more)"
      return "\(file): its ids are not those of \(truth): \(difference)\(more); predict with --images \(truth)"
    case .object(let source, let id, let reason, let others):
      let more = others == 0 ? "" : " (and \(others) more)"
      let joint = reason.hasPrefix("segmentation") ? ":" : ""
      return "\(source): the object of id \(id)\(joint) \(reason)\(more)"
    case .missingMaps(let folder, let names, let images):
      let more = names.count > 20 ? " and \(names.count - 20) more" : ""
      return "\(folder): \(names.count) of \(images) label maps are missing: "
        + names.prefix(20).joined(separator: ", ") + more
    case .prediction(let file, let index, let reason, let others):
      let more = others == 0 ? "" : " (and \(others) more that \(others == 1 ? "does" : "do") not fit)"
      return "\(file): [\(index)]: \(reason)\(more)"
    }
  }
}
