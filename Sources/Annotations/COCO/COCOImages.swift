import Documents

/// The elements of COCO's `images`.
struct COCOImages: JSONElements {
  private(set) var images: [ImageRecord] = []
  /// The keys that have a place of their own.
  static let keys: Set<String> = ["id", "file_name", "height", "width"]

  mutating func take(_ cursor: inout JSONCursor) -> Bool {
    guard cursor.take(UInt8(ascii: "{")) else { return false }
    var (id, height, width): (Int?, Int?, Int?)
    var fileName: Range<Int>?
    var extra = JSONObject()
    repeat {
      guard let key = cursor.key() else { return false }
      if cursor.holds(key, "id") {
        guard id == nil, let value = cursor.int() else { return false }
        id = value
      } else if cursor.holds(key, "file_name") {
        guard fileName == nil, let value = cursor.text() else { return false }
        fileName = value
      } else if cursor.holds(key, "height") {
        guard height == nil, let value = cursor.int() else { return false }
        height = value
      } else if cursor.holds(key, "width") {
        guard width == nil, let value = cursor.int() else { return false }
        width = value
      } else {
        guard let value = cursor.value(), extra.add(cursor.string(key), value) else { return false }
      }
    } while cursor.take(UInt8(ascii: ","))
    guard cursor.take(UInt8(ascii: "}")), let id, let fileName, ImageRecord.sides.contains(height ?? 0),
      ImageRecord.sides.contains(width ?? 0)
    else { return false }
    images.append(
      ImageRecord(
        id: id, fileName: cursor.string(fileName), height: height ?? 0, width: width ?? 0, extra: extra))
    return true
  }

  mutating func take(_ element: JSONElement) throws(DocumentError) {
    let height = try element.optionalInt("height") ?? 0
    let width = try element.optionalInt("width") ?? 0
    for (key, value) in [("height", height), ("width", width)] where !ImageRecord.sides.contains(value) {
      throw element.error(key, "\(value) is no size of an image")
    }
    images.append(
      ImageRecord(
        id: try element.int("id"), fileName: try element.string("file_name"), height: height, width: width,
        extra: element.others(than: Self.keys)))
  }

  mutating func append(_ next: consuming COCOImages, expected: Int) {
    images.makeRoom(for: next.images.count, expected: expected)
    images.append(contentsOf: next.images)
  }
}

/// The elements of COCO's `categories`: too few to be read in two ways.
struct COCOCategories: JSONElements {
  private(set) var categories: [Category] = []
  /// The keys that have a place of their own.
  static let keys: Set<String> = ["id", "name", "supercategory"]

  mutating func take(_ cursor: inout JSONCursor) -> Bool { false }

  mutating func take(_ element: JSONElement) throws(DocumentError) {
    categories.append(
      Category(
        id: try element.int("id"), name: try element.string("name"),
        supercategory: try element.optionalString("supercategory"), extra: element.others(than: Self.keys)))
  }

  mutating func append(_ next: consuming COCOCategories, expected: Int) {
    categories.append(contentsOf: next.categories)
  }
}

extension Array {
  /// Makes room for `count` more elements, and where that moves the array, for as many as are expected at the end.
  mutating func makeRoom(for count: Int, expected: Int) {
    if self.count + count > capacity { reserveCapacity(Swift.max(self.count + count, expected)) }
  }
}
