import Torch

/// Channels of a backbone's maps that are dropped at random: a perturbation of features in place of pixels.
enum FeatureDropout {
  /// Maps in which each channel of each image is dropped with a probability, and scaled up otherwise (Tompson et al. 2015): UniMatch's
  /// perturbation of features, 0.5 as released.
  static func dropped(_ maps: [Tensor], rate: Double, using generator: Generator) -> [Tensor] {
    maps.map { map in
      let isKept: Tensor = Tensor.uniform([map.size(0), map.size(1), 1, 1], using: generator) .>= rate
      return map * (isKept.to(map.device).to(map.elementType) / (1 - rate))
    }
  }

  /// Maps of two views of the same images, [2 N, …], the first of all of them before the second: each channel goes into one of the
  /// two views, doubled, and is dropped in the other. For half of the images, drawn at random and rounded down, nothing is dropped.
  ///
  /// Source: UniMatch V2 (Yang et al. 2025), section 3.3, as released. There one mask serves all of a transformer's maps, which have as many
  /// channels as each other; here each map has its own.
  static func complementary(_ maps: [Tensor], using generator: Generator) -> [Tensor] {
    guard let count = maps.first.map({ $0.size(0) / 2 }) else { return maps }
    let order = Tensor.permutation(count, using: generator)
    let isWhole = (order .< Double(count / 2)).reshaped(-1, 1, 1, 1).to(.float32)
    return maps.map { map in
      let drawn: Tensor = Tensor.uniform([count, map.size(1), 1, 1], using: generator) .>= 0.5
      let first = drawn.to(.float32) * 2
      let masks = [first, 2 - first].map { isWhole + (1 - isWhole) * $0 }
      return map * concatenate(masks).to(map.device).to(map.elementType)
    }
  }
}
