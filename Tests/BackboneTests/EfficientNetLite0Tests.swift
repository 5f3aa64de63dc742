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

  @Test("a dilated network has the coarse one's elements among its own", arguments: [8, 16])
  func dilation(outputStride: Int) throws {
    func make(_ form: ExtractorForm) throws -> EfficientNetLite0 {
      let model = EfficientNetLite0(form: form, using: Generator(seed: 1))
      try Golden.fill(model)
      return model
    }
    let images = Golden.values("odd", [1, 3, 65, 97])
    let (whole, dilated) = (try make(ExtractorForm()), try make(ExtractorForm(outputStride: outputStride)))
    #expect(dilated.strides == [4, 8, 16, 32].map { min($0, outputStride) })
    #expect(Golden.names(of: dilated) == Golden.names(of: whole))
    let (coarse, fine) = withoutGradients { (whole(images), dilated(images)) }
    for (index, nominal) in [4, 8, 16, 32].enumerated() {
      let step = nominal / min(nominal, outputStride)
      let same = fine[index].sliced(axis: 2, step: step).sliced(axis: 3, step: step)
      let worst = (same - coarse[index]).abs().max().scalar / coarse[index].abs().max().scalar
      #expect(worst <= Golden.float, "stride \(nominal): off by \(worst)")
    }
  }

  @Test("without its last stages it has the map at stride 16 last, and loads the whole file still")
  func lastStage() throws {
    let file = EfficientNetLite0(norm: Self.trained, classes: 7, using: Generator(seed: 1)).stateDict()
    let body = EfficientNetLite0(strides: [4, 16], form: ExtractorForm(lastStage: 16), using: Generator(seed: 2))
    let report = try body.loadPublished(file, source: "lite0.pth")
    #expect(report.missing.isEmpty && report.unexpected.contains { $0.hasPrefix("blocks.11.") })
    #expect(!report.unexpected.contains { $0.hasPrefix("blocks.10.") })
    #expect(withoutGradients { body(.ones([1, 3, 32, 48])) }.map(\.shape) == [[1, 24, 8, 12], [1, 112, 2, 3]])
  }

  @Test("frozen stages are those of the maps up to their stride", arguments: 0...5)
  func freezing(stages: Int) {
    let model = EfficientNetLite0(norm: Self.trained, frozenStages: stages, using: Generator(seed: 1))
    let maps = model(.ones([2, 3, 32, 32]))
    #expect(maps.map(\.requiresGradient) == (0..<4).map { stages < $0 + 2 })
  }
}
