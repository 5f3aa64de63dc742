import Documents
import Foundation
import TestSupport
import Testing

@testable import Backbone
@testable import Detection
@testable import Layers
@testable import Torch

/// What mmdetection gave for the detector of `tools/make-goldens/mmdetection_faster_rcnn.py`.
private struct MMDetectionGolden {
  static let sizes = [(height: 243, width: 310), (height: 250, width: 190)]
  let json: JSON
  let elementType: ElementType

  init(_ elementType: ElementType) throws {
    self.elementType = elementType
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/mmdetection_\(elementType.rawValue)", withExtension: "json"))
    json = try JSON(parsing: Array(Data(contentsOf: url)), file: url.lastPathComponent)
  }

  func list(_ key: String) throws -> [JSON] { try #require(json[key]?.array) }

  /// The script's weights, under mmdetection's names and in its rows.
  func state() throws -> StateDict {
    StateDict(
      try list("state").map { entry in
        let name = try #require(entry.array?.first?.string)
        let shape = try #require(entry.array).dropFirst().compactMap(\.int)
        var scale = 1.0
        if name == "backbone.conv1.weight" { scale = 1.0 / 64 }
        if name.hasSuffix("bn3.weight") { scale = 0.2 }
        if name.contains("rpn_reg") || name.contains("fc_reg") { scale = 0.1 }
        return (name, Tensor(DeterministicWeights.elements(name, shape: shape), shape: shape) * scale)
      })
  }

  func detector() throws -> FasterRCNN {
    var settings = FasterRCNNSettings(convention: .mmdetection)
    settings.backbone.style = .caffe
    settings.proposals.sampleCount = 64
    settings.regions.sampleCount = 64
    let model = FasterRCNN(settings, classCount: 4, using: Generator(seed: 1))
    try model.load(MMDetectionWeights.translated(state(), style: .caffe), source: "formula")
    model.move(to: .cpu, elementType: elementType)
    model.setNormFolding(false)
    return model
  }

  /// Pixels less the mean, in RGB; computed in float32 for every type, as mmdetection does.
  var batch: ImageBatch {
    let mean = Tensor([123.675, 116.28, 103.53] as [Float], shape: [3, 1, 1])
    let views = Self.sizes.indices.map { index in
      let (height, width) = Self.sizes[index]
      let bytes = Tensor(Golden.pixels(index, of: Self.sizes[index]), shape: [height, width, 3]).permuted(2, 0, 1)
      return (bytes.to(.float32) - mean).unsqueezed(0).padded([0, 320 - width, 0, 256 - height])
    }
    return ImageBatch(pixels: concatenate(views).to(elementType), sizes: Self.sizes)
  }

  var targets: [DetectionTarget] {
    let boxes: [[Double]] = [
      [10, 12, 100, 130, 30, 20, 120, 140, 5, 5, 300, 238, 200, 150, 206, 156], [20, 30, 70, 200],
    ]
    return zip(boxes, [[1, 2, 4, 3], [3]]).map { boxes, labels in
      DetectionTarget(boxes: Tensor(boxes, shape: [labels.count, 4]).to(elementType), labels: Tensor(labels))
    }
  }
}

/// How near results must be to mmdetection's. Its anchors and its loss's divisor (plus 10⁻⁷) are float32 in any model.
private struct Tolerance {
  let features: Double
  let scores: Double
  let boxes: Double
  let losses: Double

  init(_ type: ElementType) {
    switch type {
    case .float64: (features, scores, boxes, losses) = (1e-8, 1e-7, 1e-4, 1e-6)
    // Rounding of float32 through fifty layers, in another order.
    default: (features, scores, boxes, losses) = (1e-4, 1e-4, 1e-3, 1e-3)
    }
  }
}

@Suite("FasterRCNN in mmdetection's convention equals mmdetection's detector")
struct MMDetectionGoldenTests {
  @Test("features, proposals and detections of images of different sizes", arguments: [ElementType.float32, .float64])
  func detections(type: ElementType) throws {
    let golden = try MMDetectionGolden(type)
    let tolerance = Tolerance(type)
    let model = try golden.detector()
    model.evaluate()
    let batch = golden.batch
    let blueFirst = batch.pixels.gathered(Tensor([2, 1, 0]), axis: 1)
    #expect(try difference(blueFirst, from: #require(golden.json["batch"])) < tolerance.features)
    let features = withoutGradients { model.features(batch) }
    for (feature, expected) in zip(features, try golden.list("features")) {
      #expect(try difference(feature, from: expected) < tolerance.features)
    }
    let proposals = model.rpn.proposals(
      model.rpn.predict(features, images: batch), images: batch, limits: model.settings.proposals.evaluation)
    for (boxes, expected) in zip(proposals, try golden.list("proposals")) {
      #expect(boxes.size(0) == expected["count"]?.int)
    }
    for (found, expected) in zip(model.detect(batch), try golden.list("detections")) {
      let scores = try #require(expected["scores"]?.array).compactMap(\.double)
      let labels = try #require(expected["labels"]?.array).compactMap(\.int)
      let boxes = try #require(expected["boxes"]?.array).flatMap { $0.array?.compactMap(\.double) ?? [] }
      #expect(found.count == scores.count && found.count > 20)
      #expect(found.labels.integers == labels.map { $0 + 1 })
      let scoreDistance = zip(found.scores.doubles, scores).map { abs($0 - $1) }.max() ?? 0
      let boxDistance = zip(found.boxes.doubles, boxes).map { abs($0 - $1) }.max() ?? 0
      #expect(scoreDistance < tolerance.scores)
      #expect(boxDistance < tolerance.boxes)
    }
  }

  @Test("anchors are matched as there: nearest ones, and those in the padding of a larger image")
  func matches() throws {
    let golden = try MMDetectionGolden(.float64)
    let model = try golden.detector()
    let batch = golden.batch
    let prediction = model.rpn.predict(withoutGradients { model.features(batch) }, images: batch)
    for (image, expected) in try golden.list("matches").enumerated() {
      let found = model.rpn.matches(
        prediction.anchors.all, truth: golden.targets[image].boxes, image: image, of: prediction)
      let objects = (found .>= 0).trueIndices()
      #expect(objects.integers == expected["objects"]?.array?.compactMap(\.int))
      #expect(found.gathered(objects).integers == expected["truth"]?.array?.compactMap(\.int))
      #expect((found .== Matcher.background).trueIndices().count == expected["background"]?.int)
    }
  }

  @Test("the four losses and their gradients with the same samples", arguments: [ElementType.float32, .float64])
  func losses(type: ElementType) throws {
    let golden = try MMDetectionGolden(type)
    let tolerance = Tolerance(type)
    let model = try golden.detector()
    model.train()
    let names = [
      "loss_classifier": "loss_cls", "loss_box_reg": "loss_bbox", "loss_objectness": "loss_rpn_cls",
      "loss_rpn_box_reg": "loss_rpn_bbox",
    ]
    let losses = model.losses(
      golden.batch, targets: golden.targets, sampler: RecordedSampler(try golden.list("samples"))
    ).named()
    for (name, value) in losses {
      let expected = try #require(golden.json["losses"]?[names[name] ?? ""]?.double)
      #expect(abs(value.scalar - expected) <= tolerance.losses * abs(expected), "\(name)")
    }
    losses.dropFirst().reduce(losses[0].value) { $0 + $1.value }.backward()
    let parameters = Dictionary(
      uniqueKeysWithValues: model.namedParameters().map { ($0.name, $0.parameter.value) })
    let gradients = try #require(golden.json["gradients"]?.object)
    for key in gradients.keys {
      let gradient = try #require(parameters[MMDetectionWeights.names.renamed(key)]?.gradient, "\(key)")
      let distance = try difference(gradient, from: #require(gradients[key]))
      #expect(distance < 10 * tolerance.losses, "\(key)")
    }
    for name in try golden.list("untrained").compactMap(\.string) where !name.contains("bn") {
      #expect(parameters[MMDetectionWeights.names.renamed(name)]?.gradient == nil, "\(name)")
    }
  }
}
