import Annotations
import Detection
import Documents
import Layers
import TestDevice
import Testing
import Torch
import Views

@testable import Samples
@testable import SemiSupervision
@testable import Training

/// float32 on another device, after two steps.
private let otherDevice = 1e-3

/// Whole steps of methods on devices other than the CPU.
@Suite struct DeviceTests {
  /// One labelled image, two unlabelled ones.
  private final class Source: BatchSource {
    let device: Device
    var index = 0

    init(on device: Device) { self.device = device }

    var stepsPerEpoch: Int { 4 }
    var imagesPerStep: Int { 3 }
    var skippedImages: [SkippedImage] { [] }
    var state: JSON { .null }
    func restore(_ state: JSON) {}
    func imageNames(of batch: SampleBatch) -> [String] { [] }
    func shard(_ index: Int, of count: Int) -> Self { self }

    func next() -> SampleBatch {
      index += 1
      func views(_ count: Int, _ seed: Int, _ labels: BoxLabels = BoxLabels()) -> ViewBatch {
        ViewBatch(
          images: Tensor.normal([count, 3, 64, 64], using: Generator(seed: UInt64(10 * index + seed))).to(device),
          views: (0..<count).map {
            View(
              image: $0, imageID: $0, name: "\($0).jpg",
              geometry: ViewGeometry(originalHeight: 64, originalWidth: 64), labels: labels)
          })
      }
      let labels = BoxLabels(boxes: [Box(x: 8, y: 10, width: 24, height: 20)], classes: [1])
      return SampleBatch(
        labeledWeak: [views(1, 1, labels)], labeledStrong: [], unlabeledWeak: [views(2, 2)],
        unlabeledStrong: [views(2, 3)])
    }
  }

  private let length = RunLength(steps: 10, recipeSteps: 10, imagesPerStep: 3)

  private func student(on device: Device) -> FasterRCNN {
    let student = TinyDetector.make(seed: 1)
    student.move(to: device)
    return student
  }

  private func trainer<Method: TrainingMethod<SampleBatch>>(_ method: Method, on device: Device) -> Trainer<
    Method, Source
  > {
    var settings = TrainerSettings()
    settings.gradientClip = .at(10)
    return Trainer(method: method, source: Source(on: device), settings: settings, length: length, seed: 7)
  }

  private func softTeacher(on device: Device, _ optimizer: OptimizerSettings) -> SoftTeacher {
    var settings = SoftTeacher.Settings()
    settings.unlabeledImages = 2
    // A young teacher is sure of nothing: everything passes.
    settings.thresholds.candidateScore = 0.2
    settings.thresholds.classScore = 0.2
    settings.thresholds.proposalScore = 0.2
    settings.thresholds.boxUncertainty = 10
    return SoftTeacher(student(on: device), settings: settings, optimizer: optimizer, length: length)
  }

  @Test("steps of Soft Teacher are those of the CPU", arguments: TestDevice.all, OptimizerSettings.Algorithm.allCases)
  func softTeacherSteps(device: Device, algorithm: OptimizerSettings.Algorithm) throws {
    var optimizer = OptimizerSettings()
    optimizer.algorithm = algorithm
    // AdamW divides a gradient by its own size, so one that is but rounding moves a weight as far as any other.
    optimizer.learningRate = algorithm == .adamw ? 1e-6 : 1e-4
    let runs = [Device.cpu, device].map { trainer(softTeacher(on: $0, optimizer), on: $0) }
    for _ in 0..<2 {
      let reports = try runs.map { try $0.takeStep() }
      #expect(reports[0].terms.count == 8 && reports.allSatisfy { $0.skip == nil })
      for (one, other) in zip(reports[0].terms, reports[1].terms) {
        #expect(abs(one.value - other.value) < otherDevice * max(1, abs(one.value)), "\(one.name)")
      }
      #expect(reports[0].figures == reports[1].figures)
      #expect((reports[0].figures.first { $0.name == "pseudo.boxes" }?.value ?? 0) > 0)
    }
    let teachers = runs.map { $0.method.predictors[0].predictor.model.stateEntries() }
    for (one, other) in zip(teachers[0], teachers[1]) {
      #expect(other.tensor.device == device)
      let (expected, found) = (one.tensor.doubles, other.tensor.doubles)
      let limit = otherDevice * max(1, expected.map(abs).max() ?? 1)
      #expect(zip(expected, found).allSatisfy { abs($0 - $1) < limit }, "\(one.name)")
    }
  }

  /// Nothing else waits: a device never runs dry because the host asked it something in passing.
  @Test(
    "a step waits for the device where its losses, its norm and its boxes are read, and nowhere else", .onStandIn)
  func waits() throws {
    let device = TestDevice.other
    let supervised = trainer(
      Supervised(
        student(on: device), settings: Supervised.Settings(), optimizer: OptimizerSettings(), length: length),
      on: device)
    let taught = trainer(softTeacher(on: device, OptimizerSettings()), on: device)
    try supervised.takeStep()
    try taught.takeStep()
    // Proposals, losses, gradient norm.
    #expect(try TestDevice.waits { try supervised.takeStep() } == ["synchronize": 3])
    // The same; proposals of the teacher and in strong views; the teacher's candidates, first their number; refined boxes; the
    // sum of the unlabelled losses.
    #expect(try TestDevice.waits { try taught.takeStep() } == ["synchronize": 8, "aten::nonzero": 1])
  }
}
