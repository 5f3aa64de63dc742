import Backbone
import Detection
import Documents
import FoundationEssentials
import Layers
import Torch

/// Gives a new detector its first weights.
enum InitialWeights {
  /// A detector with the weights that settings ask for, and a line for each thing to say about them.
  ///
  /// Without published weights a backbone with fixed norms would stay as it was drawn, so its norms are trained then and
  /// no stage is frozen; the settings are returned as they were used.
  static func makeDetector(
    _ settings: FasterRCNNSettings, weights: String, replacingPredictor: Bool, classCount: Int, seed: UInt64
  ) throws -> (detector: FasterRCNN, settings: FasterRCNNSettings, notes: [String]) {
    func detector(_ settings: FasterRCNNSettings) -> FasterRCNN {
      FasterRCNN(settings, classCount: classCount, using: Generator(seed: seed))
    }
    switch weights {
    case "random":
      let trained = settings.withTrainedBackbone
      return (detector(trained), trained, ["random first weights, batch norms trained"])
    case "imagenet":
      guard settings.backbone.kind == .efficientnetLite0, let path = cachedEfficientNet() else {
        let trained = settings.withTrainedBackbone
        let how =
          settings.backbone.kind == .efficientnetLite0
          ? "run tools/setup with a network" : "give --weights with \(settings.backbone.kind.publishedWeights)"
        let note = "no ImageNet weights at hand: random first weights, batch norms trained (\(how))"
        return (detector(trained), trained, [note])
      }
      let made = detector(settings)
      return (made, settings, try DetectorWeights.load(path, into: made).notes)
    default:
      let made = detector(settings)
      return (
        made, settings,
        try DetectorWeights.load(weights, into: made, replacingPredictor: replacingPredictor).notes
      )
    }
  }

  /// The file that `tools/setup` keeps, if it is there.
  private static func cachedEfficientNet() -> String? {
    let environment = ProcessInfo.processInfo.environment
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let folder =
      value("SEMIVISION_CACHE")
      ?? Path.join(value("XDG_CACHE_HOME") ?? Path.join(value("HOME") ?? "", ".cache"), "semivision")
    let path = Path.join(folder, "efficientnet-lite0.pth")
    return Folder.hasFile(path) ? path : nil
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
