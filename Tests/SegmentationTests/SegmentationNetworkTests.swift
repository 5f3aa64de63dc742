import Backbone
import Layers
import TestSupport
import Testing
import Torch

@testable import Segmentation

/// Networks that are small enough for a test: on a ResNet-18, with narrow layers.
func smallNetwork(
  _ kind: SegmentationNetworkKind, classes: Int = 3, _ change: (inout SegmentationNetworkSettings) -> Void = { _ in }
) -> SegmentationNetwork {
  var settings = SegmentationNetworkSettings(kind: kind)
  if settings.backbone.kind.isResNet { settings.backbone.kind = .resnet18 }
  (settings.width, settings.lowLevelWidth, settings.decoderWidth, settings.auxiliaryWidth) = (16, 8, 12, 10)
  change(&settings)
  return settings.make(classCount: classes, using: Generator(seed: 1))
}

@Suite("SegmentationNetwork") struct SegmentationNetworkTests {
  @Test(
    "logits have the image's size, of odd sizes too, at any output stride", arguments: SegmentationNetworkKind.allCases)
  func sizes(kind: SegmentationNetworkKind) {
    for outputStride in SegmentationNetworkSettings(kind: kind).backbone.kind.isMixTransformer ? [32] : [8, 16, 32] {
      let model = smallNetwork(kind) {
        $0.backbone.outputStride = outputStride
        $0.auxiliaryWeight = 0.4
      }
      let images = Golden.values("odd", [2, 3, 65, 49])
      let output = model(images, dropoutFrom: Generator(seed: 1))
      #expect(output.logits.shape == [2, 3, 65, 49] && output.logits.elementType == .float32)
      #expect(output.auxiliary?.shape == [2, 3, 65, 49])
      model.evaluate()
      let stride = kind.maps == .last ? model.settings.backbone.coarsestStride : 4
      #expect(model.decode(model.features(images)).shape == [2, 3, (64 + stride) / stride, (48 + stride) / stride])
      #expect(model(images).auxiliary == nil)
      let logits = withoutGradients { model(images).logits }
      #expect(model.logits(of: images).isEqual(to: logits))
      #expect(!model.logits(of: images).requiresGradient && model(images).logits.requiresGradient)
    }
  }

  @Test("every trained parameter gets a gradient from both heads", arguments: SegmentationNetworkKind.allCases)
  func gradients(kind: SegmentationNetworkKind) throws {
    let model = smallNetwork(kind) { $0.auxiliaryWeight = 0.4 }
    let output = model(Golden.values("images", [2, 3, 64, 64]), dropoutFrom: Generator(seed: 1))
    let weights = Golden.values("weights", output.logits.shape)
    ((output.logits * weights).mean() + (try #require(output.auxiliary) * weights).mean()).backward()
    let without = model.namedParameters().filter { $0.parameter.value.gradient == nil }.map(\.name)
    #expect(without.isEmpty, "\(without)")
    let parts = model.parametersByPart()
    #expect(parts.backbone.allSatisfy { $0.name.hasPrefix("backbone.") })
    #expect(parts.head.allSatisfy { $0.name.hasPrefix("classifier.") || $0.name.hasPrefix("aux_classifier.") })
    #expect(parts.backbone.count + parts.head.count == model.namedParameters().count && !parts.head.isEmpty)
  }

  @Test("parameters are as many as published")
  func counts() {
    func count(_ kind: SegmentationNetworkKind, _ backbone: BackboneKind, _ stem: ExtractorForm.Stem = .plain) -> Int {
      var settings = SegmentationNetworkSettings(kind: kind)
      settings.backbone.kind = backbone
      settings.backbone.stem = stem
      return settings.make(classCount: 21, using: Generator(seed: 1)).parameterCount
    }
    // torchvision's documented numbers, with the auxiliary head.
    #expect(count(.deeplabv3, .resnet50) == 42_004_074)
    #expect(count(.deeplabv3, .resnet101) == 60_996_202)
    #expect(count(.fcn, .resnet50) == 35_322_218)
    // UniMatch's logs say 59.5 M, of its deep stem.
    #expect((Double(count(.deeplabv3plus, .resnet101, .deep)) / 1e5).rounded() == 595)
    // He et al.'s body and four convolutions of 3 × 3 × 2048 × 21 with biases.
    #expect(count(.deeplabv2, .resnet101) == 42_500_160 + 4 * (9 * 2048 * 21 + 21))
    #expect(count(.deeplabv3plusLight, .efficientnetLite0) < 1_000_000)
  }

  @Test("one image is too few to train on where a map is pooled to one element, which the network says")
  func smallestBatch() async {
    #expect(smallNetwork(.deeplabv3plus).smallestTrainingBatch == 2)
    #expect(smallNetwork(.segformerB0).smallestTrainingBatch == 1)
    #expect(smallNetwork(.pspnet).smallestTrainingBatch == 2 && smallNetwork(.deeplabv3).smallestTrainingBatch == 2)
    let single = smallNetwork(.fcn) { ($0.dropout, $0.auxiliaryWeight) = (0, 0) }
    #expect(single.smallestTrainingBatch == 1 && smallNetwork(.deeplabv2).smallestTrainingBatch == 1)
    #expect(single(Golden.values("images", [1, 3, 64, 64])).logits.isFinite().isAllTrue)
    await #expect(processExitsWith: .failure) {
      _ = smallNetwork(.deeplabv3plus)(Golden.values("images", [1, 3, 64, 64]))
    }
  }

  @Test("features decoded apart are the whole, and changed ones give others")
  func parts() {
    let model = smallNetwork(.deeplabv3plus)
    model.evaluate()
    let images = Golden.values("images", [1, 3, 64, 64])
    let features = model.features(images)
    #expect(features.map { $0.size(1) } == [64, 512] && model.backbone.strides == [4, 16])
    let whole = model(images).logits
    #expect(model.output(features, height: 64, width: 64).logits.isEqual(to: whole))
    for index in features.indices {
      var changed = features
      changed[index] = changed[index] * 0.5
      #expect(!model.output(changed, height: 64, width: 64).logits.isEqual(to: whole))
    }
  }

  @Test(
    "dropout depends on the generator alone, and is not there in evaluation",
    arguments: [
      SegmentationNetworkKind.deeplabv3, .deeplabv3plus, .pspnet, .fcn, .segformerB0,
    ])
  func dropout(kind: SegmentationNetworkKind) {
    let model = smallNetwork(kind) {
      $0.pyramidDropout = kind == .deeplabv3 || kind == .deeplabv3plus ? 0.5 : 0
      if kind != .deeplabv3 { $0.dropout = 0.1 }
      if $0.backbone.kind.isResNet { $0.backbone.norm = .frozen }
    }
    let images = Golden.values("images", [2, 3, 48, 48])
    func logits(_ seed: UInt64) -> Tensor { model(images, dropoutFrom: Generator(seed: seed)).logits }
    #expect(logits(1).isEqual(to: logits(1)))
    #expect(!logits(1).isEqual(to: logits(2)))
    model.evaluate()
    #expect(logits(1).isEqual(to: logits(2)) && model(images).logits.isEqual(to: logits(1)))
  }

  @Test("drop path begins as the settings say, may change between passes, and is not there in evaluation or at 0")
  func dropPath() {
    let images = Golden.values("images", [2, 3, 48, 48])
    let plain = smallNetwork(.pspnet) { ($0.dropout, $0.backbone.norm) = (0, .frozen) }
    let model = smallNetwork(.pspnet) {
      ($0.dropout, $0.backbone.norm) = (0, .frozen)
      $0.backbone.dropPath = 0.8
    }
    func logits(_ model: SegmentationNetwork, _ seed: UInt64) -> Tensor {
      withoutGradients { model(images, dropoutFrom: Generator(seed: seed)).logits }
    }
    #expect(plain.dropPath == 0 && model.dropPath == 0.8 && model.summary.contains(", drop path 0.8,"))
    #expect(plain.stateDict().names == model.stateDict().names)
    let without = logits(plain, 1)
    #expect(logits(model, 1).isEqual(to: logits(model, 1)))
    #expect(!logits(model, 1).isEqual(to: logits(model, 2)) && !logits(model, 1).isEqual(to: without))
    let features = model.withDropout(from: Generator(seed: 1)) { model.features(images) }
    #expect(withoutGradients { model.output(features, height: 48, width: 48).logits }.isEqual(to: logits(model, 1)))
    model.dropPath = 0
    #expect(logits(model, 1).isEqual(to: without))
    plain.dropPath = 0.8
    model.dropPath = 0.8
    #expect(logits(plain, 1).isEqual(to: logits(model, 1)))
    model.evaluate()
    let evaluated = model.logits(of: images)
    model.dropPath = 0
    #expect(model.logits(of: images).isEqual(to: evaluated))
  }

  @Test(
    "in bfloat16 logits are float32 and near those of float32, and gradients flow",
    .enabled(if: Device.cpu.computesBFloat16, "this processor's libtorch does not convolve in bfloat16"),
    arguments: [
      SegmentationNetworkKind.deeplabv3plus, .deeplabv3plusLight, .pspnet, .deeplabv2, .deeplabv3, .fcn, .segformerB0,
    ])
  func bfloat16(kind: SegmentationNetworkKind) throws {
    let model = smallNetwork(kind) {
      ($0.dropout, $0.pyramidDropout, $0.auxiliaryDropout, $0.backbone.dropPath) = (0, 0, 0, 0)
    }
    let images = Golden.values("images", [2, 3, 64, 64]).channelsLast()
    // In evaluation: norms over the few elements of a small map would magnify what 16 bits lose.
    model.evaluate()
    let wide = model(images).logits
    model.computeType = .bfloat16
    let off = ((model(images).logits - wide).norm() / wide.norm()).scalar
    #expect(off > 0 && off < 0.1, "off by \(off)")
    #expect(
      model.logits(of: images).isEqual(
        to: withoutGradients { () -> Tensor in
          model.computeType = nil
          return model(images).logits
        }))
    model.computeType = .bfloat16
    model.train()
    let narrow = model(images)
    #expect(narrow.logits.elementType == .float32)
    narrow.logits.abs().mean().backward()
    let first = try #require(model.namedParameters().first?.parameter.value.gradient)
    #expect(first.elementType == .float32 && first.abs().sum().scalar > 0)
  }

  @Test("corners are mapped onto corners where the settings say so, and nowhere else", arguments: [true, false])
  func corners(aligned: Bool) {
    let model = smallNetwork(.deeplabv2) { $0.alignCorners = aligned }
    let own = Golden.values("own", [1, 3, 4, 5])
    let large = model.upsampled(own, height: 31, width: 41)
    func corner(_ map: Tensor) -> [Float] { map.sliced(axis: 2, from: -1).sliced(axis: 3, from: -1).floats }
    #expect(corner(large) == corner(own))
    // 31 = 10 · 3 + 1 and 41 = 10 · 4 + 1: with corners aligned every tenth element is one of the map.
    let tenth = large.sliced(axis: 2, step: 10).sliced(axis: 3, step: 10)
    #expect((Golden.difference(tenth, own) < 1e-5) == aligned)
  }

  @Test("decoders start as their sources say")
  func initialization() throws {
    func weight(_ initialization: HeadInitialization, _ kind: SegmentationNetworkKind, _ name: String) throws -> Tensor
    {
      let model = smallNetwork(kind) {
        $0.initialization = initialization
        $0.width = 64
      }
      return try #require(model.stateDict()[name])
    }
    let name = "classifier.pyramid.convs.1.0.weight"
    let fanIn = 512.0 * 9
    let uniform = try weight(.uniform, .deeplabv3plus, name)
    #expect(
      uniform.abs().max().scalar <= 1 / fanIn.squareRoot() && uniform.abs().max().scalar > 0.99 / fanIn.squareRoot())
    func deviation(_ tensor: Tensor) -> Double { (tensor * tensor).mean().scalar.squareRoot() }
    let normal = deviation(try weight(.kaimingNormal, .deeplabv3plus, name))
    #expect(abs(normal / (2 / fanIn).squareRoot() - 1) < 0.01)
    #expect(SegmentationNetworkSettings(kind: .deeplabv2).initialization == .smallNormal)
    let small = deviation(try weight(.smallNormal, .deeplabv2, "classifier.branches.0.weight"))
    #expect(abs(small / 0.01 - 1) < 0.01)
  }

  @Test("a separable decoder has a convolution a channel and one across in place of each 3 × 3")
  func separable() throws {
    let plain = smallNetwork(.deeplabv3plus)
    let split = smallNetwork(.deeplabv3plus) { $0.separable = true }
    let state = split.stateDict()
    #expect(state["classifier.pyramid.convs.2.depthwise.0.weight"]?.shape == [512, 1, 3, 3])
    #expect(state["classifier.pyramid.convs.2.pointwise.0.weight"]?.shape == [16, 512, 1, 1])
    #expect(state["classifier.fuse.1.depthwise.0.weight"]?.shape == [12, 1, 3, 3])
    #expect(split.parameterCount < plain.parameterCount)
    #expect(!state.names.contains { $0.hasPrefix("classifier.") && $0.hasSuffix("fuse.0.0.weight") })
  }

  @Test("the summary says what decides the figures")
  func summary() {
    let model = smallNetwork(.deeplabv3plus) {
      $0.backbone.outputStride = 8
      $0.auxiliaryWeight = 0.4
    }
    #expect(
      model.summary
        == "deeplabv3plus on resnet18, output stride 8, rates 12/24/36, auxiliary head 0.4, batch norms trained, "
        + "align_corners true, \((Double(model.parameterCount) / 1e5).rounded() / 10) M parameters")
    let fixed = smallNetwork(.pspnet) {
      $0.backbone.norm = .frozen
      $0.backbone.frozenStages = 2
    }
    #expect(
      fixed.summary.contains("bins 1/2/3/6, batch norms fixed in the backbone, 2 frozen stages, align_corners true"))
  }
}
