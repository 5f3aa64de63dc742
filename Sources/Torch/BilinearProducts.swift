/// Bilinear resizing as two products with matrices, one along each side: on a CPU the gradient of libtorch's own operator takes sixty
/// times as long as memory would allow, since it scatters single elements.
struct BilinearProducts {
  /// From columns to columns of the result, transposed: [w, W].
  private let alongWidth: Tensor
  /// From rows to rows of the result: [H, h].
  private let alongHeight: Tensor

  /// For maps [N, C, h, w] of a float type to [N, C, H, W].
  init(from map: Tensor, height: Int, width: Int, alignCorners: Bool) {
    func matrix(_ input: Int, _ output: Int) -> Tensor {
      var values = [Double](repeating: 0, count: output * input)
      for index in 0..<output {
        let (low, share) = Self.place(of: index, input: input, output: output, alignCorners: alignCorners)
        values[index * input + low] += 1 - share
        values[index * input + min(low + 1, input - 1)] += share
      }
      return Tensor(values, shape: [output, input]).to(Self.type(of: map))
    }
    alongWidth = matrix(map.size(3), width).transposed(0, 1).contiguous()
    alongHeight = matrix(map.size(2), height)
  }

  /// The map resized, in the map's type; products of 16-bit maps are taken in float32.
  func callAsFunction(_ map: Tensor) -> Tensor {
    let wide = map.to(Self.type(of: map)).contiguous().matrixProduct(alongWidth)
    return alongHeight.matrixProduct(wide).to(map.elementType)
  }

  private static func type(of map: Tensor) -> ElementType { map.elementType == .float64 ? .float64 : .float32 }

  /// The element before a place of the result, and how far the place lies behind it, as libtorch counts: with `alignCorners` corners lie on
  /// corners, else pixel centres at halves.
  private static func place(of index: Int, input: Int, output: Int, alignCorners: Bool) -> (low: Int, share: Double) {
    let place =
      alignCorners
      ? (output > 1 ? Double(index) * Double(input - 1) / Double(output - 1) : 0)
      : max(0, (Double(index) + 0.5) * Double(input) / Double(output) - 0.5)
    let low = min(Int(place), input - 1)
    return (low, min(max(place - Double(low), 0), 1))
  }
}
