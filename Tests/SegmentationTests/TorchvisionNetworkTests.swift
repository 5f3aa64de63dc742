import Layers
import TestSupport
import Testing
import Torch

@testable import Segmentation

@Suite("Segmentation networks equal torchvision's") struct TorchvisionNetworkTests {
  static let kinds: [(SegmentationNetworkKind, String)] = [
    (.deeplabv3, "deeplabv3_resnet50"), (.fcn, "fcn_resnet50"),
  ]

  static func make(_ kind: SegmentationNetworkKind, classes: Int = 5) -> SegmentationNetwork {
    var settings = SegmentationNetworkSettings(kind: kind)
    (settings.dropout, settings.pyramidDropout, settings.auxiliaryDropout) = (0, 0, 0)
    return settings.make(classCount: classes, using: Generator(seed: 1))
  }

  @Test("names, shapes and their order are torchvision's", arguments: kinds)
  func names(kind: SegmentationNetworkKind, golden: String) throws {
    let wanted = try Golden.names(golden)
    #expect(Golden.names(of: Self.make(kind)) == wanted)
    if kind == .deeplabv3 { #expect(wanted.count == 370) }
  }

  @Test("logits of both heads are torchvision's", arguments: kinds)
  func logits(kind: SegmentationNetworkKind, golden: String) throws {
    let model = Self.make(kind)
    try Golden.fill(model)
    model.evaluate()
    for (type, tolerance) in [(ElementType.float32, Golden.float), (.float64, Golden.double)] {
      model.move(to: .cpu, elementType: type)
      let images = Golden.images.to(type)
      Golden.expect(model.logits(of: images), equals: golden + ".logits", tolerance: tolerance)
      let features = withoutGradients { model.features(images) }
      let auxiliary = try #require(withoutGradients { model.auxiliaryLogits(features) })
      Golden.expect(
        model.upsampled(auxiliary, height: 65, width: 97), equals: golden + ".auxiliary", tolerance: tolerance)
    }
  }

  @Test("in training, logits, loss and gradients of both heads are torchvision's")
  func training() throws {
    let model = Self.make(.deeplabv3)
    try Golden.fill(model)
    model.move(to: .cpu, elementType: .float64)
    let images = Golden.images.to(.float64)
    let output = model(images)
    Golden.expect(output.logits, equals: "deeplabv3_resnet50.trained.logits", tolerance: Golden.double)
    let targets = Tensor((0..<2 * 65 * 97).map { $0 * 7 % 5 }, shape: [2, 65, 97])
    let auxiliary = try #require(output.auxiliary)
    let loss = output.logits.crossEntropy(targets) + auxiliary.crossEntropy(targets) * 0.5
    Golden.expect(loss.reshaped(1), equals: "deeplabv3_resnet50.trained.loss", tolerance: Golden.double)
    loss.backward()
    let prefix = "deeplabv3_resnet50.trained.gradient."
    let parameters = Dictionary(uniqueKeysWithValues: model.namedParameters().map { ($0.name, $0.parameter.value) })
    for name in [
      "backbone.layer3.0.conv2.weight", "classifier.0.convs.2.0.weight", "classifier.4.bias", "aux_classifier.0.weight",
    ] {
      Golden.expect(try #require(parameters[name]?.gradient), equals: prefix + name, tolerance: Golden.double)
    }
  }
}
