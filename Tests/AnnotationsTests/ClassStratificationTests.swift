import Randomness
import Testing

@testable import Annotations

@Suite struct ClassStratificationTests {
  /// 1000 images that show each of six classes with its own probability, and two images with a class of their own.
  private static let images: [[Int]] = {
    var generator = SeededGenerator(seed: 5)
    let shares = [0.7, 0.4, 0.2, 0.1, 0.03, 0.01]
    var images = (0..<1000).map { _ in shares.indices.filter { generator.chance(shares[$0]) } }
    images[17].append(6)
    images[400].append(7)
    return images
  }()

  private func draw(_ images: [[Int]], classes: Int, count: Int, seed: UInt64 = 1) -> [Int] {
    var strata = ClassStratification(
      classes: images, classCount: classes, labeledCount: count, generator: SeededGenerator(seed: seed))
    return strata.draw()
  }

  @Test("each class keeps its share to within two images, and none is absent", arguments: [20, 100, 333, 900])
  func shares(count: Int) {
    for seed in 1...5 as ClosedRange<UInt64> {
      let drawn = draw(Self.images, classes: 8, count: count, seed: seed)
      #expect(drawn.count == count && Set(drawn).count == count)
      for index in 0..<8 {
        let all = Self.images.count { $0.contains(index) }
        let found = drawn.count { Self.images[$0].contains(index) }
        let wanted = Double(all * count) / 1000
        #expect(found >= 1 && abs(Double(found) - wanted) <= 2, "class \(index): \(found) of \(all), \(wanted) wanted")
      }
    }
  }

  @Test("the seed decides which images are drawn")
  func seeds() {
    let drawn = draw(Self.images, classes: 8, count: 100)
    #expect(draw(Self.images, classes: 8, count: 100) == drawn)
    #expect(draw(Self.images, classes: 8, count: 100, seed: 2) != drawn)
  }

  @Test("one image of each class is drawn where there are just as many places as classes")
  func scarcePlaces() {
    // Fifty classes of one image, one of 450, one of 500: shares alone would leave the rare ones out.
    let images = (0..<50).map { [$0] } + Array(repeating: [50], count: 450) + Array(repeating: [51], count: 500)
    for count in [52, 60, 100] {
      let drawn = draw(images, classes: 52, count: count)
      #expect(drawn.count == count && Set(drawn.flatMap { images[$0] }).count == 52)
    }
  }

  @Test("fewer places than classes are given to images that show all of them together, where there are such")
  func cover() {
    // Class 0 is the rarest; of its images the first shows most, and no other shows all the rest.
    let images = [[0, 1, 2, 4], [0, 4, 5], [1, 2, 3], [3], [5], [1], [2], []]
    for seed in 1...5 as ClosedRange<UInt64> {
      #expect(Set(draw(images, classes: 6, count: 2, seed: seed)) == [1, 2])
    }
    #expect(Set(draw(images, classes: 6, count: 1).flatMap { images[$0] }).count >= 1)
  }

  @Test("images without objects, all images, and none can be drawn")
  func edges() {
    #expect(draw([[], [], []], classes: 0, count: 2).count == 2)
    #expect(draw([[0], [], [0]], classes: 1, count: 3).sorted() == [0, 1, 2])
    #expect(draw([[0], [1]], classes: 2, count: 0).isEmpty)
  }
}
