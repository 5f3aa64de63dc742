import Annotations
import Layers
@testable import Samples
import Torch
import Views
@testable import Training

@testable import SemiSupervision

/// Batches of noise for methods that learn labelled and unlabelled images, of 64×64 pixels.
enum TinyBatch {
  /// One labelled image, two unlabelled ones; strong views are mirrored.
  static func make(_ index: Int) -> SampleBatch {
    let labels = BoxLabels(boxes: [Box(x: 8, y: 10, width: 24, height: 20)], classes: [1])
    return SampleBatch(
      labeledWeak: [ViewBatch(images: pixels(1, index, 1), views: views(1, mirrored: false, labels))],
      labeledStrong: [ViewBatch(images: pixels(1, index, 4), views: views(1, mirrored: false, labels))],
      unlabeledWeak: [ViewBatch(images: pixels(2, index, 2), views: views(2, mirrored: false, BoxLabels()))],
      unlabeledStrong: [ViewBatch(images: pixels(2, index, 3), views: views(2, mirrored: true, BoxLabels()))])
  }

  /// The step that a batch belongs to.
  static func step(_ index: Int) -> Step { Step(index: index, stepsPerEpoch: 4, imagesPerStep: 3, seed: 7) }

  /// The length of a run of such steps.
  static let length = RunLength(steps: 10, recipeSteps: 10, imagesPerStep: 3)

  /// Takes a step of a method.
  @discardableResult static func take(_ index: Int, of method: some TrainingMethod<SampleBatch>) -> [Double] {
    let losses = method.losses(for: make(index), at: step(index))
    losses.total.backward()
    for trained in method.trainedModels {
      trained.optimizer.step(learningRate: 0.01)
      trained.optimizer.clearGradients()
    }
    method.modelsDidUpdate(at: step(index))
    return losses.values()
  }

  /// Whether two modules have the same parameters and buffers.
  static func areEqual(_ a: Module, _ b: Module) -> Bool {
    zip(a.stateDict().entries, b.stateDict().entries).allSatisfy { $0.tensor.isEqual(to: $1.tensor) }
  }

  private static func views(_ count: Int, mirrored: Bool, _ labels: BoxLabels) -> [View] {
    (0..<count).map { image in
      var geometry = ViewGeometry(originalHeight: 64, originalWidth: 64)
      if mirrored { geometry.mirror() }
      return View(image: image, imageID: image, name: "\(image).jpg", geometry: geometry, labels: labels)
    }
  }

  private static func pixels(_ count: Int, _ index: Int, _ seed: Int) -> Tensor {
    Tensor.normal([count, 3, 64, 64], using: Generator(seed: UInt64(10 * index + seed)))
  }
}
