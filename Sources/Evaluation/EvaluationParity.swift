/// What is done where the reference, `pycocotools` 2.0.11, does what nobody would ask for (``PycocotoolsQuirk``).
public enum EvaluationParity: String, Sendable, CaseIterable {
  /// As the reference does, quirks included: its arrays and figures in every bit.
  case strict
  /// As its rules are meant: the quirks are mended. What judges while a model is trained does so.
  case corrected
}

/// What the reference does beside its rules; the raw value is its name in the documentation.
public enum PycocotoolsQuirk: String, Sendable, CaseIterable {
  case zeroObjectID = "zero-object-id"
  case ignoreKey = "ignore-key"
  case headlineLimit = "headline-limit"
  case firstDecides = "first-decides"
  case unknownCategory = "unknown-category"
  case maskSize = "mask-size"
  case emptyRuns = "empty-runs"

  /// What strict parity does, and after the semicolon what corrected parity does.
  public var summary: String {
    switch self {
    case .zeroObjectID: "an object of id 0 is taken by a detection, which then counts as wrong; counts as found"
    case .ignoreKey: "objects with `ignore` or `difficult` count like others; are neither wanted nor held against"
    case .headlineLimit:
      "AP is read at 100 detections alone, else -1, the other figures at the third limit; all at the last"
    case .firstDecides:
      "the first result says whether areas and boxes are those of `bbox` or of masks; each result speaks for itself"
    case .unknownCategory: "results of unknown classes are left out (and counted); are an error"
    case .maskSize: "a mask of another size than the object's overlaps nothing; is an error"
    case .emptyRuns: "two masks with an empty run at one place are compared up to there; as a whole"
    }
  }
}
