import Foundation
import Layers
import TestSupport
import Testing
import Torch

@testable import Backbone

/// `Fixtures/backbone.safetensors`, written by `tools/make-goldens/backbone.py`, and how results are held to it.
enum Golden {
  static let file = try! GoldenFile(path: path("backbone", "safetensors"))

  static func path(_ name: String, _ kind: String) -> String {
    Bundle.module.url(forResource: "Fixtures/" + name, withExtension: kind)!.path
  }

  /// Numbers in −2…2 that the script makes as well.
  static func values(_ name: String, _ shape: [Int]) -> Tensor {
    Tensor(DeterministicWeights.elements(name, shape: [shape.reduce(1, *)]).map { $0 * 20 }, shape: shape)
  }

  static var images: Tensor { values("images", [2, 3, 64, 96]) }

  /// Fills every tensor of a module by its name, or by the name that `published` gives it.
  static func fill(_ module: Module, published: (String) -> String = { $0 }) throws {
    let state = StateDict(
      module.stateDict().entries.map { name, tensor in
        (name, Tensor(DeterministicWeights.elements(published(name), shape: tensor.shape), shape: tensor.shape))
      })
    try module.load(state, source: "deterministic weights")
  }

  /// What sums in another order may differ by, as a share of a tensor's root mean square: in double, in float, and in
  /// float behind norms over few elements.
  static let double = 1e-9
  static let float = 1e-4
  static let floatNormalised = 1e-3

  /// Expects the shape, the sampled elements and the moments of a golden tensor.
  static func expect(_ tensor: Tensor, equals name: String, tolerance: Double) {
    #expect(tensor.shape == file.integers(name + ".shape"), "\(name)")
    let mine = tensor.doubles
    let wanted = file.doubles(name + ".samples")
    let moments = file.doubles(name + ".moments")
    let scale = moments[1].squareRoot()
    let worst = wanted.indices.map { abs(mine[$0 * 7919 % mine.count] - wanted[$0]) }.max() ?? 0
    #expect(worst <= tolerance * scale, "\(name): off by \(worst / scale) of its root mean square")
    let mean = mine.reduce(0, +) / Double(mine.count)
    let square = mine.reduce(0) { $0 + $1 * $1 } / Double(mine.count)
    #expect(abs(mean - moments[0]) <= tolerance * scale, "\(name): mean \(mean), wanted \(moments[0])")
    #expect(abs(square - moments[1]) <= 2 * tolerance * moments[1], "\(name): square \(square), wanted \(moments[1])")
  }

  /// Expects maps and, in double, the gradients that the sum of each map's product with fixed numbers gives. (In float a
  /// rounding difference switches single ReLUs, which gradients show.) Leaves the module in double.
  ///
  /// - Parameter published: What the script calls a parameter of the module.
  static func expectRun(
    _ extractor: FeatureExtractor, equals name: String, published: (String) -> String = { $0 },
    floatTolerance: Double = float
  ) throws {
    let start = StateDict(extractor.stateDict().entries.map { ($0, $1.copied()) })
    for (index, map) in withoutGradients({ extractor(images) }).enumerated() {
      expect(map, equals: "\(name).map\(index)", tolerance: floatTolerance)
    }
    try extractor.load(start, source: "the state before")  // norms have moved their statistics
    extractor.move(to: .cpu, elementType: .float64)
    let maps = extractor(images.to(.float64))
    for (index, map) in maps.enumerated() { expect(map, equals: "\(name).map\(index)", tolerance: double) }
    let terms = maps.enumerated().map { ($1 * values("weights\($0)", $1.shape).to(.float64)).mean() }
    terms.dropFirst().reduce(terms[0], +).backward()
    let prefix = name + ".gradient."
    let wanted = file.names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".shape") }
      .map { String($0.dropFirst(prefix.count).dropLast(".shape".count)) }
    #expect(!wanted.isEmpty)
    for parameter in extractor.namedParameters() where wanted.contains(published(parameter.name)) {
      guard let gradient = parameter.parameter.value.gradient else {
        Issue.record("\(parameter.name) has no gradient")
        continue
      }
      expect(gradient, equals: prefix + published(parameter.name), tolerance: double)
    }
    let found = extractor.namedParameters().filter { wanted.contains(published($0.name)) }
    #expect(found.count == wanted.count)
  }

  /// Whether both are there and equal to the bit.
  static func areEqual(_ a: Tensor?, _ b: Tensor?) -> Bool {
    guard let a, let b else { return false }
    return a.isEqual(to: b)
  }

  /// The lines of `Fixtures/names/<file>.txt`: name and shape.
  static func names(_ file: String) throws -> [String] {
    try String(contentsOfFile: path("names/" + file, "txt"), encoding: .utf8).split(separator: "\n").map(String.init)
  }

  /// A module's state dict as such lines.
  static func names(of module: Module) -> [String] {
    module.stateDict().entries.map { name, tensor in
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      return "\(name) \(shape.isEmpty ? "-" : shape)"
    }
  }
}
