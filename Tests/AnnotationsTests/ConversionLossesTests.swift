import Annotations
import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct ConversionLossesTests {
  private typealias Code = ConversionLosses.Code

  /// The forms that are read back here: those with boxes. What label maps keep, `MaskLosses` and its tests say.
  private static let forms = AnnotationFormat.writable.filter { $0.holds.contains(.boxes) }

  /// Writes a set and reads it back as a user would, with the images at hand.
  private func back(_ set: AnnotationSet, _ form: AnnotationFormat) throws -> AnnotationSet {
    let folder = try ScratchFolder()
    let images = folder.path + "/images"
    for image in set.images {
      try ImageFile.write(
        Image(height: image.height, width: image.width, color: RGB(1, 2, 3)),
        to: folder.file("images/" + image.fileName))
    }
    let place = folder.path + (form.isFolder ? "/labels" : "/labels.json")
    try form.write(set, to: place, options: WritingOptions(imageFolder: images))
    let labels = folder.path + "/truth.json"
    try AnnotationFormat.coco.write(set, to: labels)
    let reading = try AnnotationSource.inspect(
      place, images: images, form: form, labels: form == .cocoResults ? labels : nil)
    return reading.set
  }

  @Test(
    "what reads back from a form is what its report says is kept: nothing is lost in silence, nothing reported in vain",
    arguments: forms, RichSets.all.map(\.name))
  func roundTrips(form: AnnotationFormat, name: String) throws {
    let set = try #require(RichSets.all.first { $0.name == name }).set
    let report = form.losses(of: set)
    var counts = Dictionary(uniqueKeysWithValues: report.losses.map { ($0.code.rawValue, $0.count) })
    let trip = RoundTrip(set, try back(set, form), reported: Set(report.losses.map(\.code)))
    #expect(trip.unexplained.isEmpty, "\(form.rawValue): \(trip.unexplained)")
    if form == .cocoResults {
      // Names and sizes come from the labels that are named with the file, not from the file.
      #expect(counts.removeValue(forKey: Code.imageList.rawValue) == set.images.count)
      #expect(counts.removeValue(forKey: Code.classList.rawValue) == set.categories.count)
      let used = Set(set.objects.filter { !$0.isCrowd }.map(\.imageID))
      let empty = set.images.count { !used.contains($0.id) }
      #expect(counts.removeValue(forKey: Code.emptyImages.rawValue) == (empty > 0 ? empty : nil))
    }
    #expect(trip.differences == counts, "\(form.rawValue)")
  }

  @Test("COCO holds everything")
  func coco() throws {
    for (_, set) in RichSets.all { #expect(AnnotationFormat.coco.losses(of: set).isEmpty) }
    #expect(try back(RichSets.plain, .coco) == RichSets.plain)
    #expect(try back(RichSets.images, .coco) == RichSets.images)
  }

  @Test("docs/formats.md lists every code with its meaning, and which form has which loss")
  func documented() throws {
    let root = Path.folder(of: Path.folder(of: TinySet.folder))
    let text = try String(contentsOfFile: root + "/docs/formats.md", encoding: .utf8)
    for code in Code.allCases {
      #expect(text.contains("| `\(code.rawValue)` | \(code.meaning) |"), "\(code.rawValue) is not documented")
    }
    let lines = text.split(separator: "\n").map {
      $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let header = try #require(lines.firstIndex { $0.first == "lost, by form" })
    let forms = lines[header].dropFirst().map { $0.trimmingCharacters(in: ["`"]) }
    #expect(forms == AnnotationFormat.writable.filter { $0 != .coco }.map(\.rawValue))
    var table: [String: Set<String>] = [:]
    for line in lines[(header + 2)...].prefix(while: { $0.first?.hasPrefix("`") == true }) {
      for (form, cell) in zip(forms, line.dropFirst()) where cell == "×" {
        table[form, default: []].insert(line[0].trimmingCharacters(in: ["`"]))
      }
    }
    for form in AnnotationFormat.writable where form != .coco {
      let codes = Set(RichSets.all.flatMap { form.losses(of: $0.set).losses.map(\.code.rawValue) })
      #expect(table[form.rawValue] == codes, "\(form.rawValue)")
    }
  }

  @Test("names that XML cannot hold are reported, and read back as the report's form says")
  func classNames() throws {
    let names = [" cat", "a\u{1}b", "dog & <cow>", "red\ttoy"]
    let set = AnnotationSet(
      categories: names.enumerated().map { Category(id: $0.offset + 1, name: $0.element) },
      images: [ImageRecord(id: 1, fileName: "a.jpg", height: 20, width: 30)],
      objects: names.indices.map {
        ObjectAnnotation(id: $0 + 1, imageID: 1, categoryID: $0 + 1, box: Box(x: Double($0), y: 1, width: 5, height: 6))
      })
    let losses = try #require(AnnotationFormat.voc.losses(of: set).losses.first { $0.code == .className })
    #expect(losses.count == 2 && losses.examples == [" cat", "a\u{1}b"])
    #expect(try Set(back(set, .voc).categories.map(\.name)) == ["cat", "a\u{FFFD}b", "dog & <cow>", "red\ttoy"])
  }

  @Test("a report says code, count, meaning, three examples, and all images that objects are left out of")
  func report() throws {
    let losses = AnnotationFormat.yolo.losses(of: RichSets.objects)
    let line = try #require(losses.lines.first { $0.hasPrefix("drops-crowds") })
    #expect(line == "drops-crowds ×1: groups have no place and are left out (object 9 in a.jpg); images: a.jpg")
    let json = try #require(losses.json.array?.first { $0["code"] == "drops-crowds" })
    #expect(json["images"] == ["a.jpg"])
    #expect(json["count"] == 1)
    #expect(losses.json.array?.allSatisfy { ($0["examples"]?.array?.count ?? 9) <= 3 } == true)
  }
}
