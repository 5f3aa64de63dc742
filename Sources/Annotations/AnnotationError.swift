import Documents

/// Why labels cannot be used; its description is for the user, one line or, for several problems, one line each.
public enum AnnotationError: Error, Sendable, CustomStringConvertible {
  /// The file itself cannot be read or written.
  case document(DocumentError)
  /// Something else than wanted stands at a place.
  case content(place: String, reason: String)
  /// The labels read well but contradict themselves.
  case problems(source: String, AnnotationProblems)

  /// What went wrong and where.
  public var description: String {
    switch self {
    case .document(let error): return error.description
    case .content(let place, let reason): return "\(place): \(reason)"
    case .problems(let source, let problems):
      let lines = problems.lines(.error)
      if lines.count == 1, let line = lines.first { return "\(source): \(line)" }
      return "\(source): \(problems.count(.error)) problems\n" + lines.map { "  " + $0 }.joined(separator: "\n")
    }
  }
}

/// Runs `body` and turns its `DocumentError` into an `AnnotationError`.
func throwingAnnotationErrors<Result>(_ body: () throws(DocumentError) -> Result) throws(AnnotationError) -> Result {
  do throws(DocumentError) { return try body() } catch { throw .document(error) }
}

extension DocumentError {
  /// The error without the name of its file, which a list of problems gives once.
  func description(without file: String) -> String {
    let text = description
    return text.hasPrefix(file + ": ") ? String(text.dropFirst(file.count + 2)) : text
  }
}
