import ArgumentParser
import Torch

/// RoIAlign with its gradient: 512 regions of 7 × 7 bins from a map of 2 × 256 × 100 × 152.
struct RoIAlignRepetition: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "roi-align", abstract: "RoIAlign, forward and backward.")

  @OptionGroup var machine: MachineOptions
  @Flag(help: "A row-major map, as PyTorch has by default.") var plain = false
  @Flag(help: "Without the gradient.") var forwardOnly = false

  func run() throws {
    let device = try machine.configure()
    let generator = Generator(seed: 0)
    let map = Tensor.normal([2, 256, 100, 152], device: device, using: generator)
    let features = plain ? map : map.channelsLast()
    features.requiresGradient = !forwardOnly
    let place = Tensor.uniform([512, 2], using: generator) * Tensor([400.0, 250], shape: [2]).to(.float32)
    let size = Tensor.uniform([512, 2], using: generator) * 180 + 10
    let image = (Tensor.uniform([512, 1], using: generator) * 2).floor()
    let regions = concatenate([image, place, place + size], axis: 1).to(device)
    let levels = Tensor.zeros([512], .int64, device: device)
    let options = RoIAlignOptions(outputSize: 7, samplingRatio: 2, aligned: false)
    try serveRepetitions(on: device, machine) {
      let pooled = roiAlignKernel([features], regions: regions, levels: levels, scales: [0.25], options: options)
      if !forwardOnly { _ = pooled.sum().gradients(of: [features]) }
    }
  }
}

/// Class-wise non-maximum suppression of many overlapping boxes.
struct SuppressionRepetition: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "nms", abstract: "Class-wise non-maximum suppression.")

  @OptionGroup var machine: MachineOptions
  @Option(help: "Boxes.") var count = 8000
  @Option(help: "Classes.") var classes = 5

  func run() throws {
    let device = try machine.configure()
    let generator = Generator(seed: 0)
    let place = Tensor.uniform([count, 2], using: generator) * 700
    let size = Tensor.uniform([count, 2], using: generator) * 100 + 10
    let boxes = concatenate([place, place + size], axis: 1).to(device)
    let scores = Tensor.uniform([count], using: generator).to(device)
    let groups = (Tensor.uniform([count], using: generator) * Double(classes)).floor().to(.int64).to(device)
    try serveRepetitions(on: device, machine) {
      _ = nonMaximumSuppression(boxes, scores: scores, groups: groups, threshold: 0.7)
    }
  }
}
