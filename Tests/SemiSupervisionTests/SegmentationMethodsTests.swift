import Annotations
import Documents
import Imaging
import Layers
import Segmentation
import TestSupport
import Testing
import Torch
@testable import Training

@testable import Samples
@testable import SemiSupervision

/// What the methods of `seg-train` learn of a batch.
@Suite struct SegmentationMethodsTests {
  private func loss() throws -> PixelLoss {
    try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu)
  }

  private func method<Settings: SegmentationMethodSettings>(
    _ settings: Settings, _ network: SegmentationNetwork
  ) throws -> any TrainingMethod<SampleBatch> {
    settings.makeMethod(
      network, loss: try loss(), optimizer: OptimizerSettings(), length: TinySegmentation.length)
  }

  private func gradients(_ network: SegmentationNetwork) -> [Tensor?] {
    network.namedParameters().map { $0.parameter.value.gradient }
  }

  @Test("a weight of 1 is the plain mean over the pixels of both kinds, as released")
  func jointMean() throws {
    let network = TinySegmentation.network()
    let batch = TinySegmentation.batch(2, labeled: 1, unlabeled: 3)
    let joint = try method(ST.Settings(), network).losses(for: batch, at: TinySegmentation.step(0))
    let images = concatenate([batch.labeledWeak[0].images, batch.unlabeledStrong[0].images])
    let labels = concatenate([try #require(batch.labeledWeak[0].labels), try #require(batch.unlabeledStrong[0].labels)])
    let wanted = try loss()(TinySegmentation.network()(images).logits, labels).scalar
    #expect(abs(joint.total.scalar - wanted) < 1e-5)
    #expect(joint.terms.map(\.name) == ["loss_segmentation", "unlabeled_segmentation"])
  }

  @Test(
    "without weight of the unlabelled images the loss and its gradient are the supervised ones, batch norms included")
  func noWeight() throws {
    var settings = ST.Settings()
    settings.unlabeledWeight = 0
    let (own, other) = (TinySegmentation.network(), TinySegmentation.network())
    let batch = TinySegmentation.batch(3)
    let left = try method(settings, own).losses(for: batch, at: TinySegmentation.step(4))
    let right = try method(SupervisedSegmentation.Settings(), other).losses(for: batch, at: TinySegmentation.step(4))
    left.total.backward()
    right.total.backward()
    #expect(left.total.isEqual(to: right.total))
    for (a, b) in zip(gradients(own), gradients(other)) { #expect(try #require(a).isEqual(to: try #require(b))) }
    for (a, b) in zip(own.stateEntries(), other.stateEntries()) { #expect(a.tensor.isEqual(to: b.tensor), "\(a.name)") }
  }

  @Test("half the weight moves the mean towards the labelled pixels by the pixels' numbers")
  func halfWeight() throws {
    var settings = ST.Settings()
    settings.unlabeledWeight = 0.5
    let batch = TinySegmentation.batch(4)
    let losses = try method(settings, TinySegmentation.network()).losses(for: batch, at: TinySegmentation.step(0))
    let images = concatenate([batch.labeledWeak[0].images, batch.unlabeledStrong[0].images])
    let logits = TinySegmentation.network()(images).logits
    func part(_ from: Int, _ labels: Tensor?) throws -> (loss: Double, count: Double) {
      let labels = try #require(labels)
      return (
        try loss()(logits.sliced(axis: 0, from: from, to: from + 2), labels).scalar,
        (labels .!= 255).to(.float32).sum().scalar
      )
    }
    let (own, given) = (try part(0, batch.labeledWeak[0].labels), try part(2, batch.unlabeledStrong[0].labels))
    let wanted = (own.loss * own.count + 0.5 * given.loss * given.count) / (own.count + 0.5 * given.count)
    #expect(abs(losses.total.scalar - wanted) < 1e-5)
  }

  @Test("plain self-training asks for weak views of unlabelled images, ST for strong ones")
  func views() {
    #expect(PlainSelfTraining.Settings().views.unlabeled == .init(images: 8, weak: 1))
    #expect(ST.Settings().views.unlabeled == .init(images: 8, strong: 1))
    #expect(STPlusPlus.Settings().views == ST.Settings().views)
  }

  @Test("with a memory the average is judged first, and follows")
  func average() throws {
    var settings = ST.Settings()
    settings.memoryImages = 8
    let network = TinySegmentation.network()
    let method = try method(settings, network)
    #expect(method.predictors.map(\.name) == ["average", "student"])
    let before = try #require(method.predictors[0].predictor as? SegmentationNetwork).stateDict().entries.map {
      $0.tensor.copied()
    }
    method.losses(for: TinySegmentation.batch(1), at: TinySegmentation.step(0)).total.backward()
    method.trainedModels[0].optimizer.step(learningRate: 0.1)
    method.modelsDidUpdate(at: TinySegmentation.step(0))
    let after = try #require(method.predictors[0].predictor as? SegmentationNetwork).stateDict().entries.map(\.tensor)
    #expect(zip(before, after).contains { !$0.isEqual(to: $1) })
  }

  @Test("a table of pseudo-masks is read back, names masks by images, and gives them to the images of a pool")
  func pseudoMasks() throws {
    let scratch = try ScratchFolder()
    let classes = ClassTable(names: ["a", "b"])
    var folder = try PseudoMaskFolder(scratch.path)
    try Folder.create(Path.join(scratch.path, "masks"))
    let images = ["x/1.jpg", "y/1.jpg", "2.png"].enumerated().map {
      PooledImage(path: "/images/\($0.element)", name: $0.element, id: $0.offset + 1)
    }
    var labels = Image(height: 2, width: 5, channels: 1, fill: 1)
    for x in 0..<5 { labels[1, x, 0] = ClassTable.ignored }
    for image in images { try folder.add(labels, of: image, confidence: 0.75, classes: classes) }
    try folder.save(complete: false, head: JSONObject())
    #expect(try !PseudoMaskFolder(scratch.path).isComplete)
    try folder.save(complete: true, head: JSONObject([("by", "stage-1")]))
    let again = try PseudoMaskFolder(scratch.path)
    #expect(again.isComplete && again.entries == folder.entries)
    #expect(again.entries.map(\.mask) == ["masks/x_1.png", "masks/y_1.png", "masks/2.png"])
    #expect(again.entries.allSatisfy { $0.learnt == 0.5 && $0.confidence == 0.75 })
    let others = images + [PooledImage(path: "/images/3.png", name: "3.png", id: 4)]
    let pool = again.labeled(ImagePool(name: "unlabeled", images: others))
    #expect(pool.images.map(\.name) == ["x/1.jpg", "y/1.jpg", "2.png"])
    let first = try #require(pool.images[0].masked(height: 2, width: 5))
    #expect(try LabelMapReader(classes.renumbered).labels(of: first, height: 2, width: 5) == labels)
  }

  @Test("a table that is damaged is refused with the place")
  func damagedTable() throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write(
      #"{"complete": true, "images": [{"image": "a", "mask": "../a.png"}]}"#, to: "pseudo-masks.json")
    let message = errorMessage { _ = try PseudoMaskFolder(scratch.path) }
    #expect(message?.hasPrefix(file) == true && message?.contains("images[0]") == true, "\(message ?? "")")
  }
}
