import Documents

/// One labelled object.
public struct ObjectAnnotation: Sendable {
  /// The file's id.
  public var id: Int
  /// The image it is in.
  public var imageID: Int
  /// Its class.
  public var categoryID: Int
  private var given: GivenBox
  /// Its area in square pixels: of the mask where there is one, else of the box.
  public var area: Double { didSet { source.area = nil } }
  /// Whether it stands for a group that is not told apart (COCO's `iscrowd`).
  public var isCrowd: Bool { didSet { source.lacksCrowd = false } }
  /// Whether it is too hard to be counted (VOC's `difficult`).
  public var isDifficult: Bool
  /// Whether it goes on outside the image (VOC's `truncated`).
  public var isTruncated: Bool
  /// Its outline or mask as the file has it; one that is empty, too.
  public var segmentation: Segmentation?
  /// Other keys of the file.
  public var extra: JSONObject
  /// How the file wrote what is unchanged since.
  var source = Source()

  /// Texts of a COCO file, kept where another would be written, so that what is unchanged is written as it was read.
  struct Source: Sendable {
    var box: TextSlice?
    var area: TextSlice?
    var lacksArea = false
    var lacksCrowd = false
  }

  /// An object. Without `area` it is that of the box.
  public init(
    id: Int, imageID: Int, categoryID: Int, box: Box, area: Double? = nil, isCrowd: Bool = false,
    isDifficult: Bool = false, isTruncated: Bool = false, segmentation: Segmentation? = nil,
    extra: JSONObject = JSONObject()
  ) {
    self.init(
      id: id, imageID: imageID, categoryID: categoryID, given: .corners(box), area: area, isCrowd: isCrowd,
      isDifficult: isDifficult, isTruncated: isTruncated, segmentation: segmentation, extra: extra)
  }

  /// An object as a COCO file has it.
  init(
    id: Int, imageID: Int, categoryID: Int, given: GivenBox, area: Double?, isCrowd: Bool, isDifficult: Bool,
    isTruncated: Bool, segmentation: Segmentation?, extra: JSONObject
  ) {
    self.id = id
    self.imageID = imageID
    self.categoryID = categoryID
    self.given = given
    self.area = area ?? given.written.area
    self.isCrowd = isCrowd
    self.isDifficult = isDifficult
    self.isTruncated = isTruncated
    self.segmentation = segmentation
    self.extra = extra
  }

  /// Its outline or mask; nil where the file has an empty one, too.
  public var outline: Segmentation? { segmentation.flatMap { $0.isEmpty ? nil : $0 } }

  /// Where it is, in pixels of the image as stored in the labels' size.
  public var box: Box {
    get { given.box }
    set {
      given = .corners(newValue)
      source.box = nil
    }
  }

  /// The box in the numbers of the COCO file it was read from; from its corners where there is none or it was changed.
  public var writtenBox: WrittenBox { given.written }
}

extension ObjectAnnotation: Equatable {
  /// Whether all values are equal; how a file wrote them does not matter.
  public static func == (left: ObjectAnnotation, right: ObjectAnnotation) -> Bool {
    left.id == right.id && left.imageID == right.imageID && left.categoryID == right.categoryID
      && left.box == right.box && left.area == right.area && left.isCrowd == right.isCrowd
      && left.isDifficult == right.isDifficult && left.isTruncated == right.isTruncated
      && left.outline == right.outline && left.extra == right.extra
  }
}
