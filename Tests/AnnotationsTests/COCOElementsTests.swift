import Documents
import Foundation
import Oracles
import Randomness
import TestSupport
import Testing

@testable import Annotations

/// Objects, images and results as plain files have them, read by the cursor, against the same read element by element.
@Suite struct COCOElementsTests {
  private struct Outcome<Elements> {
    var elements: Elements?
    var problems: [String] = []
    var error: String?
  }

  private func read<Elements: JSONElements>(
    _ file: String, _ make: @escaping @Sendable () -> Elements
  ) -> Outcome<Elements> {
    var outcome = Outcome<Elements>()
    outcome.error = errorMessage {
      try JSONStream.read(file, isArray: true) { member throws(DocumentError) in
        outcome.elements = try member.elements(make, problem: { outcome.problems.append("\($0)") })
      }
    }
    return outcome
  }

  /// Reads the same file in both ways and compares all there is to compare; says whether it held elements.
  private func compare<Elements: JSONElements>(
    _ bytes: [UInt8], in folder: ScratchFolder, _ make: @escaping @Sendable () -> Elements,
    _ text: (Elements) -> String
  ) throws -> Bool {
    let file = try folder.file("in.json")
    // Not synced: thousands of files.
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    let plain = read(file, make)
    let wanted = read(file) { ElementByElement(make()) }
    #expect(plain.error == wanted.error)
    #expect(plain.problems == wanted.problems)
    let found = plain.elements.map(text)
    #expect(found == wanted.elements.map { text($0.elements) }, "\(String(decoding: bytes, as: UTF8.self))")
    return found.map { !$0.isEmpty } ?? false
  }

  /// What objects would be written as, white space aside, and what else there is to know of them.
  private func written(_ objects: [ObjectAnnotation]) -> String {
    objects.map { object in
      var bytes: [UInt8] = []
      COCOInstances.append(object: object, to: &bytes)
      let record = (try? JSON(parsing: bytes, file: ""))?.serialized() ?? "not JSON"
      return "\(record) \(object.box) \(object.writtenBox) \(object.area) \(object.segmentation?.text ?? "-")"
    }.joined(separator: "\n")
  }

  @Test("annotations: 6,000 files, whole and damaged")
  func objects() throws {
    let folder = try ScratchFolder()
    var random = RandomRecords(seed: 6)
    var count = 0
    for round in 0..<6_000 {
      let bytes = random.file(round) { $0.annotation() }
      let held = try compare(bytes, in: folder, { COCOObjects(keepsSegmentations: true) }) { written($0.objects) }
      count += held ? 1 : 0
    }
    #expect(count > 1_000)
  }

  @Test("images: 3,000 files, whole and damaged")
  func images() throws {
    let folder = try ScratchFolder()
    var random = RandomRecords(seed: 7)
    var count = 0
    for round in 0..<3_000 {
      let held = try compare(random.file(round) { $0.image() }, in: folder, { COCOImages() }) {
        $0.images.map { "\($0)" }.joined(separator: "\n")
      }
      count += held ? 1 : 0
    }
    #expect(count > 1_000)
  }

  @Test("results: 6,000 files, whole and damaged")
  func results() throws {
    let folder = try ScratchFolder()
    var random = RandomRecords(seed: 8)
    var count = 0
    for round in 0..<6_000 {
      let bytes = random.file(round) { $0.result() }
      let held = try compare(bytes, in: folder, { COCOPredictions(keepsSegmentations: true) }) { predictions in
        predictions.objects.map {
          "\($0.imageID) \($0.categoryID) \($0.score) \($0.segmentation?.text ?? "-") "
            + ($0.writtenBox.map { "\($0)" } ?? "-")
        }.joined(separator: "\n")
      }
      count += held ? 1 : 0
    }
    #expect(count > 1_000)
  }

  @Test("outlines and masks of any kind have the content that JSON's values have")
  func segmentations() {
    var random = RandomRecords(seed: 9)
    var count = 0
    for round in 0..<6_000 {
      var bytes = Array(random.segmentation().utf8)
      if round % 2 == 1 { bytes = random.damaged(bytes) }
      let text = String(decoding: bytes, as: UTF8.self)
      let found = try? Segmentation(text: text).content(place: "p")
      let wanted = try? Segmentation(text: text).contentOfJSON(place: "p")
      #expect(found == wanted, "\(text)")
      count += found == nil ? 0 : 1
    }
    #expect(count > 1_500)
  }

  @Test("without segmentations all else is the same")
  func withoutSegmentations() throws {
    let folder = try ScratchFolder()
    var random = RandomRecords(seed: 10)
    let records = (0..<300).map { _ in random.annotation() }.filter { (try? JSON(parsing: $0, file: "")) != nil }
    let file = try folder.write("{\"annotations\":[\(records.joined(separator: ","))]}", to: "s.json")
    var (set, problems) = try COCOInstances.read(file)
    for place in set.objects.indices { set.objects[place].segmentation = nil }
    let boxes = try COCOInstances.read(file, segmentations: false)
    #expect(boxes.set == set && boxes.problems == problems)
    #expect(boxes.set.objects.count > 100)
  }
}

/// Random records of COCO files: mostly plain, some with a value that is not.
private struct RandomRecords {
  private var random: SeededGenerator
  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// An array of records; every second one is damaged.
  mutating func file(_ round: Int, _ record: (inout RandomRecords) -> String) -> [UInt8] {
    let records = (0..<1 + random.integer(below: 4)).map { _ in record(&self) }
    let bytes = Array("[\(records.joined(separator: random.chance(0.5) ? "," : " ,\n"))]".utf8)
    return round % 2 == 1 ? damaged(bytes) : bytes
  }

  mutating func annotation() -> String {
    object([
      ("id", whole()), ("image_id", whole()), ("category_id", whole()), ("bbox", box()), ("area", number()),
      ("iscrowd", pick(["0", "1", "1", "2", "true", "null", "0.0", "1.0"])), ("segmentation", segmentation()),
      (pick(["difficult", "truncated", "score", "attributes", "idx", "é"]), value()),
    ])
  }

  mutating func image() -> String {
    object([
      ("id", whole()), ("file_name", text()), ("height", whole()), ("width", whole()), ("license", value()),
      ("date_captured", text()),
    ])
  }

  mutating func result() -> String {
    object([
      ("image_id", whole()), ("category_id", whole()), ("bbox", box()), ("score", number()),
      ("segmentation", segmentation()), ("id", value()), ("name", value()),
    ])
  }

  mutating func segmentation() -> String {
    switch random.integer(below: 10) {
    case 0...5:
      let rings = (0..<1 + random.integer(below: 3)).map { _ in
        "[" + (0..<(random.chance(0.9) ? 6 : 5)).map { _ in number() }.joined(separator: ",") + "]"
      }
      return "[" + rings.joined(separator: ", ") + "]"
    case 6:
      return object([
        ("size", "[2, 5]"), ("counts", pick(["\"0:\"", "\"04\"", "\"\\\\0\"", "\"0\\u003a\"", "\"\\n\""])),
      ])
    case 7:
      return object([("counts", pick(["[0, 10]", "[3,3,4]", "[10]", "[-1,11]", "[1.0,9]", "[]"])), ("size", "[2,5]")])
    case 8: return object([("size", "[5,2]"), ("counts", "\"04\\/\""), ("other", value())])
    default: return value()
    }
  }

  mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let place = random.integer(below: bytes.count)
    switch random.integer(below: 4) {
    case 0: bytes[place] = pick(Array("{}[],:\"\\0-.e 1".utf8))
    case 1: bytes.remove(at: place)
    case 2: bytes.insert(bytes[place], at: place)
    default:
      if random.chance(0.2) { bytes.removeSubrange(place...) } else { bytes[place] = UInt8(random.integer(below: 256)) }
    }
    return bytes
  }

  /// Members in random order; now and then one is missing or given twice.
  private mutating func object(_ members: [(String, String)]) -> String {
    var members = members.filter { _ in !random.chance(0.05) }
    if random.chance(0.04), let first = members.first { members.append(first) }
    if random.chance(0.5) { random.shuffle(&members) }
    let space = random.chance(0.5) ? " " : ""
    return "{" + members.map { "\"\($0)\":\(space)\($1)" }.joined(separator: "," + space) + "}"
  }

  private mutating func whole() -> String {
    random.chance(0.95)
      ? String(random.integer(below: 1000))
      : pick(["0", "-3", "2.0", "1e2", "\"4\"", "null", "9223372036854775807", "1.5"])
  }

  private mutating func number() -> String {
    let decimals = random.integer(below: 17)
    let text = String(random.integer(below: 700)) + "." + String(random.integer(below: 1 << 50)).prefix(1 + decimals)
    return random.chance(0.9)
      ? text : pick(["0", "7", "-0", "0.0", "1e2", "18234.623549999999", "null", "\"3\"", "1E400"])
  }

  private mutating func box() -> String {
    let numbers = (0..<(random.chance(0.97) ? 4 : 3)).map { _ in number() }
    return random.chance(0.97) ? "[" + numbers.joined(separator: random.chance(0.5) ? "," : ", ") + "]" : value()
  }

  private mutating func text() -> String {
    pick([
      "\"a.jpg\"", "\"000000391895.jpg\"", "\"folder/b c.png\"", "\"ü.jpg\"", "\"\\u0041.jpg\"", "\"a\\/b.jpg\"",
      "\"\"", "7",
    ])
  }

  private mutating func value() -> String {
    pick([
      "1", "0", "true", "null", "\"x\"", "[1, 2.50]", "{\"a\": [1, null]}", "{\"a\":1,\"a\":2}", "[]", "{}", "\"\\n\"",
    ])
  }

  private mutating func pick<Element>(_ choices: [Element]) -> Element { choices[random.integer(below: choices.count)] }
}
