import Layers
import TestSupport
import Testing
import Torch

@testable import Backbone

@Suite("ResNet") struct ResNetTests {
  @Test("names, shapes and their order are torchvision's", arguments: ResNet.Depth.allCases)
  func names(depth: ResNet.Depth) throws {
    let model = ResNet(depth, norm: NormOptions(mode: .trained), classes: 1000, using: Generator(seed: 1))
    let wanted = try Golden.names("resnet\(depth.rawValue)")
    #expect(Golden.names(of: model) == wanted)
  }

  @Test("with frozen norms, maps, gradients and logits are torchvision's", arguments: ResNet.Depth.allCases)
  func frozen(depth: ResNet.Depth) throws {
    let model = ResNet(depth, classes: 1000, using: Generator(seed: 1))
    try Golden.fill(model)
    try Golden.expectRun(model, equals: "resnet\(depth.rawValue).frozen")
    Golden.expect(
      model.logits(Golden.images.to(.float64)), equals: "resnet\(depth.rawValue).logits", tolerance: Golden.double)
  }

  @Test("with trained norms, maps, gradients and running statistics are torchvision's")
  func trained() throws {
    let model = ResNet(.depth18, norm: NormOptions(mode: .trained), using: Generator(seed: 1))
    try Golden.fill(model)
    try Golden.expectRun(model, equals: "resnet18.trained", floatTolerance: Golden.floatNormalised)
    let state = model.stateDict()
    for name in ["bn1.running_mean", "bn1.running_var", "layer4.1.bn2.running_var"] {
      Golden.expect(try #require(state[name]), equals: "resnet18.trained." + name, tolerance: Golden.double)
    }
    #expect(state["bn1.num_batches_tracked"]?.integers == [1])
  }

  @Test("strides and channels describe the maps, of odd sizes too", arguments: [[4, 8, 16, 32], [8, 16], [32]])
  func selection(strides: [Int]) {
    let model = ResNet(.depth18, strides: strides, using: Generator(seed: 1))
    let maps = withoutGradients { model(.ones([1, 3, 50, 33])) }
    #expect(model.strides == strides)
    #expect(maps.map(\.shape) == zip(strides, model.channels).map { [1, $1, (49 + $0) / $0, (32 + $0) / $0] })
  }

  @Test("frozen stages are not trained, and nothing is recorded for them", arguments: 0...5)
  func freezing(stages: Int) {
    let model = ResNet(.depth18, norm: NormOptions(mode: .trained), frozenStages: stages, using: Generator(seed: 1))
    let parts = ["", "layer1.", "layer2.", "layer3.", "layer4."]
    for (index, part) in parts.enumerated() {
      let inside = model.namedParameters().filter {
        part.isEmpty ? !$0.name.hasPrefix("layer") : $0.name.hasPrefix(part)
      }
      #expect(!inside.isEmpty)
      #expect(inside.allSatisfy { $0.parameter.isTrained == (stages <= index) })
    }
    let maps = model(.ones([2, 3, 32, 32]))
    #expect(maps.map(\.requiresGradient) == (0..<4).map { stages < $0 + 2 })
  }

  @Test("dilated, maps and gradients are torchvision's", arguments: [8, 16])
  func dilatedGolden(outputStride: Int) throws {
    let model = ResNet(.depth50, form: ExtractorForm(outputStride: outputStride), using: Generator(seed: 1))
    try Golden.fill(model)
    try Golden.expectRun(model, equals: "resnet50.stride\(outputStride)")
  }

  @Test(
    "a dilated network has the coarse one's elements among its own, of odd sizes too",
    arguments: [ResNet.Depth.depth18, .depth50], BackboneStyle.allCases)
  func dilation(depth: ResNet.Depth, style: BackboneStyle) throws {
    func maps(_ form: ExtractorForm) throws -> (model: ResNet, maps: [Tensor]) {
      let model = ResNet(depth, form: form, style: style, using: Generator(seed: 1))
      try Golden.fill(model)
      return (model, withoutGradients { model(Golden.values("odd", [1, 3, 65, 97])) })
    }
    let coarse = try maps(ExtractorForm()).maps
    for outputStride in [8, 16] {
      let (model, fine) = try maps(ExtractorForm(outputStride: outputStride))
      #expect(model.strides == [4, 8, 16, 32].map { min($0, outputStride) })
      #expect(Golden.names(of: model) == Golden.names(of: try maps(ExtractorForm()).model))
      for (index, nominal) in [4, 8, 16, 32].enumerated() {
        let stride = min(nominal, outputStride)
        #expect(fine[index].shape == [1, model.channels[index], (64 + stride) / stride, (96 + stride) / stride])
        let step = nominal / stride
        let same = fine[index].sliced(axis: 2, step: step).sliced(axis: 3, step: step)
        let worst = (same - coarse[index]).abs().max().scalar / coarse[index].abs().max().scalar
        #expect(worst <= Golden.float, "stride \(nominal) of output stride \(outputStride): off by \(worst)")
      }
    }
  }

  @Test("a multi-grid multiplies the dilations of the last stage's blocks, and of no other")
  func multiGrid() throws {
    func maps(_ grid: [Int]) throws -> [Tensor] {
      let model = ResNet(
        .depth50, form: ExtractorForm(outputStride: 16, multiGrid: grid), using: Generator(seed: 1))
      try Golden.fill(model)
      return withoutGradients { model(Golden.images) }
    }
    let (plain, ones, grid) = (try maps([]), try maps([1, 1, 1]), try maps([1, 2, 4]))
    #expect(zip(plain, ones).allSatisfy { $0.isEqual(to: $1) })
    #expect(zip(plain, grid).map { $0.isEqual(to: $1) } == [true, true, true, false])
    var dilation = 1
    let form = ExtractorForm(outputStride: 16, multiGrid: [1, 2, 4])
    let steps = form.grid(of: 3, at: 32).enumerated().map { block, factor in
      form.step(stride: block == 0 ? 2 : 1, nominal: 32, dilation: &dilation, factor: factor)
    }
    // TorchSemiSeg's dilations of the 3×3 convolutions: the strided one keeps that before it.
    #expect(steps.map(\.before) == [1, 4, 8] && steps.allSatisfy { $0.stride == 1 })
  }

  @Test("without its last stage it has fewer tensors, and loads the whole file still")
  func lastStage() throws {
    let file = ResNet(.depth18, norm: NormOptions(mode: .trained), classes: 10, using: Generator(seed: 1)).stateDict()
    let body = ResNet(.depth18, strides: [4, 16], form: ExtractorForm(lastStage: 16), using: Generator(seed: 2))
    let report = try body.loadPublished(file, source: "resnet18.pth")
    #expect(report.unexpected.allSatisfy { $0.hasPrefix("layer4.") || $0.hasPrefix("fc.") })
    #expect(body.strides == [4, 16] && !body.stateDict().names.contains { $0.hasPrefix("layer4.") })
    #expect(withoutGradients { body(.ones([1, 3, 32, 48])) }.map(\.shape) == [[1, 64, 8, 12], [1, 256, 2, 3]])
  }

  @Test("a deep stem has three convolutions under UniMatch's names, and half the size")
  func deepStem() throws {
    let model = ResNet(
      .depth18, form: ExtractorForm(stem: .deep), norm: NormOptions(mode: .trained), using: Generator(seed: 1))
    let names = model.stateDict().names.filter { $0.hasPrefix("conv1.") && $0.hasSuffix("weight") }
    #expect(names == ["conv1.0.weight", "conv1.1.weight", "conv1.3.weight", "conv1.4.weight", "conv1.6.weight"])
    #expect(model.stateDict()["bn1.weight"]?.shape == [128])
    let maps = model(.ones([2, 3, 33, 32]))
    #expect(maps.map { $0.size(2) } == [9, 5, 3, 2])
    let state = model.stateDict()
    #expect(!Golden.areEqual(state["conv1.4.running_mean"], .zeros([64])))
    let colours = Tensor((0..<1728).map { Float($0) }, shape: [64, 3, 3, 3])
    let caffe = ResNet(
      .depth18, form: ExtractorForm(stem: .deep), style: .caffe, norm: NormOptions(mode: .trained),
      using: Generator(seed: 1))
    let file = StateDict(state.entries.map { ($0.name, $0.name == "conv1.0.weight" ? colours : $0.tensor) })
    try caffe.loadPublished(file, source: "deep.pth")
    let first = try #require(caffe.stateDict()["conv1.0.weight"])
    #expect(first.isEqual(to: colours.flipped(1)))
  }

  @Test("a frozen stage's statistics stay, whatever the mode of the others")
  func frozenStatistics() throws {
    let model = ResNet(.depth18, norm: NormOptions(mode: .trained), frozenStages: 2, using: Generator(seed: 1))
    _ = model(.ones([2, 3, 32, 32]))
    let state = model.stateDict()
    #expect(Golden.areEqual(state["bn1.running_mean"], .zeros([64])))
    #expect(!Golden.areEqual(state["layer2.0.bn1.running_mean"], .zeros([128])))
  }

  @Test("gradients reach the images through frozen stages")
  func imageGradient() throws {
    let model = ResNet(.depth18, frozenStages: 5, using: Generator(seed: 1))
    let images = Tensor.ones([1, 3, 32, 32])
    images.requiresGradient = true
    model(images)[3].sum().backward()
    let gradient = try #require(images.gradient)
    #expect(gradient.abs().sum().scalar > 0)
  }

  @Test("a published file loads with and without the classifier, and nothing else may be left over")
  func publishedFiles() throws {
    let file = ResNet(.depth18, norm: NormOptions(mode: .trained), classes: 10, using: Generator(seed: 1)).stateDict()
    let body = ResNet(.depth18, using: Generator(seed: 2))
    let report = try body.loadPublished(file, source: "resnet18.pth")
    #expect(report.unexpected == ["fc.weight", "fc.bias"])
    #expect(Golden.areEqual(body.stateDict()["conv1.weight"], file["conv1.weight"]))
    let classifier = ResNet(.depth18, classes: 10, using: Generator(seed: 3))
    let whole = try classifier.loadPublished(file, source: "resnet18.pth")
    #expect(whole.isComplete)
    let message = errorMessage { try ResNet(.depth34, using: Generator(seed: 4)).loadPublished(file, source: "r.pth") }
    #expect(message?.hasPrefix("r.pth: weights do not fit the model: loaded 100 of 180 tensors; missing 80: ") == true)
  }

  @Test("folding norms into convolutions changes neither maps nor gradients beyond rounding")
  func folding() throws {
    func run(folded: Bool) throws -> (maps: [Tensor], gradient: Tensor) {
      let model = ResNet(.depth18, using: Generator(seed: 1))
      try Golden.fill(model)
      model.setNormFolding(folded)
      let maps = model(Golden.images)
      maps[3].mean().backward()
      let first = try #require(model.namedParameters().first { $0.name == "conv1.weight" })
      return (maps, try #require(first.parameter.value.gradient))
    }
    let folded = try run(folded: true)
    let plain = try run(folded: false)
    for (a, b) in zip(folded.maps + [folded.gradient], plain.maps + [plain.gradient]) {
      #expect((a - b).abs().max().scalar <= Golden.float * b.abs().max().scalar)
    }
  }
}
