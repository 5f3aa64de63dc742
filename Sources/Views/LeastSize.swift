import Randomness

/// Enlarges what came out too small for a part of fixed size, so that the part is full: for views that must have no empty pixels.
public struct LeastSize: Augmentation {
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int

  /// Sides of 1 or more.
  public init(height: Int, width: Int) {
    precondition(height >= 1 && width >= 1, "LeastSize: expected sides of 1 or more, got \(height) x \(width)")
    self.height = height
    self.width = width
  }

  /// Resizes in proportion to the least size that has both sides, where one is missing; draws nothing.
  public func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
    let geometry = plan.geometry
    guard geometry.height < height || geometry.width < width else { return }
    let factor = max(Double(height) / Double(geometry.height), Double(width) / Double(geometry.width))
    plan.geometry.resize(
      height: max(height, Int((Double(geometry.height) * factor).rounded())),
      width: max(width, Int((Double(geometry.width) * factor).rounded())))
  }
}

extension SegmentationViewSettings {
  /// Resize, crop and mirror to parts of another size than ``cropHeight`` and ``cropWidth``, which their images fill whatever factor is drawn.
  public func weak(filling height: Int, _ width: Int) -> [any Augmentation] {
    [
      scaling, LeastSize(height: height, width: width), RandomCrop(height: height, width: width),
      RandomMirror(probability: mirrorProbability),
    ]
  }

  /// The greatest size in pixels that the random factor gives an image.
  public func largestSize(height: Int, width: Int) -> (height: Int, width: Int) {
    scaling.largestSize(height: height, width: width)
  }
}
