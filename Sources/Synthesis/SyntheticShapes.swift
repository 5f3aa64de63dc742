import Documents
import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The endless objects of one image of ``SyntheticAnnotations``. All lengths are whole hundredths of a pixel, so that
/// texts are exact.
struct SyntheticShapes {
  /// One object.
  struct Shape {
    let classIndex: Int
    /// Left, top, width and height.
    fileprivate let box: (Int, Int, Int, Int)
    /// Twice the area, in squares of a hundredth of a pixel.
    fileprivate let doubledArea: Int
    fileprivate let segmentation: String
    fileprivate let isCrowd: Bool

    /// The record of a COCO file.
    func record(id: Int, imageID: Int) -> String {
      let numbers = [box.0, box.1, box.2, box.3].map(SyntheticShapes.text).joined(separator: ",")
      return "{\"segmentation\": \(segmentation),\"area\": \(SyntheticShapes.text(doubledArea * 5, decimals: 5)),"
        + "\"iscrowd\": \(isCrowd ? 1 : 0),\"image_id\": \(imageID),\"bbox\": [\(numbers)],"
        + "\"category_id\": \(classIndex + 1),\"id\": \(id)}"
    }
  }

  private let plan: SyntheticAnnotations.Plan
  private var random: SeededGenerator
  private static let pointCount = 24
  private static let directions = (0..<pointCount).map { index -> (x: Double, y: Double) in
    let angle = 2 * Double.pi * Double(index) / Double(pointCount)
    return (cos(angle), sin(angle))
  }

  init(_ plan: SyntheticAnnotations.Plan, image: Int) {
    self.plan = plan
    random = SeededGenerator(seed: plan.seed, stream: 2, UInt64(image))
  }

  /// The next object.
  mutating func next(isCrowd: Bool) -> Shape {
    let classIndex = random.integer(below: plan.classes)
    let side = Double(min(plan.height, plan.width))
    let size = exp(random.uniform(log(8)...log(0.9 * side)))
    let (width, height) = (size * random.uniform(0.5...1), size * random.uniform(0.5...1))
    let x = random.uniform(0...(Double(plan.width) - width))
    let y = random.uniform(0...(Double(plan.height) - height))
    return isCrowd
      ? crowd(classIndex, left: Int(x), top: Int(y), width: max(1, Int(width)), height: max(2, Int(height)))
      : outline(classIndex, x: x + width / 2, y: y + height / 2, width / 2, height / 2)
  }

  /// A closed outline around a centre.
  private mutating func outline(_ classIndex: Int, x: Double, y: Double, _ halfWidth: Double, _ halfHeight: Double)
    -> Shape
  {
    var points: [(x: Int, y: Int)] = []
    for direction in Self.directions {
      let reach = random.uniform(0.7...1)
      points.append(
        (
          Int(((x + direction.x * reach * halfWidth) * 100).rounded()),
          Int(((y + direction.y * reach * halfHeight) * 100).rounded())
        ))
    }
    var doubledArea = 0
    for (index, point) in points.enumerated() {
      let next = points[(index + 1) % points.count]
      doubledArea += point.x * next.y - next.x * point.y
    }
    let (xs, ys) = (points.map(\.x), points.map(\.y))
    let (left, top) = (xs.min() ?? 0, ys.min() ?? 0)
    return Shape(
      classIndex: classIndex, box: (left, top, (xs.max() ?? 0) - left, (ys.max() ?? 0) - top),
      doubledArea: abs(doubledArea),
      segmentation: "[[" + points.map { "\(Self.text($0.x)),\(Self.text($0.y))" }.joined(separator: ",") + "]]",
      isCrowd: false)
  }

  /// Columns of pixels: at least the upper half of a rectangle.
  private mutating func crowd(_ classIndex: Int, left: Int, top: Int, width: Int, height: Int) -> Shape {
    var counts: [Int] = []
    var background = left * plan.height + top
    var pixels = 0
    for column in 0..<width {
      // The first one has the rectangle's full height, so that this is the box.
      let rows = column == 0 ? height : height - random.integer(below: height / 2 + 1)
      counts += [background, rows]
      pixels += rows
      background = plan.height - rows
    }
    counts.append(plan.height * plan.width - counts.reduce(0, +))
    let size = "[\(plan.height),\(plan.width)]"
    return Shape(
      classIndex: classIndex, box: (left * 100, top * 100, width * 100, height * 100), doubledArea: pixels * 20_000,
      segmentation: "{\"counts\": [" + counts.map(String.init).joined(separator: ",") + "],\"size\": \(size)}",
      isCrowd: true)
  }

  /// A number of units of 10 to the power of `-decimals` in the fewest digits.
  fileprivate static func text(_ units: Int, decimals: Int) -> String {
    var (rest, decimals) = (abs(units), decimals)
    while decimals > 0, rest % 10 == 0 {
      rest /= 10
      decimals -= 1
    }
    let power = (0..<decimals).reduce(1) { power, _ in power * 10 }
    let whole = "\(units < 0 ? "-" : "")\(rest / power)"
    return decimals == 0 ? whole : whole + "." + Path.digits(rest % power, atLeast: decimals)
  }

  fileprivate static func text(_ hundredths: Int) -> String { text(hundredths, decimals: 2) }
}
