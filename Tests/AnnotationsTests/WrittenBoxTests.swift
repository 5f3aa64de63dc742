import Randomness
import Testing

@testable import Annotations

@Suite struct WrittenBoxTests {
  @Test("a size of few decimals comes back from the corners, and leads to them")
  func decimals() {
    var random = SeededGenerator(seed: 3)
    for decimals in [1.0, 10, 100, 1000] {
      for _ in 0..<2000 {
        let numbers = (0..<4).map { _ in Double(random.integer(below: 1000 * Int(decimals)) + 1) / decimals }
        let box = Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
        let written = WrittenBox(box)
        #expect(written == WrittenBox(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3]))
        let object = ObjectAnnotation(id: 1, imageID: 1, categoryID: 1, box: box)
        #expect(object.area == numbers[2] * numbers[3] && object.hasAreaOfBox)
      }
    }
  }

  @Test("any other corners are written so that they are read back to the last bit")
  func bits() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<5000 {
      let corners = (0..<4).map { _ in Double(random.integer(below: 1 << 50)) / Double(1 << 40) }
      let box = Box(
        x0: min(corners[0], corners[1]), y0: min(corners[2], corners[3]), x1: max(corners[0], corners[1]),
        y1: max(corners[2], corners[3]))
      let written = WrittenBox(box)
      let back = Box(x: written.x, y: written.y, width: written.width, height: written.height)
      #expect(abs(back.x1 - box.x1) <= box.x1.ulp && abs(back.y1 - box.y1) <= box.y1.ulp)
    }
    #expect(WrittenBox(Box(x0: 5, y0: 5, x1: 3, y1: 5)) == WrittenBox(x: 5, y: 5, width: -2, height: 0))
    #expect(WrittenBox(Box(x0: 0, y0: 0, x1: .infinity, y1: 1)).width == .infinity)
  }
}
