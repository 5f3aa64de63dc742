import Randomness

/// Resizes by a random factor: the weak views of segmentation methods.
public struct RandomScale: Augmentation {
  /// What the factor multiplies.
  public enum Reference: Sendable, Equatable {
    /// A longer side of this many pixels, whatever the image's own: ST, ST++, CCT.
    case longSide(Int)
    /// The image's own sides: UniMatch.
    case image
  }

  /// The factors; drawn evenly.
  public let factors: ClosedRange<Double>
  /// What they multiply.
  public let reference: Reference

  /// Factors above 0.
  public init(factors: ClosedRange<Double>, of reference: Reference) {
    precondition(factors.lowerBound > 0, "RandomScale: expected factors above 0, got \(factors)")
    if case .longSide(let side) = reference {
      precondition(side >= 1, "RandomScale: expected a side of 1 or more, got \(side)")
    }
    self.factors = factors
    self.reference = reference
  }

  /// Resizes: the longer side is a whole number, drawn evenly between the two that the factors give; the shorter side keeps the
  /// proportion, rounded to the nearest (halves up), as in the releases of ST++ and UniMatch.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    let (height, width) = (plan.geometry.originalHeight, plan.geometry.originalWidth)
    let long = referenceSide(height: height, width: width)
    let least = max(1, Int(long * factors.lowerBound))
    let side = least + generator.integer(below: max(1, Int(long * factors.upperBound) - least + 1))
    let size = Self.size(height: height, width: width, longSide: side)
    plan.geometry.resize(height: size.height, width: size.width)
  }

  /// The greatest size in pixels that an image may get.
  func largestSize(height: Int, width: Int) -> (height: Int, width: Int) {
    let long = referenceSide(height: height, width: width)
    return Self.size(
      height: height, width: width, longSide: max(1, Int(long * factors.lowerBound), Int(long * factors.upperBound)))
  }

  /// The longer side that the factors multiply.
  private func referenceSide(height: Int, width: Int) -> Double {
    switch reference {
    case .longSide(let side): Double(side)
    case .image: Double(max(height, width))
    }
  }

  private static func size(height: Int, width: Int, longSide side: Int) -> (height: Int, width: Int) {
    let short = max(1, Int(Double(min(height, width)) * Double(side) / Double(max(height, width)) + 0.5))
    return height > width ? (side, short) : (short, side)
  }
}

/// Takes a part of fixed size, whose place is drawn; what is smaller is empty at its lower and right edge.
public struct RandomCrop: Augmentation {
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int

  /// Sides of 1 or more.
  public init(height: Int, width: Int) {
    precondition(height >= 1 && width >= 1, "RandomCrop: expected sides of 1 or more, got \(height) x \(width)")
    self.height = height
    self.width = width
  }

  /// Crops; all places are equally likely.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    let x = generator.integer(below: max(0, plan.geometry.width - width) + 1)
    let y = generator.integer(below: max(0, plan.geometry.height - height) + 1)
    plan.geometry.crop(y: y, x: x, height: height, width: width)
  }
}
