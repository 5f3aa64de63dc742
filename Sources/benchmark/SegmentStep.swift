import ArgumentParser
import Backbone
import Layers
import Segmentation
import Torch
import Training

/// What the repetitions of a segmenter share: the network, and weights that the peer has too.
struct SegmenterOptions: ParsableArguments {
  @Option(help: "A kind of segmentation network, such as deeplabv3plus or deeplabv3plus_light.")
  var model = SegmentationNetworkKind.deeplabv3plus.rawValue
  @Option(help: "Another backbone than the kind's own, such as resnet101.") var backbone: String?
  @Option(help: "Classes.") var classes = 21
  @Option(help: "Its state dict.") var weights: String

  /// The kind that ``model`` names.
  func kind() throws -> SegmentationNetworkKind {
    guard let kind = SegmentationNetworkKind(rawValue: model) else {
      let known = SegmentationNetworkKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--model \(model): one of \(known) is wanted")
    }
    return kind
  }

  /// The network with the weights, on a device.
  func network(on device: Device) throws -> SegmentationNetwork {
    var settings = SegmentationNetworkSettings(kind: try kind())
    (settings.dropout, settings.pyramidDropout, settings.auxiliaryDropout) = (0, 0, 0)
    settings.backbone.dropPath = 0
    if let backbone {
      guard let kind = BackboneKind(rawValue: backbone) else {
        let known = BackboneKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--backbone \(backbone): one of \(known) is wanted")
      }
      settings.backbone.kind = kind
    }
    let network = settings.make(classCount: classes, using: Generator(seed: 0))
    try network.load(StateDict(try WeightFile.read(weights)), source: weights)
    network.move(to: device)
    return network
  }
}

/// A supervised training step of a segmenter, as the peer's script does it: cross-entropy of pixels of which some are
/// ignored, all norms trained, no dropout, and the optimizer of the network's recipe; the same images in every step.
struct SegmentStep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "segment-step", abstract: "A supervised segmenter step.")

  @OptionGroup var machine: MachineOptions
  @OptionGroup var segmenter: SegmenterOptions
  @Option(help: "A PyTorch file with `images` [N, 3, H, W] and `labels` [N, H, W].") var inputs: String
  @Option(help: "Prints the number of parameters and the losses of so many steps, and ends.") var check = 0

  func run() throws {
    let device = try machine.configure()
    let network = try segmenter.network(on: device)
    network.computeType = try machine.computeType(on: device)
    let stored = StateDict(try WeightFile.read(inputs))
    guard let images = stored["images"]?.to(device).channelsLast(), let labels = stored["labels"]?.to(device) else {
      throw ValidationError("--inputs \(inputs): a file with images and labels is wanted")
    }
    let loss = try PixelLossSettings().makeLoss(pixels: [Int](repeating: 1, count: segmenter.classes), on: device)
    let trained = try optimizer.trained(
      "student", network, for: RunLength(steps: 1, recipeSteps: 1, imagesPerStep: images.size(0)))
    trained.optimizer.reserve()
    let preparation = SharedPreparation(of: [network])
    func repetition() -> Tensor {
      trained.optimizer.clearGradients()
      let value = preparation {
        let value = loss(network(images).logits, labels)
        value.backward()
        return value
      }
      trained.optimizer.step(learningRate: trained.learningRate)
      return value
    }
    guard check > 0 else { return try serveRepetitions(on: device, machine) { _ = repetition() } }
    let losses = (0..<check).map { _ in "\(repetition().scalar)" }
    print(network.parameterCount, losses.joined(separator: " "))
  }

  /// That of the recipe `voc-1-8`, of light networks that of `camvid-small`, and of SegFormer its paper's.
  private var optimizer: OptimizerSettings {
    get throws {
      var optimizer = OptimizerSettings()
      optimizer.learningRate = 0.001
      switch try segmenter.kind() {
      case .deeplabv3plusLight, .fcnLight:
        optimizer.algorithm = .adamw
        (optimizer.weightDecay, optimizer.headLearningRateFactor) = (0.01, 3)
      case .segformerB0, .segformerB1:
        optimizer.algorithm = .adamw
        (optimizer.learningRate, optimizer.weightDecay, optimizer.headLearningRateFactor) = (6e-5, 0.01, 10)
      case .deeplabv3plus, .pspnet, .deeplabv2, .deeplabv3, .fcn: optimizer.headLearningRateFactor = 10
      }
      return optimizer
    }
  }
}
