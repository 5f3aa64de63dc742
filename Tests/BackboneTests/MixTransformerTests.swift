import Foundation
import Layers
import Testing
import Torch

@testable import Backbone

/// Its maps and gradients are held to `transformers` together with SegFormer's decoder (`SegFormerTests`).
@Suite("MixTransformer") struct MixTransformerTests {
  static let tiny = MixTransformerForm(
    widths: [4, 8, 12, 16], depths: [1, 2, 1, 1], heads: [1, 2, 3, 4], expansion: 2)

  static func make(_ strides: [Int] = MixTransformer.offeredStrides, frozenStages: Int = 0) -> MixTransformer {
    MixTransformer(tiny, strides: strides, frozenStages: frozenStages, using: Generator(seed: 1))
  }

  @Test(
    "strides and channels describe the maps, of odd and of very small sizes too",
    arguments: [[4, 8, 16, 32], [8, 16]])
  func selection(strides: [Int]) {
    let model = Self.make(strides)
    for (height, width) in [(50, 33), (64, 64), (7, 40)] {
      let maps = withoutGradients { model(Golden.values("images", [2, 3, height, width])) }
      #expect(model.strides == strides)
      #expect(
        maps.map(\.shape)
          == zip(strides, model.channels).map { [2, $1, (height + $0 - 1) / $0, (width + $0 - 1) / $0] })
      #expect(maps.allSatisfy { $0.isFinite().isAllTrue })
    }
  }

  /// Rows of numbers: layers of attention written out with loops.
  private struct Rows {
    let state: StateDict

    func numbers(_ name: String) throws -> [Double] { try #require(state[name], "\(name)").doubles }

    /// weight · x + bias.
    func affine(_ x: [Double], _ name: String) throws -> [Double] {
      let weight = try numbers(name + ".weight")
      var result = try numbers(name + ".bias")
      for output in result.indices {
        for input in x.indices { result[output] += weight[output * x.count + input] * x[input] }
      }
      return result
    }

    func normalised(_ x: [Double], _ name: String) throws -> [Double] {
      let (weight, bias) = (try numbers(name + ".weight"), try numbers(name + ".bias"))
      let mean = x.reduce(0, +) / Double(x.count)
      var variance = 0.0
      for value in x { variance += (value - mean) * (value - mean) / Double(x.count) }
      return x.indices.map { (x[$0] - mean) / (variance + 1e-5).squareRoot() * weight[$0] + bias[$0] }
    }
  }

  @Test("attention is what its paper says, written out token by token")
  func attention() throws {
    let model = ReducedAttention(6, heads: 2, reduction: 2, using: Generator(seed: 1))
    try Golden.fill(model)
    model.move(to: .cpu, elementType: .float64)
    let rows = Rows(state: model.stateDict())
    // 5 × 3 tokens, of which 2 × 1 windows of 2 × 2 are seen: the last row and column have none.
    let (height, width) = (5, 3)
    let input = Golden.values("tokens", [1, height, width, 6]).to(.float64)
    let numbers = input.doubles
    let tokens = (0..<height * width).map { Array(numbers[$0 * 6..<$0 * 6 + 6]) }
    let kernel = try rows.numbers("self.sr.weight")
    var (keys, values): ([[Double]], [[Double]]) = ([], [])
    for window in 0..<2 {
      var sums = try rows.numbers("self.sr.bias")
      for output in 0..<6 {
        for channel in 0..<6 {
          for (y, x) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let weight = kernel[(output * 6 + channel) * 4 + y * 2 + x]
            sums[output] += weight * tokens[(window * 2 + y) * width + x][channel]
          }
        }
      }
      let seen = try rows.normalised(sums, "self.layer_norm")
      keys.append(try rows.affine(seen, "self.key"))
      values.append(try rows.affine(seen, "self.value"))
    }
    let found = model(input).doubles
    #expect(found.count == 90)
    for (place, token) in tokens.enumerated() {
      let query = try rows.affine(token, "self.query")
      var mixed = [Double](repeating: 0, count: 6)
      for part in [0..<3, 3..<6] {
        var powers = [0.0, 0.0]
        for window in 0..<2 {
          var product = 0.0
          for channel in part { product += query[channel] * keys[window][channel] }
          powers[window] = exp(product / 3.0.squareRoot())
        }
        for channel in part {
          let sum = powers[0] * values[0][channel] + powers[1] * values[1][channel]
          mixed[channel] = sum / (powers[0] + powers[1])
        }
      }
      let wanted = try rows.affine(mixed, "output.dense")
      for channel in 0..<6 { #expect(abs(found[place * 6 + channel] - wanted[channel]) < 1e-9) }
    }
  }

  @Test("frozen stages are not trained, and nothing is recorded for them", arguments: 0...5)
  func freezing(stages: Int) {
    let model = Self.make(frozenStages: stages)
    for entry in model.namedParameters() {
      let parts = entry.name.split(separator: ".")
      let stage = Int(parts[1]) ?? -1
      let part = parts[0] == "patch_embeddings" && stage == 0 ? 0 : stage + 1
      #expect(entry.parameter.isTrained == (part >= stages), "\(entry.name)")
    }
    #expect(model(.ones([1, 3, 32, 32])).map(\.requiresGradient) == (0..<4).map { stages < $0 + 2 })
  }

  @Test("both branches of a block are dropped by the block's rate, each by a draw of its own")
  func dropPath() throws {
    let model = Self.make()
    model.setDropPath(0.4)
    let rates = model.modules().compactMap { ($0 as? DropPath)?.rate }
    #expect(rates == [0, 0.25, 0.5, 0.75, 1].map { 0.4 * $0 })
    let block = MixTransformerBlock(
      4, heads: 1, reduction: 2, expansion: 2, dropPath: DropPath(block: 1, of: 2), using: Generator(seed: 1))
    try Golden.fill(block)
    let tokens = Golden.values("tokens", [12, 4, 4, 4])
    func run(_ rate: Double) -> Tensor {
      block.setDropPath(rate)
      return withoutGradients { block.withDropout(from: Generator(seed: 5)) { block(tokens) } }
    }
    let draws = Generator(seed: 5)
    let (first, second) = (Tensor.uniform([12], using: draws).doubles, Tensor.uniform([12], using: draws).doubles)
    let output = run(0.5)
    var kinds: Set<[Bool]> = []
    for image in 0..<12 {
      let isDropped = [first[image] < 0.5, second[image] < 0.5]
      kinds.insert(isDropped)
      func part(_ tensor: Tensor) -> Tensor { tensor.sliced(axis: 0, from: image, to: image + 1) }
      #expect(part(output).isEqual(to: part(tokens)) == (isDropped == [true, true]))
    }
    #expect(kinds.count > 2)
    let plain = run(0)
    block.evaluate()
    #expect(run(0.5).isEqual(to: plain))
  }

  @Test("layers start as in the authors' code")
  func initialization() throws {
    let state = MixTransformer(.b0, using: Generator(seed: 1)).stateDict()
    func deviation(_ name: String) throws -> Double {
      let tensor = try #require(state[name + ".weight"])
      if let bias = state[name + ".bias"] { #expect(bias.abs().max().scalar == 0) }
      return (tensor * tensor).mean().scalar.squareRoot()
    }
    #expect(abs(try deviation("block.3.0.mlp.dense1") / 0.02 - 1) < 0.02)
    #expect(abs(try deviation("block.2.1.attention.self.query") / 0.02 - 1) < 0.02)
    #expect(abs(try deviation("block.0.0.attention.self.sr") / (2.0 / (64 * 32)).squareRoot() - 1) < 0.02)
    #expect(abs(try deviation("block.3.0.mlp.dwconv.dwconv") / (2.0 / 9).squareRoot() - 1) < 0.05)
    #expect(abs(try deviation("patch_embeddings.3.proj") / (2.0 / (9 * 256)).squareRoot() - 1) < 0.02)
  }

  @Test("transformers' names load, of the encoder alone and of its classifier; other sizes are refused")
  func loading() throws {
    let source = Self.make()
    let plain = source.stateDict().addingPrefix("encoder.")
    let classifier = StateDict(
      plain.addingPrefix("segformer.").entries + [
        ("classifier.weight", .zeros([3, 16])), ("classifier.bias", .zeros([3])),
      ])
    for file in [plain, classifier] {
      let model = MixTransformer(Self.tiny, using: Generator(seed: 2))
      let report = try model.loadPublished(file, source: "mit.safetensors")
      #expect(report.missing.isEmpty && report.unexpected.allSatisfy { $0.hasPrefix("classifier.") })
      #expect(
        zip(model.stateDict().entries, source.stateDict().entries).allSatisfy { $0.tensor.isEqual(to: $1.tensor) })
    }
    #expect(throws: LoadError.self) {
      try MixTransformer(.b0, using: Generator(seed: 2)).loadPublished(plain, source: "mit.safetensors")
    }
  }

  @Test(
    "in bfloat16 maps are near those of float32, and gradients reach all parameters in float32",
    .enabled(if: Device.cpu.computesBFloat16, "this processor's libtorch does not convolve in bfloat16"))
  func bfloat16() throws {
    let model = Self.make()
    try Golden.fill(model)
    let images = Golden.values("images", [2, 3, 64, 64])
    let wide = withoutGradients { model(images) }
    let narrow = model(images.to(.bfloat16))
    for (narrow, wide) in zip(narrow, wide) {
      #expect(narrow.elementType == .bfloat16)
      #expect(((narrow.to(.float32) - wide).norm() / wide.norm()).scalar < 0.05)
    }
    let sums = narrow.map { ($0.to(.float32) * Golden.values("w", $0.shape)).sum() }
    (sums[0] + sums[1] + sums[2] + sums[3]).backward()
    for entry in model.namedParameters() {
      #expect(entry.parameter.value.gradient?.elementType == .float32, "\(entry.name)")
    }
  }
}
