import Layers
import TestSupport
import Testing
import Torch

@testable import Backbone

@Suite("EfficientNetLite0") struct EfficientNetLite0Tests {
  static let trained = NormOptions(mode: .trained, epsilon: 1e-3, momentum: 0.01)

  static func make(_ norm: NormOptions, padding: PaddingRule) throws -> (EfficientNetLite0, (String) -> String) {
    let model = EfficientNetLite0(norm: norm, padding: padding, classes: 1000, using: Generator(seed: 1))
    let table = model.publishedNames.reversed
    try Golden.fill(model, published: table.renamed)
    return (model, table.renamed)
  }

  @Test("names, shapes and their order are the published package's")
  func names() throws {
    let (model, published) = try Self.make(Self.trained, padding: .same)
    let mine = Golden.names(of: model).map { line in
      let parts = line.split(separator: " ")
      return "\(published(String(parts[0]))) \(parts[1])"
    }
    let wanted = try Golden.names("efficientnet_lite0")
    #expect(mine == wanted)
    #expect(model.parameterCount == 4_652_008)
  }

  @Test("maps and gradients are the published code's under both rules of padding", arguments: PaddingRule.allCases)
  func maps(padding: PaddingRule) throws {
    let (model, published) = try Self.make(EfficientNetLite0.publishedNorm, padding: padding)
    try Golden.expectRun(model, equals: "lite0.\(padding)", published: published)
    if padding == .same {
      Golden.expect(model.logits(Golden.images.to(.float64)), equals: "lite0.same.logits", tolerance: Golden.double)
    }
  }

  @Test("with trained norms, maps, gradients and running statistics are the published code's")
  func trainedNorms() throws {
    let (model, published) = try Self.make(Self.trained, padding: .symmetric)
    try Golden.expectRun(model, equals: "lite0.trained", published: published, floatTolerance: Golden.floatNormalised)
    Golden.expect(
      try #require(model.stateDict()["bn0.running_var"]), equals: "lite0.trained._bn0.running_var",
      tolerance: Golden.double)
  }

  @Test("the published names load, with and without the classifier")
  func loading() throws {
    let source = EfficientNetLite0(norm: Self.trained, classes: 7, using: Generator(seed: 1))
    let file = source.stateDict().renamed(source.publishedNames.reversed)
    #expect(file.names.first == "_conv_stem.weight")
    let body = EfficientNetLite0(using: Generator(seed: 2))
    let report = try body.loadPublished(file, source: "lite0.pth")
    #expect(report.missing.isEmpty && report.mismatched.isEmpty)
    #expect(report.unexpected.allSatisfy { $0.hasPrefix("conv_head.") || $0.hasPrefix("bn1.") || $0.hasPrefix("fc.") })
    let classifier = EfficientNetLite0(classes: 7, using: Generator(seed: 3))
    let whole = try classifier.loadPublished(file, source: "lite0.pth")
    #expect(whole.isComplete)
    #expect(Golden.areEqual(classifier.stateDict()["fc.bias"], file["_fc.bias"]))
  }

  @Test("both rules of padding give maps of one size, of odd inputs too", arguments: [31, 32, 33, 47])
  func sizes(side: Int) {
    for padding in PaddingRule.allCases {
      let model = EfficientNetLite0(padding: padding, using: Generator(seed: 1))
      let maps = withoutGradients { model(.ones([1, 3, side, 40])) }
      #expect(
        maps.map(\.shape) == zip(model.strides, model.channels).map { [1, $1, (side + $0 - 1) / $0, (39 + $0) / $0] })
    }
  }

  @Test("frozen stages are those of the maps up to their stride", arguments: 0...5)
  func freezing(stages: Int) {
    let model = EfficientNetLite0(norm: Self.trained, frozenStages: stages, using: Generator(seed: 1))
    let maps = model(.ones([2, 3, 32, 32]))
    #expect(maps.map(\.requiresGradient) == (0..<4).map { stages < $0 + 2 })
  }
}
