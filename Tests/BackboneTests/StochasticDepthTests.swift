import Layers
import Testing
import Torch

@testable import Backbone

@Suite("Stochastic depth") struct StochasticDepthTests {
  private static let fixed = NormOptions(mode: .frozen)
  private static var images: Tensor { Golden.values("images", [3, 3, 32, 32]) }

  /// Extractors in training whose norms do not look at the batch.
  private static func make(_ kind: BackboneKind, lastStage: Int = 32) throws -> FeatureExtractor {
    let strides = [4, 8, 16, 32].filter { $0 <= lastStage }
    let model = kind.makeExtractor(
      strides: strides, form: ExtractorForm(lastStage: lastStage), using: Generator(seed: 1))
    try Golden.fill(model)
    return model
  }

  private static func maps(_ model: FeatureExtractor, seed: UInt64 = 1) -> [Tensor] {
    withoutGradients { model.withDropout(from: Generator(seed: seed)) { model(images) } }
  }

  private static func rates(_ model: FeatureExtractor) -> [Double] {
    model.modules().compactMap { ($0 as? DropPath)?.rate }
  }

  @Test("rates rise linearly over all residual blocks of the network, up to its last one")
  func rates() throws {
    func isNear(_ found: [Double], _ wanted: [Double]) -> Bool {
      found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-12 }
    }
    for (kind, count) in [(BackboneKind.resnet18, 8), (.resnet34, 16), (.resnet50, 16), (.resnet101, 33)] {
      let model = kind.makeExtractor(using: Generator(seed: 1))
      model.setDropPath(0.2)
      #expect(isNear(Self.rates(model), (0..<count).map { 0.2 * Double($0) / Double(count - 1) }), "\(kind)")
    }
    let short = try Self.make(.resnet18, lastStage: 16)
    short.setDropPath(0.5)
    #expect(isNear(Self.rates(short), [0, 0.1, 0.2, 0.3, 0.4, 0.5]))
    // Of sixteen blocks of EfficientNet-Lite0 these add their input.
    let light = try Self.make(.efficientnetLite0)
    light.setDropPath(0.3)
    #expect(isNear(Self.rates(light), [2, 4, 6, 7, 9, 10, 12, 13, 14].map { 0.3 * Double($0) / 15 }))
  }

  @Test(
    "at a rate of 0 and in evaluation maps are those of a network without, to the bit",
    arguments: [BackboneKind.resnet18, .resnet50, .efficientnetLite0])
  func without(kind: BackboneKind) throws {
    let model = try Self.make(kind)
    let plain = withoutGradients { model(Self.images) }
    model.setDropPath(0.9)
    #expect(zip(Self.maps(model), plain).contains { !$0.isEqual(to: $1) })
    model.evaluate()
    #expect(zip(Self.maps(model), plain).allSatisfy { $0.isEqual(to: $1) })
    model.train()
    model.setDropPath(0)
    #expect(zip(Self.maps(model), plain).allSatisfy { $0.isEqual(to: $1) })
  }

  @Test("maps depend on the generator alone", arguments: [BackboneKind.resnet18, .efficientnetLite0])
  func seeds(kind: BackboneKind) throws {
    let model = try Self.make(kind)
    model.setDropPath(0.9)
    #expect(zip(Self.maps(model), Self.maps(model)).allSatisfy { $0.isEqual(to: $1) })
    #expect(zip(Self.maps(model, seed: 1), Self.maps(model, seed: 2)).contains { !$0.isEqual(to: $1) })
  }

  @Test("a dropped branch leaves its block's input, of one image and not of the next")
  func block() throws {
    let stage = ResidualStage(norm: Self.fixed, isFrozen: false, generator: Generator(seed: 1))
    let step = DilatedStep(stride: 1, before: 1, after: 1)
    func blocks() -> [Layer] {
      let (basic, deep) = (DropPath(block: 1, of: 2), DropPath(block: 1, of: 2))
      let form = InvertedResidualForm(
        inputs: 8, outputs: 8, kernel: 3, stride: 1, dilation: 1, expansion: 2, padding: .symmetric)
      return [
        BasicBlock(8, width: 8, step: step, dropPath: basic, in: stage),
        Bottleneck(8, width: 2, step: step, style: .pytorch, dropPath: deep, in: stage),
        InvertedResidual(
          form, dropPath: DropPath(block: 1, of: 2), norm: { Self.fixed.norm($0, isFrozen: false) },
          using: Generator(seed: 1)),
      ]
    }
    // Not negative, so that a ReLU behind the sum changes nothing where the branch is gone.
    let input = Golden.values("map", [6, 8, 5, 5]).abs()
    for block in blocks() {
      try Golden.fill(block)
      let whole = withoutGradients { block(input) }
      block.setDropPath(0.5)
      let output = withoutGradients { block.withDropout(from: Generator(seed: 4)) { block(input) } }
      let isDropped = Tensor.uniform([6], using: Generator(seed: 4)).doubles.map { $0 < 0.5 }
      #expect(isDropped.contains(true) && isDropped.contains(false))
      for (image, dropped) in isDropped.enumerated() {
        func part(_ map: Tensor) -> Tensor { map.sliced(axis: 0, from: image, to: image + 1) }
        #expect(part(output).isEqual(to: part(input)) == dropped, "\(type(of: block)) image \(image)")
        if block is InvertedResidual, !dropped {
          // Without an activation behind the sum: twice the branch.
          let twice = (part(whole) - part(input)) * 2 + part(input)
          #expect((part(output) - twice).abs().max().scalar < 1e-5)
        }
      }
    }
  }
}
