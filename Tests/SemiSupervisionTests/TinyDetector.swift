import Backbone
import Detection
import Torch

/// A detector so small that a step on images of 64×64 takes milliseconds, with trained norms.
enum TinyDetector {
  /// In training mode, for three classes.
  static func make(seed: UInt64) -> FasterRCNN {
    var settings = FasterRCNNSettings()
    settings.backbone.kind = .efficientnetLite0
    settings.backbone.norm = .trained
    settings.backbone.frozenStages = 0
    settings.backbone.pyramidWidth = 16
    settings.anchorSizes = [12, 24, 48, 96, 192]
    settings.regions.hiddenSize = 16
    settings.proposals.training = .init(perLevel: 50, count: 50)
    let detector = FasterRCNN(settings, classCount: 3, using: Generator(seed: seed))
    detector.train()
    return detector
  }
}
