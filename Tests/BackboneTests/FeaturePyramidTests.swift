import Layers
import TestSupport
import Testing
import Torch

@testable import Backbone

@Suite("FeaturePyramid") struct FeaturePyramidTests {
  @Test("with a ResNet-50, names, shapes and order are torchvision's")
  func names() throws {
    let model = BackboneSettings().makePyramid(using: Generator(seed: 1))
    let wanted = try Golden.names("resnet50_fpn")
    #expect(Golden.names(of: model) == wanted)
  }

  @Test("with a ResNet-50, levels and gradients are torchvision's")
  func levels() throws {
    var settings = BackboneSettings()
    settings.frozenStages = 0
    let model = settings.makePyramid(using: Generator(seed: 1))
    try Golden.fill(model)
    try Golden.expectRun(model, equals: "resnet50_fpn")
  }

  @Test("its levels are what the paper's sums give, written out")
  func reference() throws {
    let pyramid = FeaturePyramid(channels: [3, 5], width: 4, extraLevel: .none, using: Generator(seed: 1))
    try Golden.fill(pyramid)
    let fine = Golden.values("fine", [1, 3, 5, 6])
    let coarse = Golden.values("coarse", [1, 5, 3, 3])
    let state = pyramid.stateDict()
    func weight(_ name: String) throws -> Tensor { try #require(state[name]) }
    let inner1 = coarse.convolved(
      try weight("inner_blocks.1.0.weight"), bias: try weight("inner_blocks.1.0.bias"))
    var inner0 = fine.convolved(try weight("inner_blocks.0.0.weight"), bias: try weight("inner_blocks.0.0.bias")).floats
    let above = inner1.floats
    for c in 0..<4 {
      for y in 0..<5 {
        for x in 0..<6 { inner0[(c * 5 + y) * 6 + x] += above[(c * 3 + y * 3 / 5) * 3 + x * 3 / 6] }
      }
    }
    let expected = Tensor(inner0, shape: [1, 4, 5, 6]).convolved(
      try weight("layer_blocks.0.0.weight"), bias: try weight("layer_blocks.0.0.bias"), padding: 1)
    let levels = pyramid([fine, coarse])
    #expect(levels.map(\.shape) == [[1, 4, 5, 6], [1, 4, 3, 3]])
    #expect((levels[0] - expected).abs().max().scalar <= 1e-5)
  }

  @Test("the extra level is every other element of the last one")
  func pool() {
    let pyramid = FeaturePyramid(channels: [2], width: 3, extraLevel: .pool, using: Generator(seed: 1))
    let levels = withoutGradients { pyramid([Golden.values("map", [1, 2, 5, 4])]) }
    #expect(levels[1].isEqual(to: levels[0].sliced(axis: 2, step: 2).sliced(axis: 3, step: 2).contiguous()))
  }

  @Test("its first weights are uniform within √(3 / fan in), biases 0")
  func initialization() throws {
    let state = FeaturePyramid(channels: [64], width: 32, using: Generator(seed: 1)).stateDict()
    let weight = try #require(state["layer_blocks.0.0.weight"])
    let bound = (3.0 / (32 * 9)).squareRoot()
    let greatest = weight.abs().max().scalar
    #expect(greatest <= bound && greatest > 0.99 * bound)
    #expect(Golden.areEqual(state["layer_blocks.0.0.bias"], .zeros([32])))
  }
}

@Suite("BackboneSettings") struct BackboneSettingsTests {
  @Test("every kind gives a pyramid whose levels are as described", arguments: BackboneKind.allCases)
  func kinds(kind: BackboneKind) {
    var settings = BackboneSettings()
    settings.kind = kind
    settings.pyramidWidth = 16
    let backbone = settings.makePyramid(using: Generator(seed: 1))
    let levels = withoutGradients { backbone(.ones([1, 3, 64, 64])) }
    #expect(backbone.strides == [4, 8, 16, 32, 64])
    #expect(levels.map(\.shape) == backbone.strides.map { [1, 16, 64 / $0, 64 / $0] })
    #expect(backbone.namedParameters().filter { $0.name.hasPrefix("fpn.") }.allSatisfy { $0.parameter.isTrained })
    #expect(backbone.namedParameters().contains { $0.name.hasPrefix("body.") && $0.parameter.isTrained })
    #expect(backbone.namedParameters().contains { $0.name.hasPrefix("body.") && !$0.parameter.isTrained })
  }

  @Test("one seed gives one network, another seed another")
  func seeds() throws {
    func first(_ seed: UInt64) throws -> Tensor {
      try #require(BackboneKind.resnet18.makeExtractor(using: Generator(seed: seed)).stateDict()["conv1.weight"])
    }
    let (one, again, other) = (try first(1), try first(1), try first(2))
    #expect(one.isEqual(to: again))
    #expect(!one.isEqual(to: other))
  }
}
