import Annotations
import Layers
import Segmentation
import TestSupport
import Testing
import Torch
import Training

@testable import SemiSupervision

/// What PseudoSeg's pseudo-labels are made of: fusion, attention, seeds.
@Suite struct PseudoSegPartsTests {
  private func fused(
    _ temperature: Double, _ decoder: Tensor, _ gradCAM: Tensor?, kind: PseudoSeg.Fusion = .fused
  ) -> Tensor {
    CalibratedFusion(kind: kind, temperature: temperature)(decoder: decoder, gradCAM: gradCAM)
  }

  @Test("fusion by hand: logits of two scales count alike, and the temperature ½ squares")
  func fusionByHand() {
    // One pixel of two classes. The squares 9, 0, 1, 0 have the mean 2½: 3 and 1 become 1.897 and 0.632, whose sigmoids are 0.86959 and
    // 0.65305; their mean is 0.76132.
    let (decoder, gradCAM) = (Tensor([3.0, 0], shape: [1, 2, 1, 1]), Tensor([1.0, 0], shape: [1, 2, 1, 1]))
    #expect(abs(fused(1, decoder, gradCAM).doubles[0] - 0.76132) < 1e-5)
    // 0.76132² over the sum of the squares.
    #expect(abs(fused(0.5, decoder, gradCAM).doubles[0] - 0.91051) < 1e-5)
    // One source alone is not brought to another scale: the sigmoid of 3 is 0.95257, and of 1 0.73106.
    #expect(abs(fused(1, decoder, nil, kind: .decoder).doubles[0] - 0.95257) < 1e-5)
    #expect(abs(fused(1, decoder, gradCAM, kind: .gradCAM).doubles[0] - 0.73106) < 1e-5)
    #expect(abs(fused(0.5, decoder, gradCAM, kind: .gradCAM).doubles[0] - 0.88080) < 1e-5)
  }

  @Test("fusion written out", arguments: [0.3, 0.5, 1])
  func fusionWrittenOut(temperature: Double) {
    let decoder = Tensor.normal([2, 3, 2, 2], using: Generator(seed: 1)).to(.float64) * 7
    let gradCAM = Tensor.normal([2, 3, 2, 2], using: Generator(seed: 2)).to(.float64) * 0.2
    let (d, m) = (decoder.doubles, gradCAM.doubles)
    let norm = ((d + m).reduce(0) { $0 + $1 * $1 } / 48 + 1e-8).squareRoot()
    func exp(_ x: Double) -> Double { Tensor([x]).exp().scalar }
    func power(_ x: Double) -> Double { Tensor([x]).power(1 / temperature).scalar }
    let found = fused(temperature, decoder, gradCAM).doubles
    for (image, pixel) in [(0, 0), (0, 3), (1, 2)] {
      let places = (0..<3).map { image * 12 + $0 * 4 + pixel }
      func softmax(_ values: [Double]) -> [Double] {
        let all = places.map { exp(values[$0] / norm) }
        return all.map { $0 / all.reduce(0, +) }
      }
      let sharp = zip(softmax(d), softmax(m)).map { power(($0 + $1) / 2) }
      for (place, value) in zip(places, sharp) { #expect(abs(found[place] - value / sharp.reduce(0, +)) < 1e-9) }
    }
  }

  @Test("no gradient comes through a fusion")
  func fusionGradient() {
    let logits = Tensor.normal([1, 2, 3, 3], using: Generator(seed: 1))
    logits.requiresGradient = true
    #expect(!fused(0.5, logits, logits * 2).requiresGradient)
  }

  @Test("attention written out, hidden elements left out")
  func attention() {
    let values = Tensor.uniform([2, 2, 2, 3], using: Generator(seed: 1)).to(.float64)
    let queries = Tensor.normal([2, 4, 2, 3], using: Generator(seed: 2)).to(.float64)
    let keys = Tensor.normal([2, 4, 2, 3], using: Generator(seed: 3)).to(.float64)
    let shown: [Double] = [1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1]
    let found = SelfAttentionGradCAM.attended(
      values, queries: queries, keys: keys, isShown: Tensor(shown, shape: [2, 2, 3])
    ).doubles
    let (v, q, k) = (values.doubles, queries.doubles, keys.doubles)
    func exp(_ x: Double) -> Double { Tensor([x]).exp().scalar }
    for image in 0..<2 {
      for query in 0..<6 {
        let weights = (0..<6).map { key -> Double in
          guard shown[6 * image + key] == 1 else { return 0 }
          let product = (0..<4).reduce(0) { $0 + q[(image * 4 + $1) * 6 + query] * k[(image * 4 + $1) * 6 + key] }
          // The square root of 4 channels.
          return exp(product / 2)
        }
        for channel in 0..<2 {
          let row = (0..<6).map { v[(image * 2 + channel) * 6 + $0] }
          let mean = zip(weights, row).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
          #expect(abs(found[(image * 2 + channel) * 6 + query] - mean) < 1e-9)
        }
      }
    }
    let none = SelfAttentionGradCAM.attended(
      values, queries: queries, keys: keys, isShown: .zeros([2, 2, 3], .float64))
    #expect(none.isFinite().to(.float32).min().scalar == 1)
  }

  private func parts(
    background: Int?, activation: PseudoSeg.Activation = .gradCAM, skips: Bool = true
  ) -> SelfAttentionGradCAM {
    SelfAttentionGradCAM(
      channels: (5, 3), classCount: 4, background: background, width: 8, activation: activation, skips: skips,
      using: Generator(seed: 7))
  }

  @Test("the background is what the greatest class lacks to 2, and to 1 without the skip connection, in its own place")
  func backgroundMap() {
    let spread = Tensor([0.25, 0.5, 0.75, 0.125, 0, 0.375].map(Float.init), shape: [1, 3, 1, 2])
    for (skips, rest) in [(true, [1.25, 1.5]), (false, [0.25, 0.5])] as [(Bool, [Float])] {
      let found = parts(background: 1, skips: skips).withBackground(spread).floats
      #expect(found == [0.25, 0.5] + rest + [0.75, 0.125, 0, 0.375])
    }
  }

  @Test("without keys and queries attention is a mean, to which seeds are added where there is a skip connection")
  func skipConnection() throws {
    let seeds = Tensor.uniform([1, 4, 2, 3], using: Generator(seed: 4))
    let maps = (last: Tensor.normal([1, 5, 2, 3], using: Generator(seed: 5)), secondLast: Tensor.zeros([1, 3, 4, 6]))
    let mean = seeds.mean(2, 3, keepingAxes: true) + seeds * 0
    for (skips, spread) in [(true, mean + seeds), (false, mean)] {
      let head = parts(background: nil, skips: skips)
      head.evaluate()
      let named = Dictionary(uniqueKeysWithValues: head.namedParameters().map { ($0.name, $0.parameter.value) })
      withoutGradients {
        named["query.weight"]?.copyInPlace(from: .zeros([8, 8, 1, 1]))
        let identity = Tensor((0..<16).map { $0 % 5 == 0 ? 1 : Float(0) }, shape: [4, 4, 1, 1])
        named["pixel_normalization.weight"]?.copyInPlace(from: identity)
      }
      let found = withoutGradients { head(seeds, maps: maps, isShown: .ones([1, 8, 12], .bool)) }
      // A norm in evaluation mode that has seen nothing divides by the root of 1 + 10⁻⁵.
      #expect((found - spread).abs().max().scalar < 1e-4)
    }
  }

  @Test("seeds are 0…1 where a class is said to be, 0 for others, and alike by gradients and by weights")
  func seeds() {
    let map = Tensor.normal([2, 5, 4, 6], using: Generator(seed: 1))
    let isThere = Tensor([1, 0, 1, 0, 1, 1].map(Float.init), shape: [2, 3])
    let found = parts(background: 1).seeds(map, isThere: isThere)
    #expect(found.shape == [2, 3, 4, 6] && !found.requiresGradient)
    let greatest = found.flattened(from: 2).max(2).values.floats
    #expect(zip(greatest, isThere.floats).allSatisfy { $1 == 1 || $0 == 0 } && greatest.contains(1))
    let other = parts(background: 1, activation: .cam).seeds(map, isThere: isThere)
    #expect((found - other).abs().max().scalar < 1e-5)
  }

  @Test("classes of labels are counted without the background and what is nobody's")
  func classes() {
    let labels = Tensor([0, 1, 255, 3, 3, 3, 1, 1].map { Int64($0) }, shape: [2, 2, 2])
    #expect(parts(background: 1).classes(in: labels, of: 4).floats == [1, 0, 1, 0, 0, 1])
    #expect(parts(background: nil).classes(in: labels, of: 4).floats == [1, 1, 0, 1, 0, 1, 0, 1])
  }

  @Test(
    "logits have all classes, and train attention and what follows, not the maps", arguments: [nil, 0, 2] as [Int?])
  func logits(background: Int?) throws {
    let head = parts(background: background)
    let last = Tensor.normal([2, 5, 4, 6], using: Generator(seed: 1))
    let middle = Tensor.normal([2, 3, 8, 12], using: Generator(seed: 2))
    (last.requiresGradient, middle.requiresGradient) = (true, true)
    let seeds = head.seeds(last, isThere: .ones([2, background == nil ? 4 : 3]))
    let logits = head(seeds, maps: (last, middle), isShown: .ones([2, 32, 48], .bool))
    #expect(logits.shape == [2, 4, 4, 6])
    (logits * logits * Tensor.indices(6).to(.float32)).sum().backward()
    #expect(last.gradient == nil && middle.gradient == nil)
    let moved = head.namedParameters().filter { ($0.parameter.value.gradient?.abs().max().scalar ?? 0) > 0 }.map(\.name)
    #expect(
      moved == ["key.weight", "query.weight", "pixel_normalization.weight", "norm.weight", "norm.bias"])
    // The classifier is trained by its own loss alone.
    #expect(head.namedParameters().map(\.name).prefix(2) == ["classifier.weight", "classifier.bias"])
  }

  @Test("the background is a class's name, the one so called, or none")
  func background() throws {
    let classes = ClassTable(names: ["road", "background", "car"])
    var settings = PseudoSeg.Settings()
    #expect(try settings.backgroundPlace(in: classes) == 1)
    #expect(try settings.backgroundPlace(in: ClassTable(names: ["a", "b"])) == nil)
    settings.background = "car"
    #expect(try settings.backgroundPlace(in: classes) == 2)
    settings.background = "none"
    #expect(try settings.backgroundPlace(in: classes) == nil)
    settings.background = "sky"
    let message = errorMessage { _ = try settings.backgroundPlace(in: classes) }
    #expect(message?.contains("method.background is 'sky'") == true && message?.contains("road") == true)
  }
}
