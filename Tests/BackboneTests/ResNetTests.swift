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
