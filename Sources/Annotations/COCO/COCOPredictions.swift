import Documents

/// The elements of COCO's results. Keys not known here are left out: results are read to be judged. Where they are read as labels,
/// these keys are counted.
struct COCOPredictions: JSONElements {
  private(set) var objects: [PredictedObject] = []
  /// Whether masks are kept.
  private let keepsSegmentations: Bool
  /// The masks of this part.
  private let texts = TextBuffer()
  /// The keys of the current object that are not known here.
  private var otherKeys: [Range<Int>] = []
  private static let mostOtherKeys = 16
  private static let keys: Set<String> = ["image_id", "category_id", "bbox", "score", "segmentation"]
  /// Whether keys that are not known here are counted.
  private let countsOtherKeys: Bool
  /// How many objects have each of them, where they are counted.
  private(set) var otherKeyCounts: [String: Int] = [:]

  init(keepsSegmentations: Bool, countsOtherKeys: Bool = false) {
    (self.keepsSegmentations, self.countsOtherKeys) = (keepsSegmentations, countsOtherKeys)
  }

  mutating func take(_ cursor: inout JSONCursor) -> Bool {
    guard cursor.take(UInt8(ascii: "{")) else { return false }
    var (image, category): (Int?, Int?)
    var box: WrittenBoxText?
    var score: JSONNumber?
    var segmentation: Range<Int>?
    otherKeys.removeAll(keepingCapacity: true)
    repeat {
      guard let key = cursor.key() else { return false }
      if cursor.holds(key, "image_id") {
        guard image == nil, let value = cursor.int() else { return false }
        image = value
      } else if cursor.holds(key, "category_id") {
        guard category == nil, let value = cursor.int() else { return false }
        category = value
      } else if cursor.holds(key, "bbox") {
        guard box == nil, let value = WrittenBoxText(&cursor) else { return false }
        box = value
      } else if cursor.holds(key, "score") {
        guard score == nil, let value = cursor.number() else { return false }
        score = value
      } else if cursor.holds(key, "segmentation") {
        guard segmentation == nil, let value = Segmentation.plainText(&cursor) else { return false }
        segmentation = value
      } else {
        guard otherKeys.count < Self.mostOtherKeys, !otherKeys.contains(where: { cursor.isSame($0, key) }),
          cursor.skipValue()
        else { return false }
        otherKeys.append(key)
      }
    } while cursor.take(UInt8(ascii: ","))
    guard cursor.take(UInt8(ascii: "}")), let image, let category, let score, box != nil || segmentation != nil else {
      return false
    }
    if countsOtherKeys { for key in otherKeys { otherKeyCounts[cursor.string(key), default: 0] += 1 } }
    let mask = keepsSegmentations ? segmentation : nil
    objects.append(
      PredictedObject(
        imageID: image, categoryID: category, given: box.map { .written($0.box) }, score: score.value,
        segmentation: mask.map { Segmentation(texts.append(UnsafeRawBufferPointer(rebasing: cursor.bytes[$0]))) }))
    return true
  }

  mutating func take(_ element: JSONElement) throws(DocumentError) {
    let text = element.has("segmentation") ? element.text("segmentation") : nil
    var numbers = try element.optionalDoubles("bbox")
    // Beside a mask an empty box is none, as pycocotools has it.
    if numbers?.isEmpty ?? false, text != nil { numbers = nil }
    if let numbers, numbers.count != 4 {
      throw element.error("bbox", "has \(numbers.count) numbers, not 4 (x, y, width, height)")
    }
    guard numbers != nil || text != nil else {
      throw element.error("", "has neither \"bbox\" nor \"segmentation\"")
    }
    objects.append(
      PredictedObject(
        imageID: try element.int("image_id"), categoryID: try element.int("category_id"),
        given: numbers.map { .written(WrittenBox(x: $0[0], y: $0[1], width: $0[2], height: $0[3])) },
        score: try element.double("score"),
        segmentation: keepsSegmentations ? text.map { Segmentation(texts.append($0)) } : nil))
    if countsOtherKeys {
      for key in element.keys where !Self.keys.contains(key) { otherKeyCounts[key, default: 0] += 1 }
    }
  }

  mutating func append(_ next: consuming COCOPredictions, expected: Int) {
    next.texts.close()
    objects.makeRoom(for: next.objects.count, expected: expected)
    objects.append(contentsOf: next.objects)
    otherKeyCounts.merge(next.otherKeyCounts, uniquingKeysWith: +)
  }
}
