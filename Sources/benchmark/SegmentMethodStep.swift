import Annotations
import ArgumentParser
import Documents
import Foundation
import Imaging
import Randomness
import Samples
import Segmentation
import SemiSupervision
import Torch
import Training
import Views

/// Whole training steps of a method of segmenters, images and label maps read from files: so many labelled and as many unlabelled
/// images, or twice as many labelled ones of a supervised step.
struct SegmentMethodStep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "segment-method", abstract: "A training step of a method of segmenters.")

  @OptionGroup var machine: MachineOptions
  @Option(help: "A method's name, such as cps or supervised.") var method = FixMatch.name
  @Option(help: "A kind of segmentation network.") var model = SegmentationNetworkKind.deeplabv3plusLight.rawValue
  @Option(help: "Labelled images a step, and unlabelled ones.") var images = 4
  @Option(help: "Rows of the views.") var height = 176
  @Option(help: "Columns of the views.") var width = 240
  @Option(help: "Instead of serving: takes so many steps and prints median time and work of each part.") var parts = 0

  private static let classes = 11

  func run() throws {
    let device = try machine.configure()
    guard let kind = SegmentationNetworkKind(rawValue: model) else {
      let known = SegmentationNetworkKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--model \(model): one of \(known) is wanted")
    }
    guard let found = SegmentationMethods.settings(named: method) else {
      throw ValidationError("--method \(method): one of \(SegmentationMethods.names.joined(separator: ", ")) is wanted")
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("benchmark-\(UUID().uuidString)").path
    try Folder.create(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let pool = try makeImages(folder)
    let network = SegmentationNetworkSettings(kind: kind).make(classCount: Self.classes, using: Generator(seed: 0))
    network.move(to: device)
    network.computeType = try machine.computeType(on: device)
    network.train()
    try run(found, network, pool, device)
  }

  private func run<Settings: SegmentationMethodSettings>(
    _: Settings.Type, _ network: SegmentationNetwork, _ pool: ImagePool, _ device: Device
  ) throws {
    var settings = Settings()
    let readsUnlabeled = settings.views.unlabeled.images > 0
    settings.stepImages = StepImages(
      labeled: readsUnlabeled ? images : 2 * images, unlabeled: readsUnlabeled ? images : 0)
    var optimizer = OptimizerSettings()
    optimizer.algorithm = .adamw
    let length = RunLength(steps: 1_000_000, recipeSteps: 1_000_000, imagesPerStep: 2 * images)
    let loss = try PixelLossSettings().makeLoss(pixels: [Int](repeating: 1, count: Self.classes), on: device)
    let classes = ClassTable(names: (0..<Self.classes).map { "\($0)" })
    let method = try settings.makeMethod(
      network, loss: loss, optimizer: optimizer, length: length, classes: classes, seed: 1)
    try MethodServer(machine: machine, parts: parts, length: length)
      .serve(method, stream(method.views, pool, network, device), on: device)
  }

  private func stream(
    _ request: ViewRequest, _ pool: ImagePool, _ network: SegmentationNetwork, _ device: Device
  ) -> SampleStream {
    var views = SegmentationViewSettings()
    (views.resize, views.scaleFrom, views.scaleTo) = (.own, 0.35, 0.75)
    (views.cropHeight, views.cropWidth) = (height, width)
    let source = StreamSource(
      pool: pool, weak: views.weak, strong: views.strong, continuesWeak: true,
      pixelLabels: .maps(LabelMapReader(ClassTable(names: (0..<Self.classes).map { "\($0)" }))))
    return SampleStream(
      request: request, labeled: source, unlabeled: request.unlabeled.images > 0 ? source : nil,
      options: .init(
        seed: 1, workers: machine.workers, depth: 2 * machine.workers, layout: network.settings.backbone.batchLayout(),
        device: device))
  }

  /// JPEG files, twice as large as the views, of smooth noise, and label maps of rectangles: so few that all have been seen after two
  /// steps, as what a method keeps of an image is a part of its later steps alone.
  private func makeImages(_ folder: String) throws -> ImagePool {
    let (rows, columns) = (height * 2, width * 2)
    let images = try (0..<2 * images).map { index in
      var generator = SeededGenerator(seed: 1, stream: UInt64(index))
      var coarse = Image(height: rows / 8, width: columns / 8, channels: 3)
      coarse.pixels = coarse.pixels.map { _ in UInt8(generator.integer(below: 256)) }
      var labels = Image(height: rows, width: columns, channels: 1)
      for label in 1..<Self.classes {
        labels.fill(
          y: generator.integer(below: rows / 2), x: generator.integer(below: columns / 2), height: rows / 3,
          width: columns / 3, with: UInt8(label))
      }
      let (path, mask) = (Path.join(folder, "\(index).jpg"), Path.join(folder, "\(index).png"))
      try ImageFile.write(coarse.resized(height: rows, width: columns), to: path, quality: 90)
      try ImageFile.write(labels, to: mask)
      return PooledImage(
        path: path, name: "\(index).jpg", id: index, height: rows, width: columns, mask: .file(mask))
    }
    return ImagePool(name: "generated", images: images)
  }
}
