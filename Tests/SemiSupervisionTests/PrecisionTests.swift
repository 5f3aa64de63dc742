import Annotations
import Detection
import Layers
@testable import Samples
import Testing
import Torch
import Views
@testable import Training

@testable import SemiSupervision

@Suite struct PrecisionTests {
  private let length = RunLength(steps: 10, recipeSteps: 10, imagesPerStep: 4)

  private func method(_ type: ElementType?) -> Supervised {
    let detector = TinyDetector.make(seed: 3)
    detector.computeType = type
    var settings = Supervised.Settings()
    settings.memoryImages = 100
    return Supervised(detector, settings: settings, optimizer: OptimizerSettings(), length: length)
  }

  private var batch: SampleBatch {
    let labels = BoxLabels(boxes: [Box(x: 8, y: 10, width: 24, height: 20)], classes: [1])
    let views = (0..<4).map {
      View(
        image: $0, imageID: $0, name: "\($0).jpg", geometry: ViewGeometry(originalHeight: 64, originalWidth: 64),
        labels: labels)
    }
    let images = Tensor.normal([4, 3, 64, 64], using: Generator(seed: 5)).channelsLast()
    return SampleBatch(
      labeledWeak: [ViewBatch(images: images, views: views)], labeledStrong: [], unlabeledWeak: [], unlabeledStrong: [])
  }

  private func gradients(_ type: ElementType?) -> (losses: [Double], gradients: [Tensor]) {
    let method = method(type)
    let losses = method.losses(for: batch, at: Step(index: 0, stepsPerEpoch: 4, imagesPerStep: 4, seed: 7))
    #expect(losses.terms.allSatisfy { $0.value.elementType == .float32 })
    losses.total.backward()
    return (
      losses.values(), method.trainedModels[0].model.namedParameters().compactMap { $0.parameter.value.gradient }
    )
  }

  @Test(
    "in bfloat16 losses and gradients are float32, and near to those computed in float32",
    .enabled(if: Device.cpu.isFastAtBFloat16))
  func nearness() {
    let (narrow, wide) = (gradients(.bfloat16), gradients(nil))
    // Objectness and classes; which anchors and regions are drawn hangs on scores, so box losses may take others.
    for index in [0, 2] { #expect(abs(narrow.losses[index] / wide.losses[index] - 1) < 0.05) }
    #expect(narrow.gradients.count == wide.gradients.count)
    #expect(narrow.gradients.allSatisfy { $0.elementType == .float32 })
  }

  @Test(
    "in bfloat16 the pyramid's maps and the gradients of its weights point where float32's do",
    .enabled(if: Device.cpu.isFastAtBFloat16))
  func direction() {
    func run(_ type: ElementType?) -> (maps: [Tensor], gradients: [(name: String, value: Tensor)]) {
      let detector = TinyDetector.make(seed: 3)
      detector.computeType = type
      let pixels = Tensor.normal([4, 3, 128, 128], using: Generator(seed: 6)).channelsLast()
      let maps = detector.features(ImageBatch(pixels: pixels, sizes: .init(repeating: (128, 128), count: 4)))
      maps.map { ($0.widened() * Tensor.normal($0.shape, using: Generator(seed: 8))).mean() }.reduce(
        Tensor.zeros([]), +
      ).backward()
      return (
        maps.map { $0.detached().widened() },
        detector.namedParameters().compactMap { entry in entry.parameter.value.gradient.map { (entry.name, $0) } }
      )
    }
    func cosine(_ one: Tensor, _ other: Tensor) -> Double {
      (one * other).sum().scalar / (one.power(2).sum().scalar * other.power(2).sum().scalar).squareRoot()
    }
    let (narrow, wide) = (run(.bfloat16), run(nil))
    for (one, other) in zip(narrow.maps, wide.maps) { #expect(cosine(one, other) > 0.9) }
    // Further down, a network with random weights turns any rounding into another direction.
    for (one, other) in zip(narrow.gradients, wide.gradients) where one.name.hasPrefix("backbone.fpn.") {
      #expect(cosine(one.value, other.value) > 0.9, "\(one.name)")
    }
  }

  @Test("an average computes in what its source computes in, and what is judged is computed in float32")
  func judged() throws {
    let images = ImageBatch(pixels: batch.labeledWeak[0].images, sizes: .init(repeating: (64, 64), count: 4))
    let (narrow, wide) = (method(.bfloat16), method(nil))
    let found = try [narrow, wide].map { method -> [Detections] in
      let detector = try #require(method.predictors[0].predictor.model as? FasterRCNN)
      return detector.detect(images)
    }
    #expect((narrow.predictors[0].predictor.model as? FasterRCNN)?.computeType == .bfloat16)
    for (one, other) in zip(found[0], found[1]) {
      #expect(one.boxes.isEqual(to: other.boxes) && one.scores.isEqual(to: other.scores))
    }
  }

  @Test(
    "images in bfloat16 are looked at in it; what is found is float32, and the best near to float32's",
    .enabled(if: Device.cpu.isFastAtBFloat16))
  func detecting() throws {
    let detector = TinyDetector.make(seed: 3)
    detector.evaluate()
    let images = ImageBatch(pixels: batch.labeledWeak[0].images, sizes: .init(repeating: (64, 64), count: 4))
    for (narrow, wide) in zip(detector.detect(images.converted(to: .bfloat16)), detector.detect(images)) {
      #expect(narrow.count > 0 && narrow.boxes.elementType == .float32 && narrow.scores.elementType == .float32)
      #expect(!narrow.scores.isEqual(to: wide.scores))
      #expect(abs(narrow.scores.max().scalar - wide.scores.max().scalar) < 0.05)
    }
  }

  @Test("auto is what the device is fast at; bfloat16 is warned of where it is slow, refused where it does not work")
  func resolving() throws {
    let isFast = Device.cpu.isFastAtBFloat16
    #expect(try Precision.auto.resolved(on: .cpu) == (isFast ? .bfloat16 : .float32))
    #expect(try Precision.float32.resolved(on: .cpu) == .float32)
    if isFast || Device.cpu.computesBFloat16 {
      #expect(try Precision.bfloat16.resolved(on: .cpu) == .bfloat16)
    } else {
      #expect(throws: RunError.self) { try Precision.bfloat16.resolved(on: .cpu) }
    }
    #expect((Precision.bfloat16.warning(on: .cpu) == nil) == isFast)
    #expect(Precision.float32.warning(on: .cpu) == nil)
    // No such card anywhere.
    #expect(throws: RunError.self) { try Precision.bfloat16.resolved(on: .cuda(1000)) }
  }
}
