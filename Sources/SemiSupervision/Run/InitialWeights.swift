import Backbone
import Detection
import Layers
import Torch

/// Gives a new detector its first weights.
enum InitialWeights {
  /// A detector, its settings as they were used, and a line for each thing to say about its weights.
  struct Outcome {
    let detector: FasterRCNN
    let settings: FasterRCNNSettings
    let notes: [String]
  }

  /// A detector with the weights that settings ask for.
  ///
  /// Without published weights a backbone with fixed norms would stay as it was drawn, so its norms are trained then and
  /// no stage is frozen. Where the file is known to want another epsilon of the batch norms, the settings say it.
  static func makeDetector(
    _ settings: FasterRCNNSettings, weights: String, replacingPredictor: Bool, classCount: Int, seed: UInt64
  ) throws -> Outcome {
    func detector(_ settings: FasterRCNNSettings) -> FasterRCNN {
      FasterRCNN(settings, classCount: classCount, using: Generator(seed: seed))
    }
    func random(_ note: String) -> Outcome {
      let trained = settings.withTrainedBackbone
      return Outcome(detector: detector(trained), settings: trained, notes: [note])
    }
    let kind = settings.backbone.kind
    var file = weights
    switch weights {
    case "random": return random("random first weights, batch norms trained")
    case "imagenet":
      guard let path = kind.cachedWeights() else {
        return random(
          "no ImageNet weights at hand: random first weights, batch norms trained (\(kind.howToGetWeights))")
      }
      file = path
    default: break
    }
    let made = detector(settings)
    let loaded = try DetectorWeights.load(file, into: made, replacingPredictor: replacingPredictor)
    guard let epsilon = loaded.normEpsilon else {
      return Outcome(detector: made, settings: settings, notes: loaded.notes)
    }
    // Made anew, so that the detector's own settings say it, from which a teacher is made.
    var used = settings
    used.backbone.normEpsilon = "\(epsilon)"
    let again = detector(used)
    try again.load(made.stateDict(), source: file)
    return Outcome(detector: again, settings: used, notes: loaded.notes)
  }
}

extension FasterRCNNSettings {
  /// With norms and all stages of the backbone trained.
  fileprivate var withTrainedBackbone: FasterRCNNSettings {
    var settings = self
    settings.backbone.norm = .trained
    settings.backbone.frozenStages = 0
    return settings
  }
}
