import Torch

/// RoIAlign that reads each region from the pyramid level that suits its size (Lin et al., FPN, equation 1).
public struct RoIAlignPooler: Sendable {
  /// The side of a region that is read from level 4 (stride 16).
  static let canonicalSize = 224.0
  static let canonicalLevel = 4.0
  /// The side from which a region is read from level 2 (stride 4).
  static let finestSize = 56.0

  /// How a region's level follows from its size. Both rules give the same level but for sizes within 10⁻⁵ of a power of 2.
  public enum LevelRule: Sendable, Equatable {
    /// ⌊4 + log₂(√area / 224) + 10⁻⁶⌋ (torchvision).
    case canonicalSize
    /// ⌊log₂(√area / 56 + 10⁻⁶)⌋ levels above that of stride 4 (mmdetection).
    case finestSize
  }

  /// Pixels of the input per pixel of each level: powers of 2, rising.
  public let strides: [Int]
  /// How a region is sampled.
  public let options: RoIAlignOptions
  /// Which level a region is read from.
  public let levelRule: LevelRule

  /// A pooler over levels with these strides.
  public init(strides: [Int], options: RoIAlignOptions, levelRule: LevelRule = .canonicalSize) {
    self.strides = strides
    self.options = options
    self.levelRule = levelRule
  }

  /// - Parameters:
  ///   - features: One map [N, C, Hl, Wl] a level.
  ///   - boxes: Regions of each image, [R, 4] in pixels of the padded batch, on the CPU.
  /// - Returns: [R of all images, C, size, size], of the maps' type. No gradient flows to the boxes.
  public func callAsFunction(_ features: [Tensor], boxes: [Tensor]) -> Tensor {
    precondition(features.count == strides.count, "\(features.count) maps, strides of \(strides.count)")
    let (regions, levels) = withoutGradients { () -> (Tensor, Tensor) in
      let all = concatenate(boxes)
      let image = concatenate(
        boxes.enumerated().map {
          .full([$0.element.size(0), 1], Double($0.offset), all.elementType)
        })
      return (concatenate([image, all], axis: 1), self.levels(of: all))
    }
    let scales = strides.map { 1 / Double($0) }
    let device = features[0].device
    if device == .cpu {
      return roiAlignKernel(features, regions: regions, levels: levels, scales: scales, options: options)
    }
    return roiAlignByWeightedSums(
      features.map { $0.widened() }, regions: regions, levels: levels, scales: scales, options: options
    )
    .to(features[0].elementType)
  }

  /// The level, from 0, that each of boxes [R, 4] is read from: int64 [R].
  func levels(of boxes: Tensor) -> Tensor {
    let lowest = Double(strides[0].trailingZeroBitCount)
    // A thin box that was jittered may have its sides exchanged; it is read as the smallest ones are.
    let sides = BoxTensors.areas(boxes).clamped(min: 0).sqrt()
    let level =
      switch levelRule {
      case .canonicalSize: ((sides / Self.canonicalSize).log2() + (Self.canonicalLevel + 1e-6)).floor()
      case .finestSize: ((sides / Self.finestSize + 1e-6).log2() + 2).floor()
      }
    return (level.clamped(min: lowest, max: lowest + Double(strides.count - 1)) - lowest).to(.int64)
  }
}
