private let affineGridOperator = Operator("affine_grid_generator")
private let gridSamplerOperator = Operator("grid_sampler_2d")

extension Tensor {
  /// What lies beyond a map when it is sampled.
  public enum Beyond: Int, Sendable {
    /// Zeros.
    case zeros = 0
    /// The nearest element of the edge.
    case edge = 1
  }

  /// A map [N, C, h, w] sampled bilinearly where an affine map says, [N, C, height, width]. Gradients flow.
  ///
  /// - Parameters:
  ///   - places: float32 [N, 2, 3]: from a place of the result to one of this map, both from −1 to 1 from edge to edge (not from the
  ///     centres of the outermost elements); x before y.
  ///   - beyond: What lies beyond the map.
  public func sampledBilinear(at places: Tensor, height: Int, width: Int, beyond: Beyond = .zeros) -> Tensor {
    let grid = affineGridOperator(.tensor(places), .ints([size(0), size(1), height, width]), .bool(false))
    return gridSamplerOperator(.tensor(self), .tensor(grid), .int(0), .int(beyond.rawValue), .bool(false))
  }
}
