import Annotations
import Foundation
import Imaging
import Randomness
import Testing

@testable import Synthesis

@Suite("SyntheticScene")
struct SyntheticSceneTests {
  @Test(
    "masks, boxes and the label map say the same", arguments: [(0, 128, 128), (1, 96, 128), (2, 48, 200), (3, 32, 32)])
  func agreement(index: Int, height: Int, width: Int) throws {
    let scene = SyntheticScene.render(seed: 5, index: index, height: height, width: width)
    #expect((scene.image.height, scene.image.width, scene.image.channels) == (height, width, 3))
    #expect(!scene.instances.isEmpty)
    var labels = [UInt8](repeating: 0, count: height * width)
    for instance in scene.instances {
      let pixels = instance.mask.pixels
      #expect(instance.mask.area >= 24)
      #expect((0.4...1).contains(instance.visibleFraction))
      #expect(Box(x0: 0, y0: 0, x1: Double(width), y1: Double(height)).intersection(with: instance.box) == instance.box)
      var (x0, y0, x1, y1) = (width, height, 0, 0)
      for y in 0..<height {
        for x in 0..<width where pixels[y * width + x] != 0 {
          #expect(labels[y * width + x] == 0, "a pixel belongs to one shape")
          labels[y * width + x] = UInt8(instance.shape.label)
          (x0, y0, x1, y1) = (min(x0, x), min(y0, y), max(x1, x + 1), max(y1, y + 1))
        }
      }
      #expect(instance.box == Box(x0: Double(x0), y0: Double(y0), x1: Double(x1), y1: Double(y1)))
    }
    #expect(scene.labels.pixels == labels)
  }

  @Test("the same arguments give the same picture, any other gives another")
  func determinism() {
    func render(_ seed: UInt64, _ index: Int, _ side: Int = 48) -> SyntheticScene {
      SyntheticScene.render(seed: seed, index: index, height: side, width: side)
    }
    let scene = render(3, 1)
    #expect(render(3, 1) == scene)
    #expect(render(4, 1).image != scene.image)
    #expect(render(3, 2).image != scene.image)
    #expect(render(3, 1, 49).image.cropped(y: 0, x: 0, height: 48, width: 48) != scene.image)
  }

  @Test("all classes, small and large shapes, covered and cut ones occur")
  func variety() {
    let scenes = (0..<40).map { SyntheticScene.render(seed: 1, index: $0, height: 96, width: 96) }
    let instances = scenes.flatMap(\.instances)
    #expect(Set(instances.map(\.shape)).count == SyntheticClass.allCases.count)
    #expect(instances.contains { max($0.box.width, $0.box.height) <= 14 })
    #expect(instances.contains { max($0.box.width, $0.box.height) >= 40 })
    #expect(instances.contains { $0.isTruncated })
    #expect(instances.contains { !$0.isTruncated && $0.visibleFraction < 0.95 })
    #expect(Set(scenes.map(\.instances.count)).count >= 4)
  }

  @Test("shapes differ from what surrounds them")
  func contrast() {
    var differences: [Double] = []
    for index in 0..<24 {
      let scene = SyntheticScene.render(seed: 2, index: index, height: 64, width: 64)
      for instance in scene.instances {
        let mask = instance.mask.pixels
        var (inside, outside) = ([0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0])
        for y in max(0, Int(instance.box.y0) - 3)..<min(64, Int(instance.box.y1) + 3) {
          for x in max(0, Int(instance.box.x0) - 3)..<min(64, Int(instance.box.x1) + 3) {
            for c in 0..<3 {
              if mask[y * 64 + x] != 0 {
                inside[c] += Double(scene.image[y, x, c])
              } else {
                outside[c] += Double(scene.image[y, x, c])
              }
            }
            if mask[y * 64 + x] != 0 { inside[3] += 1 } else { outside[3] += 1 }
          }
        }
        differences.append((0..<3).map { abs(inside[$0] / inside[3] - outside[$0] / outside[3]) }.reduce(0, +))
      }
    }
    // Summed over the channels; some shapes are hard to see, few are invisible.
    #expect(differences.count > 20)
    #expect(differences.filter { $0 > 12 }.count * 10 >= differences.count * 8)
  }
}

@Suite("ShapeOutline")
struct ShapeOutlineTests {
  @Test(
    "distance is negative inside, positive beyond reach, and no steeper than the way at the outline",
    arguments: SyntheticClass.allCases)
  func distances(_ shape: SyntheticClass) {
    var random = SeededGenerator(seed: 1, stream: UInt64(shape.rawValue))
    for _ in 0..<20 {
      let size = Float(random.uniform(9...60))
      let outline = ShapeOutline(shape, center: SIMD2(3.25, -7.5), size: size, using: &random)
      let atCenter = outline.signedDistance(outline.local(3.25, -7.5))
      #expect(shape == .ring ? atCenter > 0 : atCenter < -size * 0.1)
      #expect(outline.reach > size * 0.35 && outline.reach < size)
      for _ in 0..<50 {
        let angle = random.uniform(0...6.28)
        let way = Float(random.uniform(0...1.5)) * outline.reach
        let point = SIMD2(Float(cos(angle)), Float(sin(angle))) * way
        let distance = outline.signedDistance(point)
        if way > outline.reach * 1.001 { #expect(distance > 0) }
        // The ellipse's distance is of first order: good at its outline, where pixels are mixed, and only there.
        guard abs(distance) < 1 else { continue }
        let step = SIMD2<Float>(0.3, -0.2)
        #expect(abs(outline.signedDistance(point + step) - distance) <= 0.361 * 1.2)
      }
    }
  }

  @Test("areas are those of the shapes", arguments: [SyntheticClass.disc, .square, .triangle])
  func areas(_ shape: SyntheticClass) {
    var random = SeededGenerator(seed: 7)
    let size: Float = 80
    let outline = ShapeOutline(shape, center: .zero, size: size, using: &random)
    var count = 0
    for y in -80..<80 {
      for x in -80..<80 where outline.signedDistance(outline.local(Float(x) + 0.5, Float(y) + 0.5)) < 0 { count += 1 }
    }
    let radius = Double(size) / 2
    let exact: [SyntheticClass: Double] = [
      .disc: Double.pi * radius * radius, .square: 4 * 0.84 * 0.84 * radius * radius,
      .triangle: 3 * 3.0.squareRoot() / 4 * 1.12 * 1.12 * radius * radius,
    ]
    // Corners are moved by up to 5 % of the radius.
    #expect(abs(Double(count) / (exact[shape] ?? 0) - 1) < 0.15)
  }
}
