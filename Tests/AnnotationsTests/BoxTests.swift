import Annotations
import Testing

@Suite struct BoxTests {
  @Test("corners and COCO's corner-and-size say the same")
  func sizes() {
    let box = Box(x: 2, y: 3, width: 4, height: 5)
    #expect(box == Box(x0: 2, y0: 3, x1: 6, y1: 8))
    #expect((box.width, box.height, box.area) == (4, 5, 20))
  }

  @Test("swapped corners, no extent and NaN make an empty box of area 0")
  func empty() {
    for box in [
      Box(x0: 1, y0: 1, x1: 1, y1: 5), Box(x0: 5, y0: 1, x1: 1, y1: 5), Box(x0: .nan, y0: 1, x1: 1, y1: 5),
      Box(x0: 5, y0: 5, x1: 1, y1: 1),
    ] {
      #expect(box.isEmpty)
      #expect(box.area == 0)
    }
  }

  @Test(
    "overlap of pairs worked out by hand",
    arguments: [
      (Box(x: 0, y: 0, width: 2, height: 2), 1.0), (Box(x: 1, y: 0, width: 2, height: 2), 1.0 / 3),
      (Box(x: 2, y: 0, width: 2, height: 2), 0.0), (Box(x: 0.5, y: 0.5, width: 1, height: 1), 0.25),
      (Box(x: 1, y: 1, width: 0, height: 0), 0.0), (Box(x: 9, y: 9, width: 1, height: 1), 0.0),
    ])
  func overlap(other: Box, expected: Double) {
    let box = Box(x: 0, y: 0, width: 2, height: 2)
    #expect(box.intersectionOverUnion(with: other) == expected)
    #expect(other.intersectionOverUnion(with: box) == expected)
  }

  @Test("clipping keeps what is inside and empties what is outside")
  func clipping() {
    #expect(Box(x0: -1, y0: -2, x1: 5, y1: 50).clipped(toHeight: 10, width: 4) == Box(x0: 0, y0: 0, x1: 4, y1: 10))
    #expect(Box(x0: 5, y0: 2, x1: 9, y1: 5).clipped(toHeight: 10, width: 4).isEmpty)
  }
}

@Suite struct AffineMapTests {
  private let maps: [AffineMap] = [
    .identity, .scale(x: 2, y: 0.5), .translation(x: 3, y: -4), .horizontalFlip(width: 10), .verticalFlip(height: 7),
    .rotation(cosine: 0.6, sine: 0.8), AffineMap(a: 1, b: 0.5, tx: 2, c: -0.25, d: 3, ty: 1),
  ]

  @Test("composition maps as one map after the other")
  func composition() {
    for first in maps {
      for second in maps {
        let step = first.map(x: 1.5, y: -2.5)
        let expected = second.map(x: step.x, y: step.y)
        let found = first.then(second).map(x: 1.5, y: -2.5)
        #expect(abs(found.x - expected.x) < 1e-12 && abs(found.y - expected.y) < 1e-12)
      }
    }
  }

  @Test("the inverse leads back, and a flattening map has none")
  func inverse() throws {
    for map in maps {
      let there = map.map(x: 3, y: 4)
      let back = try #require(map.inverse).map(x: there.x, y: there.y)
      #expect(abs(back.x - 3) < 1e-12 && abs(back.y - 4) < 1e-12)
    }
    #expect(AffineMap.scale(x: 0, y: 1).inverse == nil)
  }

  @Test("a flip swaps the edges of a box, a rotation gives the box around its corners")
  func boxes() {
    let box = Box(x0: 1, y0: 2, x1: 4, y1: 6)
    #expect(AffineMap.horizontalFlip(width: 10).map(box) == Box(x0: 6, y0: 2, x1: 9, y1: 6))
    #expect(AffineMap.rotation(cosine: 0, sine: 1).map(box) == Box(x0: -6, y0: 1, x1: -2, y1: 4))
  }
}
