import Documents
import TestSupport
import Testing

@testable import Backbone
@testable import Detection
@testable import Layers
@testable import Torch

/// How near results must be to torchvision's, by element type.
private struct Tolerance {
  let features: Double
  let scores: Double
  let boxes: Double
  let losses: Double

  init(_ type: ElementType) {
    switch type {
    // One algorithm in the same precision: only rounding differs.
    case .float64: (features, scores, boxes, losses) = (1e-8, 1e-8, 1e-8, 1e-8)
    // float32, unfolded, row-major.
    default: (features, scores, boxes, losses) = (1e-4, 1e-4, 0.02, 1e-3)
    }
  }
}

@Suite("FasterRCNN equals torchvision's detector")
struct FasterRCNNGoldenTests {
  @Test("names, shapes and order of the state dict are torchvision's")
  func names() throws {
    let model = FasterRCNN(FasterRCNNSettings(), classCount: 90, using: Generator(seed: 0))
    #expect(model.stateEntries().count == 295)
    let bare = [
      "backbone.body.conv1.weight", "backbone.fpn.inner_blocks.0.0.weight", "rpn.head.conv.0.0.weight",
      "roi_heads.box_head.fc6.weight", "roi_heads.box_predictor.cls_score.bias",
    ]
    for name in bare { #expect(model.stateDict()[name] != nil, "\(name)") }
    #expect(model.parameterCount + 0 >= 41_000_000)
  }

  @Test("features, proposals and detections on images of different sizes", arguments: [ElementType.float32, .float64])
  func detections(type: ElementType) throws {
    let golden = try Golden(type)
    let tolerance = Tolerance(type)
    let model = try golden.detector()
    model.evaluate()
    model.setNormFolding(false)
    let batch = try golden.batch()
    #expect(try difference(batch.pixels, from: golden.object("batch")) < tolerance.features)
    let features = withoutGradients { model.features(batch) }
    for (feature, expected) in zip(features, try golden.list("features")) {
      #expect(try difference(feature, from: expected) < tolerance.features)
    }
    let proposals = model.rpn.proposals(
      model.rpn.predict(features, images: batch), images: batch, limits: model.settings.proposals.evaluation)
    for (boxes, expected) in zip(proposals, try golden.list("proposals")) {
      #expect(boxes.size(0) == expected["count"]?.int)
    }
    for (index, expected) in try golden.list("detections").enumerated() {
      let size = batch.sizes[index]
      let found = model.detect(batch)[index].scaled(
        x: Double(Float(Golden.sizes[index].width) / Float(size.width)),
        y: Double(Float(Golden.sizes[index].height) / Float(size.height)))
      let scores = try #require(expected["scores"]?.array).compactMap(\.double)
      let labels = try #require(expected["labels"]?.array).compactMap(\.int)
      let boxes = try #require(expected["boxes"]?.array).flatMap { $0.array?.compactMap(\.double) ?? [] }
      #expect(found.count == scores.count)
      #expect(found.labels.integers == labels)
      #expect(zip(found.scores.doubles, scores).allSatisfy { abs($0 - $1) < tolerance.scores })
      #expect(zip(found.boxes.doubles, boxes).allSatisfy { abs($0 - $1) < tolerance.boxes })
    }
  }

  @Test("the four losses and their gradients with the same samples", arguments: [ElementType.float32, .float64])
  func losses(type: ElementType) throws {
    let golden = try Golden(type)
    let tolerance = Tolerance(type)
    let model = try golden.detector()
    model.train()
    model.setNormFolding(false)
    let batch = try golden.batch()
    // torchvision samples anchors of all images, then regions of all images: the order of this detector too.
    let losses = model.losses(
      batch, targets: golden.targets(batch), sampler: RecordedSampler(try golden.list("samples"))
    ).named()
    for (name, value) in losses {
      let expected = try #require(golden.object("losses")[name]?.double)
      #expect(abs(value.scalar - expected) <= tolerance.losses * abs(expected), "\(name)")
    }
    losses.dropFirst().reduce(losses[0].value) { $0 + $1.value }.backward()
    let parameters = Dictionary(
      uniqueKeysWithValues: model.namedParameters().map { ($0.name, $0.parameter.value) })
    let gradients = try #require(golden.object("gradients").object)
    for key in gradients.keys {
      let gradient = try #require(parameters[key]?.gradient, "\(key)")
      let difference = try difference(gradient, from: #require(gradients[key]))
      #expect(difference < tolerance.losses, "\(key)")
    }
    let untrained = try golden.list("untrained").compactMap(\.string)
    for name in untrained { #expect(parameters[name]?.gradient == nil, "\(name)") }
  }

  @Test("folded norms and channels-last maps give the same losses and gradients")
  func folding() throws {
    let golden = try Golden(.float32)
    let model = try golden.detector()
    let batch = try golden.batch()
    func run(_ batch: ImageBatch) throws -> (losses: [Double], gradient: Tensor) {
      model.namedParameters().forEach { $0.parameter.value.gradient = nil }
      let losses = model.losses(
        batch, targets: golden.targets(batch), sampler: RecordedSampler(try golden.list("samples"))
      ).named()
      losses.dropFirst().reduce(losses[0].value) { $0 + $1.value }.backward()
      let name = "backbone.body.layer2.0.conv1.weight"
      let parameter = try #require(model.namedParameters().first { $0.name == name })
      return (losses.map(\.value.scalar), try #require(parameter.parameter.value.gradient))
    }
    model.setNormFolding(false)
    let plain = try run(batch)
    model.setNormFolding(true)
    let folded = try run(ImageBatch(pixels: batch.pixels.channelsLast(), sizes: batch.sizes))
    for (a, b) in zip(plain.losses, folded.losses) { #expect(abs(a - b) < 1e-3 * abs(a)) }
    #expect(((plain.gradient - folded.gradient).norm() / plain.gradient.norm()).scalar < 1e-3)
  }

  @Test("older spellings of names load through one table, which undoes itself")
  func olderNames() {
    let model = FasterRCNN(FasterRCNNSettings(), classCount: 2, using: Generator(seed: 0))
    let current = model.stateDict()
    let older = current.renamed(FasterRCNN.olderNames.reversed)
    #expect(older.names.contains("rpn.head.conv.weight"))
    #expect(older.names.contains("backbone.fpn.inner_blocks.3.bias"))
    #expect(older.renamed(FasterRCNN.olderNames).names == current.names)
  }
}
