import Annotations
import ArgumentParser
import Backbone
import Detection
import Documents
import Foundation
import Imaging
import Randomness
import Samples
import SemiSupervision
import Torch
import Training
import Views

/// Whole training steps of a method, images read from files, of ResNet-50 with a pyramid: 1 labelled and 4 unlabelled images, or
/// 5 labelled ones of a supervised step.
///
/// A network with random weights finds nothing; the scores of the teacher's classes are spread, and the thresholds set so
/// that about ten boxes an image pass, as a trained teacher has them.
struct MethodStep: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "method", abstract: "A training step of a method.")

  @OptionGroup var machine: MachineOptions
  @Option(help: "A method's name, such as soft-teacher or supervised.") var method = SoftTeacher.name
  @Option(help: "Shorter side of the views.") var height = 320
  @Option(help: "Longer side of the views.") var width = 427
  @Flag(help: "Changes pixels of views on the device.") var onDevice = false
  @Option(help: "Instead of serving: takes so many steps and prints median time and work of each part.") var parts = 0

  private static let boxesPerImage = 10
  /// Of the spread class logits.
  private static let logitDeviation = 3.0

  func run() throws {
    let device = try machine.configure()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("benchmark-\(UUID().uuidString)").path
    try Folder.create(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let pool = try makeImages(folder)
    guard let found = DetectionMethods.settings(named: method) else {
      throw ValidationError("--method \(method): one of \(DetectionMethods.names.joined(separator: ", ")) is wanted")
    }
    try run(found, pool, device)
  }

  private func run<Settings: DetectionMethodSettings>(_: Settings.Type, _ pool: ImagePool, _ device: Device) throws {
    var settings = Settings()
    let readsUnlabeled = settings.views.unlabeled.images > 0
    settings.stepImages = readsUnlabeled ? StepImages(labeled: 1, unlabeled: 4) : StepImages(labeled: 5)
    let detector = makeDetector(on: device, using: Generator(seed: 0))
    detector.computeType = try machine.computeType(on: device)
    if var teacher = settings as? any TeacherSettings {
      try letThrough(&teacher, detector, pool, device)
      settings = (teacher as? Settings) ?? settings
    }
    let method = settings.makeMethod(detector, optimizer: optimizer, length: length)
    try MethodServer(machine: machine, parts: parts, length: length)
      .serve(method, stream(method.views, pool, device), on: device)
  }

  private var length: RunLength { RunLength(steps: 1_000_000, recipeSteps: 1_000_000, imagesPerStep: 5) }

  private var optimizer: OptimizerSettings {
    var optimizer = OptimizerSettings()
    // Nothing is to be learnt: the teacher keeps finding what the thresholds were set for.
    optimizer.learningRate = 1e-12
    return optimizer
  }

  /// Sets thresholds that let about ten boxes an image pass.
  private func letThrough<Settings: TeacherSettings>(
    _ settings: inout Settings, _ detector: FasterRCNN, _ pool: ImagePool, _ device: Device
  ) throws {
    detector.evaluate()
    let batch = try stream(settings.views, pool, device).next().unlabeledWeak[0]
    let found = withoutGradients {
      let images = ImageBatch(batch)
      let features = detector.features(images)
      let limits = detector.settings.proposals.training
      let proposals = detector.rpn.proposals(
        detector.rpn.predict(features, images: images), images: images, limits: limits)
      let logits = detector.roiHeads.predict(features, boxes: proposals).logits
      let deviation = (logits - logits.mean()).power(2).mean().sqrt().scalar
      for entry in detector.stateEntries() where entry.name == "roi_heads.box_predictor.cls_score.weight" {
        entry.tensor.detached().copyInPlace(from: entry.tensor.detached() * (Self.logitDeviation / deviation))
      }
      return detector.detections(features, images: images, limits: limits)
    }
    detector.train()
    let scores = found.flatMap(\.scores.doubles).sorted(by: >)
    let threshold = scores.isEmpty ? 0 : scores[min(scores.count - 1, Self.boxesPerImage * batch.views.count)]
    // The same images in every step.
    settings.batches = BatchComposition()
    settings.burnInImages = 0
    settings.thresholds.candidateScore = threshold
    settings.thresholds.proposalScore = threshold
    settings.thresholds.classScore = threshold
    settings.thresholds.boxUncertainty = 1e9
  }

  private func stream(_ request: ViewRequest, _ pool: ImagePool, _ device: Device) -> SampleStream {
    var views = ViewSettings()
    (views.shortSideFrom, views.shortSideTo, views.longSide) = (height, height, width)
    let source = StreamSource(pool: pool, weak: views.weak, strong: views.strong)
    return SampleStream(
      request: request, labeled: source, unlabeled: request.unlabeled.images > 0 ? source : nil,
      options: .init(
        seed: 1, workers: machine.workers, depth: 2 * machine.workers,
        layout: BatchLayout(isChannelsLast: true, rendersOnDevice: onDevice), device: device))
  }

  /// Twenty JPEG files, half as large again as the views, of smooth noise, with eight boxes each.
  private func makeImages(_ folder: String) throws -> ImagePool {
    let (rows, columns) = (height * 3 / 2, width * 3 / 2)
    let images = try (0..<20).map { index in
      var generator = SeededGenerator(seed: 1, stream: UInt64(index))
      var coarse = Image(height: rows / 8, width: columns / 8, channels: 3)
      coarse.pixels = coarse.pixels.map { _ in UInt8(generator.integer(below: 256)) }
      let path = Path.join(folder, "\(index).jpg")
      try ImageFile.write(coarse.resized(height: rows, width: columns), to: path, quality: 90)
      let boxes = (0..<8).map { _ in
        Box(
          x: generator.uniform() * 0.5 * Double(columns), y: generator.uniform() * 0.5 * Double(rows),
          width: (0.125 + 0.375 * generator.uniform()) * Double(columns),
          height: (0.125 + 0.375 * generator.uniform()) * Double(rows))
      }
      return PooledImage(
        path: path, name: "\(index).jpg", id: index, height: rows, width: columns,
        labels: BoxLabels(boxes: boxes, classes: (0..<8).map { _ in generator.integer(below: 90) }))
    }
    return ImagePool(name: "generated", images: images)
  }
}
