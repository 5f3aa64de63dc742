import Imaging
import Testing

@testable import Annotations

@Suite struct OutlineTests {
  private func outline(side: Int) throws -> Outline {
    let mask = try RunLengthMask(counts: [1, 2, side * side - 3], height: side, width: side)
    return Outline(
      of: ObjectAnnotation(
        id: 1, imageID: 1, categoryID: 1, box: Box(x0: 0, y0: 0, x1: 5, y1: 4), segmentation: Segmentation(mask)))
  }

  @Test("a mask becomes the ring around its pixels; one of more pixels than an image may have is none")
  func limit() throws {
    let largest = Int(Double(ImageLimits().pixels).squareRoot())
    for side in [10, largest] {
      let outline = try outline(side: side)
      #expect(outline.rings == [[0, 1, 1, 1, 1, 3, 0, 3]] && outline.isOwn)
    }
    let beyond = try outline(side: largest + 1)
    #expect(beyond.rings == [[0, 0, 5, 0, 5, 4, 0, 4]] && !beyond.isOwn)
  }
}
