import Documents

/// How labels are read from one form: one type a form, named in ``AnnotationFormat``.
protocol AnnotationForm {
  /// What it is and how it says where an object is, in one line.
  static var summary: String { get }
  /// Whether it is a folder rather than one file.
  static var isFolder: Bool { get }
  /// Reads all that the source at `path` says; what contradicts itself is listed among the problems.
  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent
}

/// A form that is written, too.
protocol WritableForm: AnnotationForm {
  /// What it cannot hold of a set.
  static func losses(of set: AnnotationSet, options: WritingOptions) -> ConversionLosses
  /// Writes a set; the same set gives the same bytes. Folders above `path` are there.
  static func write(_ set: AnnotationSet, to path: String, options: WritingOptions) throws(AnnotationError)
  /// Labels of other images in the folder that a set is to be written to, relative to it: they would be read with it.
  static func others(in path: String, than set: AnnotationSet) throws(DocumentError) -> [String]
}

extension WritableForm {
  /// One file is written over as a whole.
  static func others(in path: String, than set: AnnotationSet) throws(DocumentError) -> [String] { [] }
}

/// What a source of one form says.
struct FormContent {
  var set: AnnotationSet
  var problems: AnnotationProblems
  /// The folder that image names are relative to, as far as the form knows it; else it is looked for near the source.
  var imageFolder: String?
}

/// How labels are read.
public struct ReadingOptions: Sendable {
  /// The folder of the images, where it is named.
  public var images: String?
  /// What the numbers of VOC's boxes mean.
  public var base: VOCPixelBase
  /// Whether outlines and masks are kept, where there is something to be saved without them: in COCO's instances.
  public var segmentations: Bool

  /// Options.
  public init(images: String? = nil, base: VOCPixelBase = .one, segmentations: Bool = true) {
    self.images = images
    self.base = base
    self.segmentations = segmentations
  }
}

/// How labels are written.
public struct WritingOptions: Sendable {
  /// What the numbers of VOC's boxes mean.
  public var base: VOCPixelBase
  /// What the images' names are relative to, for forms that say where their images are.
  public var imageFolder: String?

  /// Options.
  public init(base: VOCPixelBase = .one, imageFolder: String? = nil) {
    self.base = base
    self.imageFolder = imageFolder
  }
}
