import Foundation
import Layers
import TestSupport
import Torch

/// `Fixtures/layers.safetensors`, written by `tools/make-goldens/layers.py`.
enum LayersGolden {
  static let file = try! GoldenFile(
    path: Bundle.module.url(forResource: "Fixtures/layers", withExtension: "safetensors")!.path)

  static func tensor(_ name: String) -> Tensor { Tensor(file.floats(name), shape: file.shape(name)) }

  /// Numbers that the script makes as well.
  static func values(_ name: String, _ shape: [Int]) -> Tensor {
    Tensor(DeterministicWeights.elements(name, shape: shape), shape: shape)
  }

  /// Float32 rounding of the same formula in another order.
  static func areClose(_ a: Tensor, _ b: Tensor, tolerance: Double = 1e-6) -> Bool {
    a.shape == b.shape && (a - b).abs().max().scalar <= tolerance
  }
}

/// A convolution, its norm, and a linear layer.
final class SmallModel: Module {
  let firstStep: Convolution
  let norm: BatchNorm
  let heads: [Linear]
  let extra: Linear?
  let scale = Parameter(.ones([2]))
  let seen = Buffer(.zeros([], .int64))
  let name = "small"

  init(seed: UInt64 = 1, mode: BatchNorm.Mode = .trained, extra: Bool = false) {
    let generator = Generator(seed: seed)
    firstStep = Convolution(3, 4, kernel: 3, using: generator)
    norm = BatchNorm(4, mode: mode)
    heads = [Linear(4, 2, using: generator), Linear(4, 3, using: generator)]
    self.extra = extra ? Linear(2, 2, using: generator) : nil
  }
}
