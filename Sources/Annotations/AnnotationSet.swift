import Documents

/// Images with labelled objects: the one document into which all formats are read and from which they are written.
///
/// Ids are those of the file and have gaps; classes are matched between files by name. Values that a reader does not
/// know are kept in `extra`, so that a COCO file written again says the same.
public struct AnnotationSet: Sendable, Equatable {
  /// The classes in the file's order.
  public var categories: [Category]
  /// The images in the file's order, those without objects among them.
  public var images: [ImageRecord]
  /// The labelled objects in the file's order.
  public var objects: [ObjectAnnotation]
  /// What the file says beside these (`info`, `licenses` …).
  public var extra: JSONObject
  /// Whether the file lists its classes, as COCO does; else the classes are those that happen to occur, as in VOC.
  public var listsClasses: Bool

  /// A set of these parts.
  public init(
    categories: [Category] = [], images: [ImageRecord] = [], objects: [ObjectAnnotation] = [],
    extra: JSONObject = JSONObject(), listsClasses: Bool = true
  ) {
    self.categories = categories
    self.images = images
    self.objects = objects
    self.extra = extra
    self.listsClasses = listsClasses
  }

  /// The names of the classes, in the order of their ids: class k of a model is element k.
  public var classNames: [String] { categories.sorted { $0.id < $1.id }.map(\.name) }

  /// For each category id its place among all ids in ascending order: the model's contiguous class index from 0.
  public var classIndices: [Int: Int] {
    Dictionary(categories.map(\.id).sorted().enumerated().map { ($1, $0) }) { first, _ in first }
  }

  /// For each image id the places of its objects in `objects`.
  public var objectsByImage: [Int: [Int]] {
    var places: [Int: [Int]] = [:]
    for (place, object) in objects.enumerated() { places[object.imageID, default: []].append(place) }
    return places
  }

  /// The same classes with only these images and their objects; `keep` is asked once an image.
  public func subset(_ keep: (ImageRecord) -> Bool) -> AnnotationSet {
    var subset = self
    subset.images = images.filter(keep)
    let ids = Set(subset.images.map(\.id))
    subset.objects = objects.filter { ids.contains($0.imageID) }
    return subset
  }
}

/// One class.
public struct Category: Sendable, Equatable {
  /// The file's id, any whole number.
  public var id: Int
  /// The name, by which classes are matched between files.
  public var name: String
  /// The group it belongs to.
  public var supercategory: String?
  /// Other keys of the file.
  public var extra: JSONObject

  /// A class.
  public init(id: Int, name: String, supercategory: String? = nil, extra: JSONObject = JSONObject()) {
    self.id = id
    self.name = name
    self.supercategory = supercategory
    self.extra = extra
  }
}

/// One image, without its pixels.
public struct ImageRecord: Sendable, Equatable {
  /// The file's id.
  public var id: Int
  /// The name of its file, relative to the folder of the images.
  public var fileName: String
  /// Height in pixels as the labels say; 0 while unknown.
  public var height: Int
  /// Width in pixels as the labels say; 0 while unknown.
  public var width: Int
  /// Other keys of the file.
  public var extra: JSONObject
  /// The sides in pixels that a file may give an image: 0 while unknown, and none longer than that of any image that is accepted.
  static let sides = 0...(1 << 24)

  /// An image.
  public init(id: Int, fileName: String, height: Int, width: Int, extra: JSONObject = JSONObject()) {
    self.id = id
    self.fileName = fileName
    self.height = height
    self.width = width
    self.extra = extra
  }
}
