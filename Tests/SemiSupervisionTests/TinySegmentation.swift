import Annotations
import Documents
import Layers
import Segmentation
import Torch
import Training
import Views

@testable import Samples
@testable import SemiSupervision

/// Batches of noise with labels for their pixels, and a network of a few layers, for methods that train segmenters.
enum TinySegmentation {
  static let classCount = 3

  /// The lightest network of a kind, with dropout where a test wants it.
  static func network(
    _ kind: SegmentationNetworkKind = .fcnLight, seed: UInt64 = 1, dropout: Double = 0
  ) -> SegmentationNetwork {
    var settings = SegmentationNetworkSettings(kind: kind)
    settings.width = 8
    if kind == .fcn { settings.backbone.kind = .resnet18 }
    settings.dropout = dropout
    return settings.make(classCount: classCount, using: Generator(seed: seed))
  }

  /// Labelled images in weak views, unlabelled ones in weak and strong views; with label maps where `isLabeled`.
  static func batch(_ index: Int, labeled: Int = 2, unlabeled: Int = 2, isLabeled: Bool = true) -> SampleBatch {
    SampleBatch(
      labeledWeak: [views(labeled, UInt64(10 * index + 1), isLabeled: true)], labeledStrong: [],
      unlabeledWeak: [views(unlabeled, UInt64(10 * index + 2), isLabeled: isLabeled)],
      unlabeledStrong: [views(unlabeled, UInt64(10 * index + 3), isLabeled: isLabeled)])
  }

  /// All the views that a method asks for.
  static func batch(_ index: Int, for request: ViewRequest, isLabeled: Bool = true) -> SampleBatch {
    func batches(_ count: Int, _ images: Int, _ stream: Int, isLabeled: Bool) -> [ViewBatch] {
      (0..<count).map { views(images, UInt64(100 * index + 10 * stream + $0), isLabeled: isLabeled) }
    }
    return SampleBatch(
      labeledWeak: batches(request.labeled.weak, 2, 1, isLabeled: true),
      labeledStrong: batches(request.labeled.strong, 2, 2, isLabeled: true),
      unlabeledWeak: batches(request.unlabeled.weak, 2, 3, isLabeled: isLabeled),
      unlabeledStrong: batches(request.unlabeled.strong, 2, 4, isLabeled: isLabeled))
  }

  /// The step that a batch belongs to.
  static func step(_ index: Int) -> Step { Step(index: index, stepsPerEpoch: 4, imagesPerStep: 4, seed: 7) }

  /// The length of a run of such steps.
  static let length = RunLength(steps: 10, recipeSteps: 10, imagesPerStep: 4)

  /// A fifth of the pixels is nobody's.
  private static func views(_ count: Int, _ seed: UInt64, isLabeled: Bool) -> ViewBatch {
    let generator = Generator(seed: seed)
    let images = Tensor.normal([count, 3, 32, 32], using: generator)
    let draws = Tensor.uniform([count, 32, 32], using: generator)
    let isIgnored: Tensor = draws .> 0.8
    let labels = (draws * (Double(classCount) / 0.8)).floor().to(.int64).filled(
      Double(View.ignoredLabel), where: isIgnored)
    let plain = (0..<count).map { image in
      View(
        image: image, imageID: image, name: "\(image).jpg",
        geometry: ViewGeometry(originalHeight: 32, originalWidth: 32), labels: BoxLabels())
    }
    return ViewBatch(images: images, views: plain, labels: isLabeled ? labels : nil, validity: !isIgnored)
  }
}

/// Such batches by their number, which is all the state there is.
final class TinyBatches: BatchSource {
  private var position = 0
  let imagesPerStep = 2
  let stepsPerEpoch = 4
  let skippedImages: [SkippedImage] = []
  func next() -> SampleBatch {
    position += 1
    return TinySegmentation.batch(position, labeled: 1, unlabeled: 1, isLabeled: false)
  }
  func imageNames(of batch: SampleBatch) -> [String] { batch.imageNames }
  var state: JSON { ["position": JSON(position)] }
  func restore(_ state: JSON) { position = state["position"]?.int ?? 0 }
  func shard(_ index: Int, of count: Int) -> Self { self }
}

extension SampleBatch {
  /// The same images, labels and validity on a device.
  func moved(to device: Device) -> SampleBatch {
    func moved(_ batches: [ViewBatch]) -> [ViewBatch] {
      batches.map { batch in
        ViewBatch(
          images: batch.images.to(device), views: batch.views, labels: batch.labels?.to(device),
          validity: batch.validity?.to(device))
      }
    }
    return SampleBatch(
      labeledWeak: moved(labeledWeak), labeledStrong: moved(labeledStrong), unlabeledWeak: moved(unlabeledWeak),
      unlabeledStrong: moved(unlabeledStrong))
  }
}
