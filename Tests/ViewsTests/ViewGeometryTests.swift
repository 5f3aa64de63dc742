import Annotations
import Documents
import Foundation
import Randomness
import Testing

@testable import Views

@Suite struct ViewGeometryTests {
  @Test("sizes after a resize are torchvision's to the pixel")
  func sizes() throws {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/view_sizes", withExtension: "txt"))
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 64)
    for line in lines {
      let numbers = line.split(separator: " ").compactMap { Int($0) }
      var geometry = ViewGeometry(originalHeight: numbers[0], originalWidth: numbers[1])
      geometry.resize(shortSide: numbers[2], longSide: numbers[3])
      #expect([geometry.height, geometry.width] == Array(numbers[4...]), "\(line)")
    }
  }

  @Test("the map takes the image's corners to the view's, and its inverse brings a box back")
  func map() throws {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<200 {
      let (height, width) = (20 + generator.integer(below: 900), 20 + generator.integer(below: 900))
      var geometry = ViewGeometry(originalHeight: height, originalWidth: width)
      geometry.resize(shortSide: 30 + generator.integer(below: 400), longSide: 500)
      let mirrored = generator.chance(0.5)
      if mirrored { geometry.mirror() }
      let whole = geometry.map.map(Box(x0: 0, y0: 0, x1: Double(width), y1: Double(height)))
      let view = Box(x0: 0, y0: 0, x1: Double(geometry.width), y1: Double(geometry.height))
      #expect(Self.distance(whole, view) < 1e-9)
      let x = generator.uniform(0...Double(width - 2))
      let box = Box(x: x, y: 1, width: generator.uniform(1...(Double(width) - x)), height: Double(height) - 2)
      let labels = geometry.labels(BoxLabels(boxes: [box], classes: [3]))
      #expect(labels.classes == [3])
      let inverse = try #require(geometry.map.inverse)
      #expect(Self.distance(inverse.map(labels.boxes[0]), box) < 1e-9)
      if mirrored {
        let scale = Double(geometry.width) / Double(width)
        #expect(abs(labels.boxes[0].x0 - (Double(geometry.width) - box.x1 * scale)) < 1e-9)
      }
    }
  }

  @Test("a box is mirrored by its corners: [10, 20, 30, 40] becomes [70, 20, 90, 40] in a view 100 wide")
  func mirrored() {
    var geometry = ViewGeometry(originalHeight: 50, originalWidth: 100)
    geometry.mirror()
    let box = Box(x0: 10, y0: 20, x1: 30, y1: 40)
    #expect(geometry.labels(BoxLabels(boxes: [box], classes: [0])).boxes == [Box(x0: 70, y0: 20, x1: 90, y1: 40)])
    #expect(geometry.carry(geometry.carry([box], to: geometry), to: geometry) == [box])
  }

  private static func distance(_ a: Box, _ b: Box) -> Double {
    max(abs(a.x0 - b.x0), abs(a.y0 - b.y0), abs(a.x1 - b.x1), abs(a.y1 - b.y1))
  }

  @Test("augmentations draw all their cases and nothing else")
  func augmentations() {
    let resize = RandomResize(shortSides: 10...13, longSide: 1000)
    let mirror = RandomMirror(probability: 0.25)
    var sides: Set<Int> = []
    var mirrored = 0
    for draw in 0..<2000 {
      var generator = SeededGenerator(seed: 7, stream: UInt64(draw))
      var plan = ViewPlan(originalHeight: 128, originalWidth: 300)
      resize.adjust(&plan, using: &generator)
      mirror.adjust(&plan, using: &generator)
      sides.insert(plan.geometry.height)
      mirrored += plan.geometry.isMirrored ? 1 : 0
    }
    #expect(sides == [10, 11, 12, 13])
    #expect((400...600).contains(mirrored))
  }
}
