import Documents

/// Image-level labels: which classes are somewhere in an image, from COCO JSON or CSV.
///
/// Of COCO JSON `images` (`id`, `file_name`), `annotations` (`image_id`, `category_id`; boxes and the rest are not read) and `categories`
/// (`id`, `name`) are read; without categories an id is the class's number in the class table. A CSV file has an image and a class's name a
/// line; a first line `image,class` is passed over, as are blank ones. An image may stand in any number of lines.
public struct ImageTags: Sendable, Equatable {
  /// What is said of one image at one place of the file.
  struct Entry: Sendable, Equatable {
    /// The image's name.
    let image: String
    /// The class by its place in the table.
    let classIndex: Int
    /// Where it stands, for messages.
    let place: String
  }

  /// The file, for messages.
  public let file: String
  let entries: [Entry]

  /// Reads a file.
  ///
  /// - Throws: For a class that is not in the table, an image id without image, a line of other cells, and a file without a tag.
  public static func read(_ path: String, classes: ClassTable) throws(AnnotationError) -> ImageTags {
    let entries = try Path.extension(of: path) == "json" ? coco(path, classes) : csv(path, classes)
    guard !entries.isEmpty else { throw .content(place: path, reason: "holds no image tag") }
    return ImageTags(file: path, entries: entries)
  }

  private static func coco(_ path: String, _ classes: ClassTable) throws(AnnotationError) -> [Entry] {
    var (images, categories): ([Int: String], [Int: String]) = ([:], [:])
    var annotations: [(image: Int, category: Int, place: String)] = []
    do throws(DocumentError) {
      try JSONStream.read(path, arrays: ["images", "annotations", "categories"]) { key, element throws(DocumentError) in
        switch key {
        case "images": images[try element.int("id")] = try element.string("file_name")
        case "categories": categories[try element.int("id")] = try element.string("name")
        default:
          annotations.append((try element.int("image_id"), try element.int("category_id"), element.path))
        }
      }
    } catch { throw .document(error) }
    return try annotations.map { image, category, place throws(AnnotationError) in
      guard let name = images[image] else {
        throw .content(place: "\(path): \(place).image_id", reason: "\(image) is no image of the file")
      }
      let index: Int?
      if categories.isEmpty {
        index = classes.classes.firstIndex { $0.id == category }
      } else {
        guard let name = categories[category] else {
          throw .content(place: "\(path): \(place).category_id", reason: "\(category) is no category of the file")
        }
        index = classes.index(of: name)
      }
      guard let index else {
        throw unknown(
          categories[category].map { "'\($0)'" } ?? "\(category)", at: "\(path): \(place).category_id", classes)
      }
      return Entry(image: name, classIndex: index, place: place)
    }
  }

  private static func csv(_ path: String, _ classes: ClassTable) throws(AnnotationError) -> [Entry] {
    var rows = try throwingAnnotationErrors { () throws(DocumentError) in try CSVRows(ofFile: path) }
    var entries: [Entry] = []
    var isFirst = true
    while let row = try throwingAnnotationErrors({ () throws(DocumentError) in try rows.next() }) {
      let (place, cells) = ("line \(row.line)", row.cells)
      defer { isFirst = false }
      guard cells.count == 2, !cells[0].isEmpty else {
        throw .content(place: "\(path): \(place)", reason: "wanted is image,class")
      }
      if isFirst, cells == ["image", "class"] { continue }
      guard let index = classes.index(of: cells[1]) else {
        throw unknown("'\(cells[1])'", at: "\(path): \(place)", classes)
      }
      entries.append(Entry(image: cells[0], classIndex: index, place: place))
    }
    return entries
  }

  private static func unknown(_ found: String, at place: String, _ classes: ClassTable) -> AnnotationError {
    .content(place: place, reason: "\(found) is none of the classes \(classes.names.joined(separator: ", "))")
  }

  /// The classes of those images that have tags, rising, by the images' places among `names`.
  ///
  /// An image is known by its whole name, without extension, without folders, or without both, whichever first fits.
  ///
  /// - Parameter others: Names of images that may be in the file too; nothing is said of them.
  /// - Throws: For an image that is neither, and for a name that more than one image has.
  public func places(in names: [String], besides others: [String] = []) throws(AnnotationError) -> [Int: [Int]] {
    let (index, known) = (ImageNameIndex(names), ImageNameIndex(others))
    var found: [Int: Set<Int>] = [:]
    for entry in entries {
      var match: ImageNameIndex.Match?
      for level in 0..<ImageNameIndex.levelCount where match == nil {
        let spelling = ImageNameIndex.spelling(of: entry.image, level)
        let own = index.match(spelling, level)
        if own != .unknown || known.match(spelling, level) != .unknown { match = own }
      }
      switch match {
      case .one(let place)?: found[place, default: []].insert(entry.classIndex)
      case .several(let first, let second)?:
        throw .content(
          place: "\(file): \(entry.place)",
          reason: "\(entry.image) may be \(names[first]) or \(names[second]); its folders are wanted too")
      case .unknown?: continue
      case nil: throw .content(place: "\(file): \(entry.place)", reason: "\(entry.image) is not among the images")
      }
    }
    return found.mapValues { $0.sorted() }
  }
}
