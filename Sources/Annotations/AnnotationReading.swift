/// Labels as read from one source, with all that was noticed.
public struct AnnotationReading: Sendable {
  /// The forms that labels are read from.
  public enum Form: String, Sendable, CaseIterable {
    /// COCO instances JSON.
    case coco
    /// A folder with `Annotations/*.xml` in VOC's form.
    case voc
    /// VOC's annotations as JSON.
    case vocJSON = "voc-json"
    /// A folder with LabelMe's JSON.
    case labelme
  }

  /// The file or folder that was read.
  public let source: String
  /// Its form.
  public let form: Form
  /// All that it says, nothing left out.
  public var set: AnnotationSet
  /// What was noticed.
  public var problems: AnnotationProblems
  /// The folder that image file names are relative to.
  public var imageFolder: String
}
