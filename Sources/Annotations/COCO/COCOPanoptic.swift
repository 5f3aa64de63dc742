import Documents
import Imaging

/// Reads COCO's panoptic form: a JSON file that lists the segments of each image, and PNG files whose colours number them, R + 256
/// G + 65536 B; 0 is nobody's.
///
/// Each segment becomes an object with a mask; its number is kept as `segment_id`. A number in the PNG file that the JSON file does
/// not list, or a listed one without a pixel, is an error.
///
/// Source: the panoptic task's data format on cocodataset.org, and panopticapi's checks.
enum COCOPanoptic: AnnotationForm {
  static let summary = "COCO panoptic, one JSON file with a folder of PNG files"
  static let coordinates = "pixels whose colour R + 256 G + 65536 B is the number of a segment"
  static let holds: [LabelKind] = [.masks, .labelMaps]
  static let isFolder = false
  static let sign = "annotations with segments_info"

  static func evidence(in look: SourceLook) -> String? {
    guard !look.objectKeys.isEmpty, isThere(look.path) else { return nil }
    return "annotations with segments_info"
  }

  private static let segmentKeys: Set<String> = ["id", "category_id", "bbox", "area", "iscrowd"]

  /// One segment as the JSON file lists it.
  private struct Segment: Sendable {
    let id: Int
    let categoryID: Int
    let isCrowd: Bool
    let extra: JSONObject
  }

  /// One image's entry.
  private struct Entry: Sendable {
    let imageID: Int
    let file: String
    let segments: [Segment]
    let place: String
  }

  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    var entries: [Entry] = []
    var (listedImages, classes) = (COCOImages(), COCOCategories())
    var set = AnnotationSet()
    do throws(DocumentError) {
      try JSONStream.read(
        path, arrays: ["images", "annotations", "categories"],
        element: { key, element throws(DocumentError) in
          switch key {
          case "images": try listedImages.take(element)
          case "categories": try classes.take(element)
          default: entries.append(try entry(element))
          }
        },
        member: { key, value throws(DocumentError) in set.extra[key] = value })
    } catch { throw .document(error) }
    let images = listedImages.images
    set.categories = classes.categories
    let listed = entries
    guard !listed.isEmpty else { throw .content(place: path, reason: "lists no segments of an image") }
    let folder = options.labelMaps.masks ?? maskFolder(of: path, first: listed[0].file)
    let records = Dictionary(images.map { ($0.id, $0) }) { first, _ in first }
    let known = Set(set.categories.map(\.id))
    var problems = AnnotationProblems()
    for entry in entries {
      if records[entry.imageID] == nil {
        problems.add(.unknownImage, "\(entry.place): image_id \(entry.imageID) is not among the images")
      }
      for segment in entry.segments where !known.contains(segment.categoryID) {
        problems.add(
          .unknownCategory,
          "\(entry.place): segment \(segment.id): category_id \(segment.categoryID) is not among the categories")
      }
    }
    if Folder.exists(folder) {
      try ImageLocator(folder: folder).requireInside(listed.map(\.file).filter(Path.staysInside))
    }
    // Read by entry; images without one keep their place in the file.
    let made = MaskAssembly(names: listed.map(\.file), categories: set.categories)
      .set(problems: &problems) { place throws(AnnotationError) in
        try content(of: listed[place], record: records[listed[place].imageID], in: folder)
      }
    let places = Dictionary(listed.enumerated().map { ($1.imageID, $0) }) { first, _ in first }
    set.images = images.map { image in
      guard let place = places[image.id] else { return image }
      var image = image
      if image.height == 0 { (image.height, image.width) = (made.images[place].height, made.images[place].width) }
      if let ignored = made.images[place].extra[ImageRecord.ignoredKey] {
        image.extra[ImageRecord.ignoredKey] = ignored
      }
      return image
    }
    set.objects = made.objects.map { object in
      var object = object
      object.imageID = listed[object.imageID - 1].imageID
      return object
    }
    problems.add(AnnotationCheck.references(of: set))
    return FormContent(
      set: set, problems: problems, imageFolder: nil, files: [path] + listed.map { Path.join(folder, $0.file) },
      hasBackground: false)
  }

  private static func entry(_ element: JSONElement) throws(DocumentError) -> Entry {
    let segments = try element.elements("segments_info").map { segment throws(DocumentError) in
      Segment(
        id: try segment.int("id"), categoryID: try segment.int("category_id"),
        isCrowd: try segment.optionalInt("iscrowd") ?? 0 == 1, extra: segment.others(than: segmentKeys))
    }
    return Entry(
      imageID: try element.int("image_id"), file: try element.string("file_name"), segments: segments,
      place: element.path)
  }

  /// The folder of the PNG files: called as the JSON file, or its own folder.
  private static func maskFolder(of path: String, first: String) -> String {
    let own = Path.folder(of: path)
    let places = [Path.withoutExtension(path), own]
    return places.first { Folder.hasFile(Path.join($0, first)) } ?? places[0]
  }

  private static func content(
    of entry: Entry, record: ImageRecord?, in folder: String
  ) throws(AnnotationError) -> MaskedContent {
    guard Path.staysInside(entry.file) else {
      throw .content(place: entry.place, reason: "the file name \"\(entry.file)\" leads out of the folder")
    }
    let path = Path.join(folder, entry.file)
    let picture: Image
    do throws(ImagingError) { picture = try ImageFile.read(path) } catch { throw .unreadable(error, path) }
    if let record, record.height > 0, record.width > 0,
      (record.height, record.width) != (picture.height, picture.width)
    {
      throw .content(
        place: path,
        reason: "is \(picture.width)×\(picture.height), \(entry.place) of \(record.fileName) says "
          + "\(record.width)×\(record.height)")
    }
    let numbers = (0..<picture.height * picture.width).map { pixel -> UInt32 in
      let at = 3 * pixel
      return UInt32(picture.pixels[at]) | UInt32(picture.pixels[at + 1]) << 8 | UInt32(picture.pixels[at + 2]) << 16
    }
    let runs = LabelRuns(numbers, height: picture.height, width: picture.width)
    let masks = Dictionary(runs.entries.map { ($0.value, $0.mask) }) { first, _ in first }
    let listed = Set(entry.segments.map(\.id))
    let unlisted = masks.keys.filter { $0 != 0 && !listed.contains($0) }.sorted()
    let missing = entry.segments.map(\.id).filter { masks[$0] == nil }
    var reasons: [String] = []
    if !unlisted.isEmpty { reasons.append("has segments that \(entry.place) does not list: \(text(unlisted))") }
    if !missing.isEmpty { reasons.append("has no pixel of segments that \(entry.place) lists: \(text(missing))") }
    if listed.count < entry.segments.count { reasons.append("\(entry.place) lists a segment twice") }
    guard reasons.isEmpty else { throw .content(place: path, reason: reasons.joined(separator: "; ")) }
    var content = MaskedContent(height: picture.height, width: picture.width)
    content.ignored = masks[0]
    content.objects = entry.segments.compactMap { segment in
      masks[segment.id].map { mask in
        var extra = segment.extra
        extra["segment_id"] = JSON(segment.id)
        return .init(categoryID: segment.categoryID, mask: mask, isCrowd: segment.isCrowd, extra: extra)
      }
    }
    return content
  }

  private static func text(_ ids: [Int]) -> String { namesText(ids.map(String.init), most: 10) }

  /// Whether a COCO file is of this form: its first annotation has `segments_info`.
  private static func isThere(_ path: String) -> Bool {
    (try? JSONStream.keys(ofFirstElementOf: "annotations", in: path))?.contains("segments_info") ?? false
  }
}
