import Randomness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Fills one rectangle with noise (random erasing); boxes and geometry stay as they are.
///
/// torchvision's `RandomErasing` with `value="random"` on bytes. There the noise is normal on numbers of 0...1, and what leaves that
/// range wraps around when a picture is made of it (times 255, cut off, modulo 256). That leaves every byte equally likely but for
/// 0, which is 1.4 times as likely as the others; here all are equally likely.
public struct NoiseErase: Augmentation {
  /// The rectangle as a share of the view, all equally likely.
  public let areas: ClosedRange<Double>
  /// Its height over its width; the logarithm is drawn evenly.
  public let ratios: ClosedRange<Double>
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// How often a rectangle is drawn that must fit into the view, before the view stays as it is.
  private static let trials = 10

  /// A rectangle of noise.
  ///
  /// - Precondition: areas and a probability of 0...1, ratios above 0.
  public init(areas: ClosedRange<Double>, ratios: ClosedRange<Double>, probability: Double = 1) {
    precondition(
      areas.lowerBound >= 0 && areas.upperBound <= 1 && ratios.lowerBound > 0 && (0...1).contains(probability),
      "NoiseErase: expected areas and a probability of 0...1 and ratios above 0, got \(areas), \(probability), \(ratios)"
    )
    self.areas = areas
    self.ratios = ratios
    self.probability = probability
  }

  /// Fills, or not; the rectangle is lower and narrower than the view.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    guard generator.chance(probability) else { return }
    let (height, width) = (plan.geometry.height, plan.geometry.width)
    for _ in 0..<Self.trials {
      let area = Double(height * width) * generator.uniform(areas)
      let ratio = exp(generator.uniform(log(ratios.lowerBound)...log(ratios.upperBound)))
      let rows = Int((area * ratio).squareRoot().rounded(.toNearestOrEven))
      let columns = Int((area / ratio).squareRoot().rounded(.toNearestOrEven))
      guard rows < height, columns < width else { continue }
      let y = generator.integer(below: height - rows + 1)
      let x = generator.integer(below: width - columns + 1)
      plan.append(.noise(.init(y: y, x: x, height: rows, width: columns), seed: generator.next()))
      return
    }
  }
}
