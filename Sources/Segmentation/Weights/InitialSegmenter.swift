import Backbone
import Layers
import Torch

/// A new segmentation network with its first weights.
public struct InitialSegmenter {
  /// The network.
  public let network: SegmentationNetwork
  /// Its settings as they were used.
  public let settings: SegmentationNetworkSettings
  /// A line for each thing to say about its weights.
  public let notes: [String]
  /// Whether the weights are those of a whole network, decoder included.
  public let isWholeNetwork: Bool

  /// A network with the weights that settings ask for.
  ///
  /// Without published weights a backbone with fixed norms would stay as it was drawn, so its norms are trained then
  /// and no stage is frozen.
  /// - Parameters:
  ///   - weights: `random`, `imagenet` (the file that `tools/setup` keeps, where there is one), or a file.
  ///   - replacingPredictor: Keeps the random last convolutions, for other classes than the file's.
  public init(
    _ settings: SegmentationNetworkSettings, weights: String, replacingPredictor: Bool = false, classCount: Int,
    seed: UInt64
  ) throws {
    let kind = settings.backbone.kind
    let file = weights == "imagenet" ? kind.cachedWeights() : weights
    guard let file, file != "random" else {
      var trained = settings
      trained.backbone.norm = .trained
      trained.backbone.frozenStages = 0
      self.settings = trained
      isWholeNetwork = false
      network = trained.make(classCount: classCount, using: Generator(seed: seed))
      notes = [
        weights == "random"
          ? "random first weights, batch norms trained"
          : "no ImageNet weights at hand: random first weights, batch norms trained (\(kind.howToGetWeights))"
      ]
      return
    }
    self.settings = settings
    network = settings.make(classCount: classCount, using: Generator(seed: seed))
    let loaded = try SegmenterWeights.load(file, into: network, replacingPredictor: replacingPredictor)
    (notes, isWholeNetwork) = (loaded.notes, loaded.isWholeNetwork)
  }
}
