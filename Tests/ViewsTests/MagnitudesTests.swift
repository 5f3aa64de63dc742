import Imaging
import Randomness
import Testing

@testable import Views

/// What mmdetection 3.3 draws differently from Soft Teacher's release: `level_to_mag` of its `augment_wrappers.py`, and the
/// transforms of its `colorspace.py` and `geometric.py`.
@Suite struct MagnitudesTests {
  private static let draws = 20_000
  /// Five standard deviations of a share of a half.
  private static let slack = 5 * 0.5 / Double(draws).squareRoot()

  private var settings: StrongAugmentationSettings {
    var settings = StrongAugmentationSettings()
    settings.colorMagnitudes = .tenths
    (settings.colorMagnitudeFrom, settings.colorMagnitudeTo) = (0, 10)
    settings.geometryMagnitudes = .tenths
    (settings.shearFactor, settings.shearAxes) = (.tan, .one)
    return settings
  }

  private func steps(_ part: any Augmentation, count: Int = draws, height: Int = 105, width: Int = 207) -> [ViewStep] {
    (0..<count).flatMap { number in
      var generator = SeededGenerator(seed: 8, stream: UInt64(number))
      var plan = ViewPlan(originalHeight: height, originalWidth: width)
      part.adjust(&plan, using: &generator)
      return plan.steps
    }
  }

  private func colors(_ part: any Augmentation, count: Int = draws) -> [ColorOperation] {
    steps(part, count: count).compactMap {
      guard case .color(let operation) = $0 else { return nil }
      return operation
    }
  }

  private func changes(_ part: any Augmentation) -> [GeometricChange] {
    steps(part).compactMap {
      guard case .geometry(let change, _) = $0 else { return nil }
      return change
    }
  }

  /// How often each value comes, as shares.
  private func shares<Value: Hashable>(_ values: [Value]) -> [Value: Double] {
    Dictionary(grouping: values) { $0 }.mapValues { Double($0.count) / Double(values.count) }
  }

  @Test("a magnitude in tenths gives what mmdetection gives, at the ends and between")
  func table() {
    // Level, solarize's threshold (the least value that is inverted), bits, factor.
    let rows: [(Double, Int, Int, Double)] = [
      (0, 0, 0, 0.1), (0.1, 3, 0, 0.1), (0.13, 4, 1, 0.1), (2.4, 62, 1, 0.5), (2.6, 67, 1, 0.6), (2.7, 70, 2, 0.6),
      (5, 128, 2, 1), (7.51, 193, 3, 1.5), (9.98, 256, 4, 1.9), (10, 256, 4, 1.9),
    ]
    for (level, threshold, bits, factor) in rows {
      let level = ColorMagnitudes.tenths(level...level)
      func one(_ part: ColorPart) -> ColorOperation? { colors(part, count: 1).first }
      #expect(one(.solarize(magnitudes: level)) == .solarize(threshold: threshold), "\(level)")
      #expect(one(.posterize(magnitudes: level)) == .posterize(bits: bits), "\(level)")
      #expect(one(.color(magnitudes: level)) == .color(factor: factor), "\(level)")
      #expect(one(.contrast(magnitudes: level)) == .contrast(factor: factor), "\(level)")
      #expect(one(.brightness(magnitudes: level)) == .brightness(factor: factor), "\(level)")
      #expect(one(.sharpness(magnitudes: level)) == .sharpness(factor: factor), "\(level)")
    }
  }

  @Test("factors are the tenths of 0.1 to 1.9, evenly, the ends half as often; no bits are kept in one of eighty")
  func colorDistribution() {
    let factors = shares(colors(ColorPart.color(magnitudes: .tenths(0...10))))
    #expect(Set(factors.keys) == Set((1...19).map { .color(factor: Double($0) / 10) }))
    for (operation, share) in factors {
      let isEnd = operation == .color(factor: 0.1) || operation == .color(factor: 1.9)
      #expect(abs(share - (isEnd ? 1.0 / 36 : 1.0 / 18)) < Self.slack, "\(operation): \(share)")
    }
    let bits = shares(colors(ColorPart.posterize(magnitudes: .tenths(0...10))))
    for (count, wanted) in [0.0125, 0.25, 0.25, 0.25, 0.2375].enumerated() {
      #expect(abs((bits[.posterize(bits: count)] ?? 0) - wanted) < Self.slack, "\(count) bits: \(bits)")
    }
  }

  @Test("a view is moved by a tenth or not, turned by tenths of a degree, sheared by the tangent along one axis")
  func geometry() {
    let moves = shares(changes(GeometryPart.translateX(magnitudes: .tenths)))
    // int(207 · 0.1) pixels to either side.
    #expect(Set(moves.keys) == [.translateX(0), .translateX(-20), .translateX(20)])
    #expect(abs((moves[.translateX(0)] ?? 0) - 0.5) < Self.slack)
    #expect(abs((moves[.translateX(20)] ?? 0) - 0.25) < Self.slack)
    let down = shares(changes(GeometryPart.translateY(magnitudes: .tenths)))
    #expect(Set(down.keys) == [.translateY(0), .translateY(-10), .translateY(10)])
    let all = changes(settings.geometry)
    var kinds: [String: Int] = [:]
    var most: (turn: Double, shear: Double) = (0, 0)
    for change in all {
      switch change {
      case .translateX: kinds["x", default: 0] += 1
      case .translateY: kinds["y", default: 0] += 1
      case .rotate(let degrees):
        kinds["turn", default: 0] += 1
        #expect(degrees == (degrees * 10).rounded() / 10)
        most.turn = max(most.turn, abs(degrees))
      case .shear(let x, let y):
        kinds[y == 0 ? "shear x" : "shear y", default: 0] += 1
        #expect(x == 0 || y == 0)
        most.shear = max(most.shear, abs(x), abs(y))
      case .zoom: kinds["zoom", default: 0] += 1
      }
    }
    #expect(kinds.count == 5)
    for (kind, count) in kinds {
      #expect(abs(Double(count) / Double(Self.draws) - 0.2) < Self.slack, "\(kind): \(count)")
    }
    // The tangent of 30°; a shear of 0° is along neither axis.
    #expect(most.turn == 30 && abs(most.shear - 0.577350269) < 1e-9)
  }

  @Test("each difference can be set alone")
  func alone() {
    var one = StrongAugmentationSettings()
    one.shearFactor = .tan
    let shears = changes(one.geometry).compactMap { change -> (Double, Double)? in
      guard case .shear(let x, let y) = change else { return nil }
      return (x, y)
    }
    #expect(shears.allSatisfy { $0.0 != 0 && $0.1 != 0 } && shears.contains { abs($0.0) > 0.55 })
    one = StrongAugmentationSettings()
    one.geometryMagnitudes = .tenths
    let turned = changes(one.geometry).contains { change in
      guard case .shear(let x, let y) = change else { return false }
      return x != 0 && y != 0 && abs(x) <= 0.4805
    }
    #expect(turned)
  }
}
