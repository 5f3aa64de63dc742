import Documents

/// The elements of COCO's `annotations`.
struct COCOObjects: JSONElements {
  private(set) var objects: [ObjectAnnotation] = []
  /// Whether outlines and masks are kept.
  private let keepsSegmentations: Bool
  /// The texts of the objects of this part.
  private let texts = TextBuffer()
  /// The keys that have a place of their own.
  static let keys: Set<String> = [
    "id", "image_id", "category_id", "bbox", "area", "iscrowd", "segmentation",
  ]

  init(keepsSegmentations: Bool) { self.keepsSegmentations = keepsSegmentations }

  mutating func append(_ next: consuming COCOObjects, expected: Int) {
    next.texts.close()
    objects.makeRoom(for: next.objects.count, expected: expected)
    objects.append(contentsOf: next.objects)
  }
}

// MARK: Plain objects

extension COCOObjects {
  mutating func take(_ cursor: inout JSONCursor) -> Bool {
    guard cursor.take(UInt8(ascii: "{")) else { return false }
    var (id, image, category, crowd): (Int?, Int?, Int?, Int?)
    var box: WrittenBoxText?
    var area: JSONNumber?
    var segmentation: Range<Int>?
    var extra = JSONObject()
    repeat {
      guard let key = cursor.key() else { return false }
      if cursor.holds(key, "id") {
        guard id == nil, let value = cursor.int() else { return false }
        id = value
      } else if cursor.holds(key, "image_id") {
        guard image == nil, let value = cursor.int() else { return false }
        image = value
      } else if cursor.holds(key, "category_id") {
        guard category == nil, let value = cursor.int() else { return false }
        category = value
      } else if cursor.holds(key, "bbox") {
        guard box == nil, let value = WrittenBoxText(&cursor) else { return false }
        box = value
      } else if cursor.holds(key, "area") {
        guard area == nil, let value = cursor.number() else { return false }
        area = value
      } else if cursor.holds(key, "iscrowd") {
        guard crowd == nil, let value = cursor.int(), value == 0 || value == 1 else { return false }
        crowd = value
      } else if cursor.holds(key, "segmentation") {
        guard segmentation == nil, let value = Segmentation.plainText(&cursor) else { return false }
        segmentation = value
      } else {
        guard let value = cursor.value(), extra.add(cursor.string(key), value) else { return false }
      }
    } while cursor.take(UInt8(ascii: ","))
    guard cursor.take(UInt8(ascii: "}")), let id, let image, let category, let box,
      let isDifficult = Self.flag(extra["difficult"]), let isTruncated = Self.flag(extra["truncated"])
    else { return false }
    func slice(_ range: Range<Int>) -> TextSlice {
      texts.append(UnsafeRawBufferPointer(rebasing: cursor.bytes[range]))
    }
    var object = ObjectAnnotation(
      id: id, imageID: image, categoryID: category, given: .written(box.box), area: area?.value, isCrowd: crowd == 1,
      isDifficult: isDifficult, isTruncated: isTruncated,
      segmentation: keepsSegmentations ? segmentation.map { Segmentation(slice($0)) } : nil, extra: extra)
    object.source = ObjectAnnotation.Source(
      box: box.isUsualText ? nil : slice(box.range), area: area.flatMap { $0.isUsualText ? nil : slice($0.range) },
      lacksArea: area == nil, lacksCrowd: crowd == nil)
    objects.append(object)
    return true
  }

  /// Whether a value says yes; nil where it says neither yes nor no.
  static func flag(_ value: JSON?) -> Bool? {
    switch value?.content {
    case nil, .null?: false
    case .bool(let flag)?: flag
    case .number?: value?.int == 0 ? false : value?.int == 1 ? true : nil
    default: nil
    }
  }
}

// MARK: All others

extension COCOObjects {
  mutating func take(_ element: JSONElement) throws(DocumentError) {
    guard let numbers = try element.optionalDoubles("bbox") else {
      throw element.missing("bbox")
    }
    guard numbers.count == 4 else {
      throw element.error("bbox", "has \(numbers.count) numbers, not 4 (x, y, width, height)")
    }
    let extra = element.others(than: Self.keys)
    let area = try element.optionalDouble("area")
    let crowd = element.has("iscrowd") ? try flag(element.value("iscrowd"), "iscrowd", element) : false
    var object = ObjectAnnotation(
      id: try element.int("id"), imageID: try element.int("image_id"), categoryID: try element.int("category_id"),
      given: .written(WrittenBox(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])), area: area,
      isCrowd: crowd, isDifficult: try flag(extra["difficult"], "difficult", element),
      isTruncated: try flag(extra["truncated"], "truncated", element), segmentation: nil, extra: extra)
    if element.has("segmentation"), let text = element.text("segmentation") {
      guard text.hasPrefix("[") || text.hasPrefix("{") else {
        throw element.error("segmentation", "is neither an array of polygons nor run lengths")
      }
      if keepsSegmentations { object.segmentation = Segmentation(texts.append(text)) }
    }
    object.source = ObjectAnnotation.Source(
      box: element.text("bbox").map(texts.append), area: element.text("area").map(texts.append), lacksArea: area == nil,
      lacksCrowd: !element.has("iscrowd"))
    objects.append(object)
  }

  private func flag(_ value: JSON?, _ key: String, _ element: JSONElement) throws(DocumentError) -> Bool {
    guard let flag = Self.flag(value) else { throw element.error(key, "is neither 0 nor 1") }
    return flag
  }
}

// MARK: Other forms

extension ObjectAnnotation {
  /// The flags that are kept among other keys too, as COCO's files have them.
  static let flagKeys: Set<String> = ["difficult", "truncated"]

  /// Sets the flags that keys of a form say which has no place of its own for them.
  mutating func takeFlags() {
    isDifficult = isDifficult || COCOObjects.flag(extra["difficult"]) ?? false
    isTruncated = isTruncated || COCOObjects.flag(extra["truncated"]) ?? false
  }

  /// Whether a key of `extra` is a flag's and says no more than the flag.
  func isFlag(_ key: String) -> Bool { Self.flagKeys.contains(key) && COCOObjects.flag(extra[key]) != nil }
}
