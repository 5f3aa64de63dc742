import Documents
import Foundation
import TestSupport
import Testing

@testable import Annotations

@Suite struct MaskLossesTests {
  /// Rows of one image, 1 for the object.
  private func object(
    _ id: Int, category: Int = 1, image: Int = 1, _ row: [UInt8], crowd: Bool = false
  ) -> ObjectAnnotation {
    let mask = RunLengthMask(pixels: row, height: 1, width: row.count)
    return ObjectAnnotation(
      id: id, imageID: image, categoryID: category, box: mask.box ?? Box(x0: 0, y0: 0, x1: 0, y1: 0),
      area: Double(mask.area), isCrowd: crowd, segmentation: Segmentation(mask))
  }

  /// Masks that cover each other, cannot be used, have other boxes and areas, are too many.
  private var sets: [AnnotationSet] {
    let images = [
      ImageRecord(id: 1, fileName: "d/a.png", height: 1, width: 4),
      ImageRecord(id: 2, fileName: "b.jpg", height: 1, width: 300),
      ImageRecord(id: 3, fileName: "c.jpg", height: 0, width: 0),
      ImageRecord(id: 4, fileName: "e.jpg", height: 20_000, width: 20_000),
    ]
    var flags = object(1, [1, 1, 0, 0])
    (flags.isDifficult, flags.isTruncated, flags.area) = (true, true, 5)
    flags.extra = JSONObject([("score", 0.5)])
    var wide = object(2, category: 2, [0, 0, 1, 0])
    wide.box = Box(x0: 1, y0: 0, x1: 4, y1: 1)
    var bad = object(3, [1, 0, 0, 0])
    bad.segmentation = Segmentation(text: #"{"size":[1,4],"counts":[1,2]}"#)
    var outline = object(4, image: 2, [UInt8](repeating: 1, count: 300))
    outline.segmentation = Segmentation(polygons: [[0, 0, 3, 0, 3, 1, 0, 1]])
    let two = [Category(id: 1, name: "a"), Category(id: 2, name: "background")]
    let first = AnnotationSet(
      categories: two, images: images,
      objects: [flags, wide, bad, outline, ObjectAnnotation(id: 5, imageID: 1, categoryID: 1, box: flags.box)])
    let covered = AnnotationSet(
      categories: two, images: images,
      objects: [
        object(1, [1, 0, 0, 0]), object(2, [1, 1, 0, 0]), object(3, [0, 1, 0, 1]),
        object(4, [0, 0, 1, 0], crowd: true),
      ])
    let many = AnnotationSet(
      categories: (1...255).map { Category(id: $0 * 2, name: "c\($0)") }, images: images,
      objects: (0..<255).map { place in
        object(place + 1, category: place == 0 ? 510 : 2, image: 2, (0..<300).map { $0 == place ? 1 : 0 })
      } + [object(256, category: 2, image: 2, (0..<300).map { $0 == 299 ? 1 : 0 })])
    return [first, covered, many] + RichSets.all.map(\.set)
  }

  private func codes(_ form: AnnotationFormat) -> Set<String> {
    Set(sets.flatMap { form.losses(of: $0).losses.map(\.code.rawValue) })
  }

  @Test("docs/formats.md says which losses label maps have, no less and no more")
  func documented() throws {
    let root = Path.folder(of: Path.folder(of: TinySet.folder))
    let lines = try String(contentsOfFile: root + "/docs/formats.md", encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let header = try #require(lines.firstIndex { $0.first == "lost by label maps" })
    #expect(lines[header] == ["lost by label maps", "`voc-masks`", "`masks`"])
    let rows = lines[(header + 2)...].prefix { $0.first?.hasPrefix("`") == true }
    for (column, form) in [(1, AnnotationFormat.vocMasks), (2, .masks)] {
      let listed = Set(rows.filter { $0[column] == "×" }.map { $0[0].trimmingCharacters(in: ["`"]) })
      #expect(listed == codes(form), "\(form.rawValue): \(listed.symmetricDifference(codes(form)))")
    }
  }

  @Test("objects beyond an image's 254 are left out, with the image's name")
  func surplus() throws {
    let losses = AnnotationFormat.vocMasks.losses(of: sets[2])
    #expect(losses.count(.surplusObject) == 1 && losses.count(.surplusClass) == 1)
    #expect(
      losses.lines.contains(
        "drops-object-over-254 ×1: an image has numbers for 254 objects (object 256 in b.jpg); images: b.jpg"))
  }
}
