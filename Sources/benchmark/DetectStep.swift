import ArgumentParser
import Backbone
import Detection
import Layers
import Torch

/// A supervised training step of Faster R-CNN with ResNet-50 and a pyramid, as torchvision's peer script does it: frozen
/// norms, three trained stages, 91 classes, SGD with momentum, eight true boxes an image.
struct DetectStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "detect", abstract: "A supervised detector step.")

  @OptionGroup var machine: MachineOptions
  @Option(help: "Height of the images.") var height = 320
  @Option(help: "Width of the images.") var width = 427
  @Option(help: "Images a step.") var batch = 2
  @Flag(help: "Row-major maps and separate norms, as PyTorch does by default.") var plain = false

  func run() throws {
    let device = try machine.configure()
    let generator = Generator(seed: 0)
    let model = makeDetector(on: device, using: generator)
    model.computeType = try machine.computeType(on: device)
    model.setNormFolding(!plain)
    let padded = [height, width].map { ($0 + 31) / 32 * 32 }
    let pixels = Tensor.normal([batch, 3, padded[0], padded[1]], device: device, using: generator)
    let images = ImageBatch(
      pixels: plain ? pixels : pixels.channelsLast(),
      sizes: [(height: Int, width: Int)](repeating: (height, width), count: batch))
    let targets = (0..<batch).map { _ in makeTarget(using: generator) }
    let optimizer = SGD([ParameterGroup(model.namedParameters(), weightDecay: 1e-4)], momentum: 0.9)
    optimizer.reserve()
    let sampler = BalancedSampler(generator: generator)
    let preparation = SharedPreparation(of: [model])
    try serveRepetitions(on: device, machine) {
      optimizer.clearGradients()
      preparation {
        let losses = model.losses(images, targets: targets, sampler: sampler)
        (losses.classes + losses.boxes + losses.objectness + losses.proposalBoxes).backward()
      }
      optimizer.step(learningRate: 1e-5)
    }
  }

  /// Eight boxes of an eighth to a half of the image.
  private func makeTarget(using generator: Generator) -> DetectionTarget {
    let place = Tensor.uniform([8, 2], using: generator) * 0.5
    let size = Tensor.uniform([8, 2], using: generator) * 0.375 + 0.125
    let boxes = concatenate([place, place + size], axis: 1)
    return DetectionTarget(
      boxes: BoxTensors.scaled(boxes, x: Double(width), y: Double(height)),
      labels: (Tensor.uniform([8], using: generator) * 90).floor().to(.int64).adding(1))
  }
}

/// The detector of all training steps: ResNet-50 with a pyramid, frozen norms, three trained stages, 91 classes with
/// background.
func makeDetector(on device: Device, using generator: Generator) -> FasterRCNN {
  var settings = FasterRCNNSettings()
  settings.backbone.norm = .frozen
  settings.backbone.frozenStages = 2
  let detector = FasterRCNN(settings, classCount: 90, using: generator)
  detector.move(to: device)
  return detector
}
