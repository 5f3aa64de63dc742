import Documents

/// The forms of labels.
public enum AnnotationFormat: String, Sendable, CaseIterable {
  /// COCO instances JSON.
  case coco
  /// A folder with VOC's XML.
  case voc
  /// VOC's annotations as JSON.
  case vocJSON = "voc-json"
  /// A folder with LabelMe's JSON.
  case labelme

  /// How it is read, and most of them written.
  var form: any AnnotationForm.Type {
    switch self {
    case .coco: COCOInstances.self
    case .voc: VOCFolder.self
    case .vocJSON: VOCJSON.self
    case .labelme: LabelMeFolder.self
    }
  }

  /// The forms that are written.
  public static var writable: [AnnotationFormat] { allCases.filter(\.isWritable) }

  /// Whether it is written, too.
  public var isWritable: Bool { form is any WritableForm.Type }

  /// Whether it is a folder rather than one file.
  public var isFolder: Bool { form.isFolder }

  /// Whether its files say ids; else a reader counts them in the order of the files and names.
  public var hasIDs: Bool { self == .coco }

  /// What it is and how it says where an object is, in one line.
  public var summary: String { form.summary }

  /// What this form cannot hold of a set.
  public func losses(of set: AnnotationSet, options: WritingOptions = WritingOptions()) -> ConversionLosses {
    writer.losses(of: set, options: options)
  }

  /// Writes a set; the same set gives the same bytes.
  public func write(
    _ set: AnnotationSet, to path: String, options: WritingOptions = WritingOptions()
  ) throws(AnnotationError) {
    try writer.write(set, to: path, options: options)
  }

  /// Labels of other images in a folder that the set is to be written to, relative to it: they would be read with it.
  public func others(in path: String, than set: AnnotationSet) throws(AnnotationError) -> [String] {
    try throwingAnnotationErrors { () throws(DocumentError) in try writer.others(in: path, than: set) }
  }

  private var writer: any WritableForm.Type {
    guard let writer = form as? any WritableForm.Type else {
      preconditionFailure("AnnotationFormat: \(rawValue) is read only; ask isWritable first")
    }
    return writer
  }
}
