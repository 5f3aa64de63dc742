import Annotations
import Imaging
import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One generated picture with everything that is known about it.
public struct SyntheticScene: Sendable, Equatable {
  /// One shape that is seen in the picture.
  public struct Instance: Sendable, Equatable {
    /// Its class.
    public let shape: SyntheticClass
    /// The smallest box around its visible pixels.
    public let box: Box
    /// Its visible pixels: those whose centre lies in it, and in no shape in front of it.
    public let mask: RunLengthMask
    /// The visible part of its whole area, 0.4...1; the rest is covered or outside the image.
    public let visibleFraction: Double
    /// Whether it goes on outside the image.
    public let isTruncated: Bool
  }

  /// The picture, RGB.
  public let image: Image
  /// One channel: the visible class's label (``SyntheticClass/label``) of each pixel, 0 for background.
  public let labels: Image
  /// The shapes from back to front; at least one.
  public let instances: [Instance]
  /// The quality its JPEG file is written with, 70...95.
  public let quality: Int

  /// Draws the picture with an index out of the endless set that a seed stands for.
  ///
  /// The same arguments give the same picture, whatever else is drawn, in any order and on any thread.
  /// - Precondition: sides of at least 32 pixels.
  public static func render(seed: UInt64, index: Int, height: Int, width: Int) -> SyntheticScene {
    precondition(
      height >= 32 && width >= 32, "SyntheticScene: expected sides of at least 32 pixels, got \(height) x \(width)")
    var random = SeededGenerator(
      seed: seed, stream: UInt64(bitPattern: Int64(index)), UInt64(height), UInt64(width))
    var painter = ScenePainter(height: height, width: width)
    SceneBackground.paint(&painter.pixels, using: &random)
    let most = max(2, min(60, height * width * 8 / (128 * 128)))
    let wanted = 1 + random.integer(below: most)
    var attempts = 0
    while painter.shapes.count < wanted, attempts < 12 * wanted || painter.shapes.isEmpty {
      painter.tryShape(using: &random)
      attempts += 1
    }
    let sigma = random.chance(0.6) ? random.uniform(0.3...1.1) : 0
    painter.pixels.blur(sigma: Float(sigma))
    painter.pixels.expose(
      contrast: Float(random.uniform(0.5...1.1)), brightness: Float(random.uniform(-0.12...0.12)))
    painter.pixels.addNoise(deviation: Float(random.uniform(0.005...0.06)), using: &random)
    let quality = 70 + random.integer(below: 26)
    return SyntheticScene(
      image: painter.pixels.image, labels: painter.labels, instances: painter.instances, quality: quality)
  }
}

/// Paints shapes over a background and keeps count of what is seen of each.
private struct ScenePainter {
  /// A painted shape.
  struct Shape {
    let kind: SyntheticClass
    let center: SIMD2<Float>
    let reach: Float
    /// Pixels that it would have alone in an endless image.
    let fullArea: Int
    let isTruncated: Bool
    var visibleArea: Int
  }

  /// Less of a shape than this part, or than this many pixels, is not recognizable.
  static let leastVisible = 0.4
  static let leastPixels = 24

  var pixels: ScenePixels
  private(set) var shapes: [Shape] = []
  /// For each pixel the foremost shape's number, counted from 1; 0 where there is none.
  private var owners: [UInt8]

  init(height: Int, width: Int) {
    pixels = ScenePixels(height: height, width: width)
    owners = [UInt8](repeating: 0, count: height * width)
  }

  /// Draws a shape and paints it, unless too little of it or of one behind it would be seen.
  mutating func tryShape(using random: inout SeededGenerator) {
    let (height, width) = (pixels.height, pixels.width)
    let kind = SyntheticClass.allCases[random.integer(below: SyntheticClass.allCases.count)]
    let largest = min(64, Double(min(height, width)) * 0.6)
    let size = Float(exp(random.uniform(log(9)...log(largest))))
    var center = SIMD2(Float(random.uniform(0...Double(width))), Float(random.uniform(0...Double(height))))
    if let neighbour = shapes.randomElement(using: &random), random.chance(0.35) {
      let angle = random.uniform(0...(2 * Double.pi))
      let distance = (neighbour.reach + size / 2) * Float(random.uniform(0.5...1))
      center = neighbour.center + SIMD2(Float(cos(angle)), Float(sin(angle))) * distance
    }
    let outline = ShapeOutline(kind, center: center, size: size, using: &random)
    let color = distinctColor(at: center, using: &random)
    let texture = SurfaceTexture(size: size, color: color, using: &random)
    let opacity = Float(random.uniform(0.8...1))
    let rim = random.chance(0.25) ? Float(random.uniform(0.8...2)) : 0
    let rimColor = SurfaceTexture.color(near: color, strength: random.uniform(0.2...0.5), using: &random)

    let margin = outline.reach + 1.5
    let (left, right) = (Int((center.x - margin).rounded(.down)), Int((center.x + margin).rounded(.up)))
    let (top, bottom) = (Int((center.y - margin).rounded(.down)), Int((center.y + margin).rounded(.up)))
    var distances: [Float] = []
    distances.reserveCapacity((bottom - top) * (right - left))
    var (fullArea, insideArea) = (0, 0)
    var taken = [Int](repeating: 0, count: shapes.count + 1)
    for y in top..<bottom {
      for x in left..<right {
        let distance = outline.signedDistance(outline.local(Float(x) + 0.5, Float(y) + 0.5))
        distances.append(distance)
        guard distance < 0 else { continue }
        fullArea += 1
        guard y >= 0, y < height, x >= 0, x < width else { continue }
        insideArea += 1
        taken[Int(owners[y * width + x])] += 1
      }
    }
    func isEnough(_ visible: Int, of area: Int) -> Bool {
      visible >= ScenePainter.leastPixels && Double(visible) >= ScenePainter.leastVisible * Double(area)
    }
    guard isEnough(insideArea, of: fullArea), shapes.count < 255,
      shapes.indices.allSatisfy({ isEnough(shapes[$0].visibleArea - taken[$0 + 1], of: shapes[$0].fullArea) })
    else { return }

    for index in shapes.indices { shapes[index].visibleArea -= taken[index + 1] }
    shapes.append(
      Shape(
        kind: kind, center: center, reach: outline.reach, fullArea: fullArea, isTruncated: insideArea < fullArea,
        visibleArea: insideArea))
    for y in max(0, top)..<max(0, min(height, bottom)) {
      for x in max(0, left)..<max(0, min(width, right)) {
        let distance = distances[(y - top) * (right - left) + x - left]
        guard distance < 0.5 else { continue }
        let local = outline.local(Float(x) + 0.5, Float(y) + 0.5)
        let color = -distance < rim ? rimColor : texture.color(at: local, reach: outline.reach)
        pixels.blend(y * width + x, color, min(1, 0.5 - distance) * opacity)
        if distance < 0 { owners[y * width + x] = UInt8(shapes.count) }
      }
    }
  }

  /// A colour that can be told from what is at a place, if sometimes only just.
  private func distinctColor(at center: SIMD2<Float>, using random: inout SeededGenerator) -> SIMD3<Float> {
    let x = max(0, min(pixels.width - 1, Int(center.x)))
    let y = max(0, min(pixels.height - 1, Int(center.y)))
    let under = pixels.values[y * pixels.width + x]
    let wanted = Float(random.uniform(0.14...0.45))
    var color = SceneBackground.color(using: &random)
    for _ in 0..<20 {
      let difference = color - under
      if (difference * difference).sum().squareRoot() >= wanted { break }
      color = SceneBackground.color(using: &random)
    }
    return color
  }

  /// The label map.
  var labels: Image {
    let values = owners.map { $0 == 0 ? 0 : UInt8(shapes[Int($0) - 1].kind.label) }
    return Image(height: pixels.height, width: pixels.width, channels: 1, pixels: values)
  }

  /// What is known about each shape, from back to front.
  var instances: [SyntheticScene.Instance] {
    shapes.enumerated().compactMap { index, shape in
      let number = UInt8(index + 1)
      let mask = RunLengthMask(
        pixels: owners.map { $0 == number ? 1 : 0 }, height: pixels.height, width: pixels.width)
      guard let box = mask.box else { return nil }
      return SyntheticScene.Instance(
        shape: shape.kind, box: box, mask: mask, visibleFraction: Double(shape.visibleArea) / Double(shape.fullArea),
        isTruncated: shape.isTruncated)
    }
  }
}
