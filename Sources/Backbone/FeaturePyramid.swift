import Layers
import Torch

/// A feature pyramid (Lin et al. 2017) under torchvision's names: maps of one width, each with what the coarser ones know.
///
/// Each map goes through a 1×1 convolution; the coarser result, resized to the finer map by the nearest element, is added;
/// a 3×3 convolution follows.
public final class FeaturePyramid: Module {
  /// A level behind the last map.
  public enum ExtraLevel: String, Sendable, Codable, CaseIterable {
    case none
    /// Every other element of the last level (torchvision's `pool`); no weights.
    case pool
  }

  private let innerBlocks: [Sequential]
  private let layerBlocks: [Sequential]
  /// The channels of every level.
  public let width: Int
  /// What follows the last level.
  public let extraLevel: ExtraLevel

  /// A pyramid over maps with these channels.
  public init(channels: [Int], width: Int = 256, extraLevel: ExtraLevel = .pool, using generator: Generator) {
    func block(_ inputs: Int, kernel: Int) -> Sequential {
      Sequential([
        Convolution(
          inputs, width, kernel: kernel, initial: .kaimingUniform(negativeSlope: 1), biasInitial: .constant(0),
          using: generator)
      ])
    }
    innerBlocks = channels.map { block($0, kernel: 1) }
    layerBlocks = channels.map { _ in block(width, kernel: 3) }
    self.width = width
    self.extraLevel = extraLevel
  }

  /// The levels [N, width, Hi, Wi] of maps [N, channels[i], Hi, Wi] given from fine to coarse, and the extra level.
  public func callAsFunction(_ maps: [Tensor]) -> [Tensor] {
    precondition(maps.count == innerBlocks.count, "a pyramid over \(innerBlocks.count) maps got \(maps.count)")
    var levels: [Tensor] = []
    var coarser: Tensor?
    for index in maps.indices.reversed() {
      var map = innerBlocks[index](maps[index])
      if let above = coarser {
        map = map.addedInPlace(above.resizedNearest(height: map.size(2), width: map.size(3)))
      }
      coarser = map
      levels.insert(layerBlocks[index](map), at: 0)
    }
    if extraLevel == .pool, let last = levels.last { levels.append(last.maxPooled(kernel: 1, stride: 2)) }
    return levels
  }
}

/// A feature extractor with a pyramid on its maps: `body` and `fpn`, as torchvision's detectors have it.
public final class PyramidBackbone: FeatureExtractor {
  /// What the maps come from.
  public let body: FeatureExtractor
  /// What makes levels of them.
  public let fpn: FeaturePyramid

  /// A pyramid over all maps of `body`.
  public init(
    _ body: FeatureExtractor, width: Int = 256, extraLevel: FeaturePyramid.ExtraLevel = .pool,
    using generator: Generator
  ) {
    self.body = body
    fpn = FeaturePyramid(channels: body.channels, width: width, extraLevel: extraLevel, using: generator)
    let extra = extraLevel == .pool ? [2 * (body.strides.last ?? 0)] : []
    super.init(
      strides: body.strides + extra, channels: [Int](repeating: width, count: body.strides.count + extra.count))
  }

  public override func callAsFunction(_ images: Tensor) -> [Tensor] { fpn(body(images)) }

  /// Loads the published weights of the body; the pyramid keeps what it has.
  @discardableResult
  public override func loadPublished(_ state: StateDict, source: String) throws(LoadError) -> LoadReport {
    try body.loadPublished(state, source: source)
  }
}
