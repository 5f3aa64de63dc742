import Randomness

/// Fills rectangles of the view's proportions (CutOut); boxes and geometry stay as they are.
public struct RandomErase: Augmentation {
  /// How likely the part acts, 0...1.
  public let probability: Double
  /// How many rectangles, all numbers equally likely.
  public let count: ClosedRange<Int>
  /// Their sides as a share of the view's, at most; drawn from 0, one share for both sides.
  public let size: Double
  /// The value of all channels.
  public let fill: UInt8

  /// One to four rectangles with sides of up to a fifth of the view's, as in Soft Teacher's release.
  ///
  /// - Precondition: counts of 0 or more, a size and a probability in 0...1.
  public init(count: ClosedRange<Int> = 1...4, size: Double = 0.2, probability: Double = 1, fill: UInt8 = 125) {
    precondition(
      count.lowerBound >= 0 && (0...1).contains(size) && (0...1).contains(probability),
      "RandomErase: expected counts of 0 or more, a size and a probability in 0...1")
    self.count = count
    self.size = size
    self.probability = probability
    self.fill = fill
  }

  /// Fills, or not; rectangles lie inside the view, those too small for a pixel are left out.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    guard generator.chance(probability) else { return }
    let (height, width) = (plan.geometry.height, plan.geometry.width)
    var patches: [ViewStep.Patch] = []
    for _ in 0..<count.lowerBound + generator.integer(below: count.count) {
      let share = generator.uniform(0...size)
      let (rows, columns) = (Int(share * Double(height)), Int(share * Double(width)))
      let y = generator.integer(below: height - rows + 1)
      let x = generator.integer(below: width - columns + 1)
      if rows > 0, columns > 0 { patches.append(.init(y: y, x: x, height: rows, width: columns)) }
    }
    plan.append(.erase(patches, fill: fill))
  }
}
