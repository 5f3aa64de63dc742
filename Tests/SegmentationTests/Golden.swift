import Foundation
import Layers
import TestSupport
import Testing
import Torch

@testable import Segmentation

/// `Fixtures/segmentation.safetensors`, written by `tools/make-goldens/segmentation.py`, and how results are held to
/// it.
enum Golden {
  static let file = try! GoldenFile(path: path("segmentation", "safetensors"))

  static func path(_ name: String, _ kind: String) -> String {
    Bundle.module.url(forResource: "Fixtures/" + name, withExtension: kind)!.path
  }

  /// Numbers in −2…2 that the script makes as well.
  static func values(_ name: String, _ shape: [Int]) -> Tensor {
    Tensor(DeterministicWeights.elements(name, shape: [shape.reduce(1, *)]).map { $0 * 20 }, shape: shape)
  }

  static var images: Tensor { values("images", [2, 3, 65, 97]) }

  /// Fills every tensor of a module by its name.
  static func fill(_ module: Module) throws {
    let state = StateDict(
      module.stateDict().entries.map { name, tensor in
        (name, Tensor(DeterministicWeights.elements(name, shape: tensor.shape), shape: tensor.shape))
      })
    try module.load(state, source: "deterministic weights")
  }

  /// What sums in another order may differ by, as a share of a tensor's root mean square: in double, in float, and in
  /// float behind norms over few elements.
  static let double = 1e-9
  static let float = 1e-4
  static let floatNormalised = 1e-3

  /// Expects the shape, the sampled elements and the moments of a golden tensor.
  static func expect(_ tensor: Tensor, equals name: String, in file: GoldenFile = file, tolerance: Double) {
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

  /// The lines of `Fixtures/names/<file>.txt`: name and shape.
  static func names(_ file: String) throws -> [String] {
    try String(contentsOfFile: path("names/" + file, "txt"), encoding: .utf8).split(separator: "\n").map(String.init)
  }

  /// A module's state dict as such lines.
  static func names(of module: Module) -> [String] { names(of: module.stateDict()) }

  /// A state dict as such lines.
  static func names(of state: StateDict) -> [String] {
    state.entries.map { name, tensor in
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      return "\(name) \(shape.isEmpty ? "-" : shape)"
    }
  }

  /// The greatest difference over the greatest element.
  static func difference(_ a: Tensor, _ b: Tensor) -> Double {
    (a - b).abs().max().scalar / b.abs().max().scalar
  }
}
