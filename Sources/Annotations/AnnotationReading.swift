/// Labels as read from one source, with all that was noticed.
public struct AnnotationReading: Sendable {
  /// The file or folder that was read.
  public let source: String
  /// Its form.
  public let form: AnnotationFormat
  /// All that it says, nothing left out.
  public var set: AnnotationSet
  /// What was noticed.
  public var problems: AnnotationProblems
  /// The folder that image file names are relative to.
  public var imageFolder: String
}
