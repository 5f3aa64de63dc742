import Documents

/// Reads and writes COCO's instances JSON: `images`, `annotations`, `categories`, in any order.
///
/// Reading goes through the file element by element. A box is `[x, y, width, height]` with the corner of the first
/// pixel at (0, 0), so it is taken over as it is. Ids, orders, the text of numbers and keys not known here are kept:
/// what is read and written again says the same.
public enum COCOInstances: WritableForm {
  static let summary = "COCO instances, one JSON file"
  static let coordinates = "[x, y, width, height] in pixels, corner of the first pixel = (0, 0)"
  static let holds: [LabelKind] = [.boxes, .polygons, .masks]
  static let isFolder = false
  static let sign = "an object with images, annotations or categories"

  static func evidence(in look: SourceLook) -> String? {
    look.objectKeys.first { ["images", "annotations", "categories"].contains($0) }.map { "an object with \($0)" }
  }

  private static let imageKeys: Set<String> = ["id", "file_name", "height", "width"]
  private static let categoryKeys: Set<String> = ["id", "name", "supercategory"]
  private static let objectKeys: Set<String> = [
    "id", "image_id", "category_id", "bbox", "area", "iscrowd", "segmentation",
  ]

  /// Reads the file at `path`. What breaks JSON's rules throws; what contradicts itself is listed among the problems.
  public static func read(
    _ path: String
  ) throws(AnnotationError) -> (set: AnnotationSet, problems: AnnotationProblems) {
    var set = AnnotationSet()
    var problems = AnnotationProblems()
    var hasImages = false
    do throws(DocumentError) {
      try JSONStream.read(
        path, arrays: ["images", "annotations", "categories"],
        element: { key, element throws(DocumentError) in
          do throws(DocumentError) {
            switch key {
            case "images": set.images.append(try image(element))
            case "categories": set.categories.append(try category(element))
            default: set.objects.append(try object(element))
            }
          } catch { problems.add(.badValue, withoutFile(error, path)) }
          hasImages = hasImages || key == "images"
        },
        member: { key, value throws(DocumentError) in set.extra[key] = value })
    } catch { throw .document(error) }
    if !hasImages, set.images.isEmpty, set.objects.isEmpty, set.categories.isEmpty {
      throw .content(place: path, reason: "holds no images, annotations or categories: not COCO instances")
    }
    problems.add(AnnotationCheck.references(of: set))
    return (set, problems)
  }

  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    let (set, problems) = try read(path)
    return FormContent(set: set, problems: problems)
  }

  /// The error without the file's name, which the list of problems gives once.
  private static func withoutFile(_ error: DocumentError, _ file: String) -> String {
    let text = error.description
    return text.hasPrefix(file + ": ") ? String(text.dropFirst(file.count + 2)) : text
  }

  private static func image(_ element: JSONElement) throws(DocumentError) -> ImageRecord {
    let height = try element.optionalInt("height") ?? 0
    let width = try element.optionalInt("width") ?? 0
    for (key, value) in [("height", height), ("width", width)] where value < 0 || value > 1 << 24 {
      throw element.error(key, "\(value) is no size of an image")
    }
    return ImageRecord(
      id: try element.int("id"), fileName: try element.string("file_name"), height: height, width: width,
      extra: element.others(than: imageKeys))
  }

  private static func category(_ element: JSONElement) throws(DocumentError) -> Category {
    Category(
      id: try element.int("id"), name: try element.string("name"),
      supercategory: try element.optionalString("supercategory"), extra: element.others(than: categoryKeys))
  }

  private static func object(_ element: JSONElement) throws(DocumentError) -> ObjectAnnotation {
    guard let numbers = try element.optionalDoubles("bbox") else {
      throw element.error("", "the key \"bbox\" is missing")
    }
    guard numbers.count == 4 else {
      throw element.error("bbox", "has \(numbers.count) numbers, not 4 (x, y, width, height)")
    }
    let box = Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    let extra = element.others(than: objectKeys)
    let area = try element.optionalDouble("area")
    let crowd = element.has("iscrowd") ? try flag(element.value("iscrowd"), "iscrowd", element) : false
    var object = ObjectAnnotation(
      id: try element.int("id"), imageID: try element.int("image_id"), categoryID: try element.int("category_id"),
      box: box, area: area, isCrowd: crowd, isDifficult: try flag(extra["difficult"], "difficult", element),
      isTruncated: try flag(extra["truncated"], "truncated", element), extra: extra)
    if element.has("segmentation"), let text = element.text("segmentation") {
      guard text.hasPrefix("[") || text.hasPrefix("{") else {
        throw element.error("segmentation", "is neither an array of polygons nor run lengths")
      }
      object.segmentation = Segmentation(text: text)
    }
    object.source = ObjectAnnotation.Source(
      box: element.text("bbox"), area: element.text("area"), lacksArea: area == nil,
      lacksCrowd: !element.has("iscrowd"))
    return object
  }

  private static func flag(_ value: JSON?, _ key: String, _ element: JSONElement) throws(DocumentError) -> Bool {
    switch value {
    case nil, .null?: return false
    case .bool(let flag)?: return flag
    case .number?:
      if value?.int == 0 { return false }
      if value?.int == 1 { return true }
    default: break
    }
    throw element.error(key, "is neither 0 nor 1")
  }
}
