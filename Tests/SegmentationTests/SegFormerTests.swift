import Backbone
import Layers
import TestSupport
import Testing
import Torch

@testable import Segmentation

@Suite("SegFormer equals transformers'") struct SegFormerTests {
  static let kinds: [(SegmentationNetworkKind, String)] = [
    (.segformerB0, "segformer_b0"), (.segformerB1, "segformer_b1"),
  ]
  private static let golden = try! GoldenFile(path: Golden.path("segformer", "safetensors"))

  /// A network with nothing that is drawn.
  static func make(_ kind: SegmentationNetworkKind, classes: Int = 5) -> SegmentationNetwork {
    var settings = SegmentationNetworkSettings(kind: kind)
    (settings.dropout, settings.backbone.dropPath) = (0, 0)
    return settings.make(classCount: classes, using: Generator(seed: 1))
  }

  /// With the weights that the script computes from `transformers`' names.
  static func filled(_ kind: SegmentationNetworkKind) throws -> SegmentationNetwork {
    let model = make(kind)
    let names = SegFormerNames.table.reversed
    let state = model.stateDict().entries.map { name, tensor in
      (name, Tensor(DeterministicWeights.elements(names.renamed(name), shape: tensor.shape), shape: tensor.shape))
    }
    try model.load(StateDict(state), source: "deterministic weights")
    return model
  }

  private static func expect(_ tensor: Tensor, equals name: String, tolerance: Double) {
    Golden.expect(tensor, equals: name, in: golden, tolerance: tolerance)
  }

  @Test("names, shapes and their order are transformers', whose names become those here and back", arguments: kinds)
  func names(kind: SegmentationNetworkKind, name: String) throws {
    let wanted = try Golden.names(name)
    let model = Self.make(kind)
    let published = model.stateDict().renamed(SegFormerNames.table.reversed)
    #expect(Golden.names(of: published) == wanted)
    #expect(published.renamed(SegFormerNames.table).names == model.stateDict().names)
    // The paper says 3.8 and 13.7 million, with the 150 classes of ADE20K.
    let count = Self.make(kind, classes: 150).parameterCount
    #expect(count == (kind == .segformerB0 ? 3_752_694 : 13_715_798))
  }

  @Test(
    "maps and logits are transformers', of sizes that no stride divides too",
    arguments: [
      (SegmentationNetworkKind.segformerB0, [(64, 96), (65, 97), (37, 150)]), (.segformerB1, [(65, 97)]),
    ])
  func logits(kind: SegmentationNetworkKind, sizes: [(Int, Int)]) throws {
    let model = try Self.filled(kind)
    model.evaluate()
    for (type, tolerance) in [(ElementType.float32, Golden.float), (.float64, Golden.double)] {
      model.move(to: .cpu, elementType: type)
      for (height, width) in sizes {
        let images = Golden.values("images", [2, 3, height, width]).to(type)
        let place = "\(kind.rawValue).\(height)x\(width)"
        let maps = withoutGradients { model.features(images) }
        for (index, map) in maps.enumerated() {
          Self.expect(map, equals: "\(place).map\(index)", tolerance: tolerance)
        }
        Self.expect(withoutGradients { model.decode(maps) }, equals: place + ".logits", tolerance: tolerance)
        let channelsLast = withoutGradients { model.decode(model.features(images.channelsLast())) }
        Self.expect(channelsLast, equals: place + ".logits", tolerance: tolerance)
        #expect(model.logits(of: images).shape == [2, 5, height, width])
      }
    }
  }

  @Test("in training, logits, loss and gradients are transformers'")
  func training() throws {
    let model = try Self.filled(.segformerB0)
    model.move(to: .cpu, elementType: .float64)
    let images = Golden.values("images", [2, 3, 65, 97]).to(.float64)
    let maps = model.features(images)
    Self.expect(model.decode(maps), equals: "segformer_b0.trained.logits", tolerance: Golden.double)
    let targets = Tensor((0..<2 * 65 * 97).map { $0 * 7 % 5 }, shape: [2, 65, 97])
    let loss = model.output(maps, height: 65, width: 97).logits.crossEntropy(targets)
    Self.expect(loss.reshaped(1), equals: "segformer_b0.trained.loss", tolerance: Golden.double)
    loss.backward()
    let prefix = "segformer_b0.trained.gradient."
    let wanted = Self.golden.names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".shape") }
      .map { String($0.dropFirst(prefix.count).dropLast(".shape".count)) }
    #expect(wanted.count == 10)
    let parameters = Dictionary(uniqueKeysWithValues: model.namedParameters().map { ($0.name, $0.parameter.value) })
    for name in wanted {
      let gradient = try #require(parameters[SegFormerNames.table.renamed(name)]?.gradient, "\(name)")
      Self.expect(gradient, equals: prefix + name, tolerance: Golden.double)
    }
  }
}
