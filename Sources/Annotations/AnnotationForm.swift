import Documents

/// How labels are read from one form: one type a form, named in ``AnnotationFormat``.
protocol AnnotationForm {
  /// What it is, in one line.
  static var summary: String { get }
  /// How it says where an object is, in one line.
  static var coordinates: String { get }
  /// What it can say of an object or image.
  static var holds: [LabelKind] { get }
  /// Whether it is a folder rather than one file.
  static var isFolder: Bool { get }
  /// What it is known by, as an error says it that has found no form.
  static var sign: String { get }
  /// What speaks for this form at a place, in words; nil where nothing does.
  static func evidence(in look: SourceLook) -> String?
  /// The files of a folder that say something, for its digest: the folder that they are relative to, and their names in order.
  static func labelFiles(of folder: String) throws(DocumentError) -> (folder: String, names: [String])
  /// Reads all that the source at `path` says; what contradicts itself is listed among the problems.
  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent
  /// The list of images that `list` names: a file, or the bare name of one that the form keeps in a folder of its own.
  static func listFile(_ list: String, in path: String) -> String
}

extension AnnotationForm {
  /// A list is a file.
  static func listFile(_ list: String, in path: String) -> String { list }

  /// All of them.
  static func labelFiles(of folder: String) throws(DocumentError) -> (folder: String, names: [String]) {
    (folder, try Folder.filesBelow(folder))
  }
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

/// What a form can say of an object or an image.
public enum LabelKind: String, Sendable, CaseIterable {
  /// Boxes of objects.
  case boxes
  /// Outlines of objects.
  case polygons
  /// Pixels of objects.
  case masks
  /// The class of each pixel.
  case labelMaps = "label maps"
  /// How sure a detector is.
  case scores
}

/// What a source of one form says.
struct FormContent {
  var set: AnnotationSet
  var problems: AnnotationProblems
  /// The folder that image names are relative to, as far as the form knows it; else it is looked for near the source.
  var imageFolder: String?
  /// The files that were read, where they are not the source and those that the form finds in its folder.
  var files: [String]?
  /// Of label maps, whether they have a class for pixels that no object covers.
  var hasBackground: Bool?
}

/// How labels are read.
public struct ReadingOptions: Sendable {
  /// The folder of the images, where it is named.
  public var images: String?
  /// What the numbers of VOC's boxes mean.
  public var base: VOCPixelBase
  /// The labels whose ids of images and classes predictions use.
  public var labels: String?
  /// What is done about EXIF's orientation where sizes come from image files.
  public var exif: ExifPolicy
  /// How label maps are read.
  public var labelMaps: LabelMapOptions

  /// Whether outlines and masks are kept, where there is something to be saved without them: in COCO's instances.
  public var segmentations: Bool

  /// Options.
  public init(
    images: String? = nil, base: VOCPixelBase = .one, labels: String? = nil, exif: ExifPolicy = .apply,
    labelMaps: LabelMapOptions = LabelMapOptions(), segmentations: Bool = true
  ) {
    self.images = images
    self.base = base
    self.labels = labels
    self.exif = exif
    self.labelMaps = labelMaps
    self.segmentations = segmentations
  }
}

/// How label maps are read.
public struct LabelMapOptions: Sendable {
  /// The folder of the PNG files, where it is named.
  public var masks: String?
  /// The classes of the numbers, where they are given.
  public var classes: ClassTable?
  /// The numbers to ignore where no table says it; nil ignores 255, unless it is a class.
  public var ignoredIDs: Set<Int>?
  /// The numbers that stand for classes 0, 1, … in the files, where they are not those of the table.
  public var values: [Int]?

  /// Options.
  public init(
    masks: String? = nil, classes: ClassTable? = nil, ignoredIDs: Set<Int>? = nil, values: [Int]? = nil
  ) {
    (self.masks, self.classes, self.ignoredIDs, self.values) = (masks, classes, ignoredIDs, values)
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
