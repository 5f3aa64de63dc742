import Imaging
import TestSupport
import Testing

@testable import Annotations

@Suite struct AnnotationDrawingTests {
  private let fixture = MaskFixture()
  private let ground: [UInt8] = [40, 90, 160]

  /// A picture of 20 × 20 with one object, drawn.
  private func drawn(
    _ segmentation: Segmentation?, crowd: Bool = false, coloring: AnnotationDrawing.Coloring? = nil,
    ignored: String? = nil
  ) throws -> Image {
    try fixture.image("a.png", height: 20, width: 20)
    var image = ImageRecord(id: 1, fileName: "a.png", height: 20, width: 20)
    if ignored != nil { image.extra[ImageRecord.ignoredKey] = ["size": [20, 20], "counts": [0, 100, 300]] }
    let object = ObjectAnnotation(
      id: 1, imageID: 1, categoryID: 2, box: Box(x0: 4, y0: 12, x1: 16, y1: 20), isCrowd: crowd,
      segmentation: segmentation)
    let set = AnnotationSet(
      categories: [Category(id: 1, name: "a"), Category(id: 2, name: "b")], images: [image], objects: [object])
    let reading = AnnotationReading(
      source: "s", form: .coco, set: set, problems: AnnotationProblems(), imageFolder: fixture.root)
    return try AnnotationDrawing(reading, coloring: coloring).picture(of: image)
  }

  private func color(_ image: Image, _ y: Int, _ x: Int) -> [UInt8] { (0..<3).map { image[y, x, $0] } }

  private func ring() -> Segmentation {
    let pixels = (0..<400).map { place -> UInt8 in
      let (y, x) = (place / 20, place % 20)
      let isHole = (14..<18).contains(y) && (8..<12).contains(x)
      return (12..<20).contains(y) && (4..<16).contains(x) && !isHole ? 1 : 0
    }
    return Segmentation(RunLengthMask(pixels: pixels, height: 20, width: 20))
  }

  @Test("a mask is filled in its object's colour, its border in full, holes are left and no box is drawn")
  func mask() throws {
    let picture = try drawn(ring())
    let object = Palette.color(0)
    #expect(color(picture, 19, 4) == [object.r, object.g, object.b])
    #expect(color(picture, 16, 9) == ground)
    let inside = color(picture, 16, 5)
    #expect(inside != ground && inside != [object.r, object.g, object.b])
    let classes = try drawn(ring(), coloring: .classes)
    let second = Palette.color(1)
    #expect(color(classes, 19, 4) == [second.r, second.g, second.b])
  }

  @Test("a group is striped, what is ignored is hatched, a mask that cannot be used leaves the box")
  func marks() throws {
    let group = try drawn(ring(), crowd: true)
    let inside = Set((13..<19).flatMap { y in [5, 6, 13, 14].map { color(group, y, $0) } })
    #expect(inside.contains(ground) && inside.count > 1)
    let ignored = try drawn(nil, ignored: "yes")
    #expect(Set((0..<10).map { color(ignored, $0, 2) }).count == 2 && color(ignored, 19, 19) == ground)
    let bad = try drawn(Segmentation(text: #"{"size":[20,20],"counts":"zz"}"#))
    let box = Palette.color(0)
    #expect(color(bad, 19, 15) == [box.r, box.g, box.b] && color(bad, 17, 10) == ground)
  }

  @Test("all parts of a polygon are filled")
  func polygons() throws {
    let picture = try drawn(Segmentation(polygons: [[4, 12, 9, 12, 9, 20, 4, 20], [12, 12, 16, 12, 16, 20, 12, 20]]))
    #expect(color(picture, 16, 6) == color(picture, 16, 14) && color(picture, 16, 6) != ground)
    #expect(color(picture, 16, 10) == ground)
  }
}
