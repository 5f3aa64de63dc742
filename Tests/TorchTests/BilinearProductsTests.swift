import Testing

@testable import Torch

/// Resizing by products of matrices beside libtorch's operator.
@Suite struct BilinearProductsTests {
  @Test(
    "the same map as the operator's, for all sizes and both conventions", arguments: [false, true],
    [(5, 7, 20, 29), (11, 15, 44, 60), (9, 4, 3, 2), (1, 1, 6, 5), (4, 6, 4, 6), (3, 5, 1, 1)])
  func equalsOperator(alignCorners: Bool, sizes: (Int, Int, Int, Int)) {
    let (h, w, height, width) = sizes
    let map = Tensor.normal([2, 3, h, w], using: Generator(seed: 1))
    let wanted = map.resizedBilinear(height: height, width: width, alignCorners: alignCorners)
    let found = BilinearProducts(from: map, height: height, width: width, alignCorners: alignCorners)(map)
    #expect(found.shape == [2, 3, height, width])
    #expect((found - wanted).abs().max().scalar < 1e-5)
  }

  @Test("maps of 16 bits stay that, and a map that wants a gradient goes this way")
  func types() {
    let map = Tensor.normal([1, 2, 4, 4], using: Generator(seed: 2)).to(.bfloat16)
    let found = BilinearProducts(from: map, height: 8, width: 8, alignCorners: false)(map)
    #expect(found.elementType == .bfloat16)
    let leaf = Tensor.normal([1, 2, 4, 4], using: Generator(seed: 2))
    leaf.requiresGradient = true
    let resized = leaf.resizedBilinear(height: 8, width: 8, alignCorners: true)
    // Every element is shared out among places whose weights sum up to the growth of the map's sides.
    resized.sum().backward()
    #expect((leaf.gradient?.sum().scalar).map { abs($0 - 2 * 64) < 1e-3 } == true)
  }
}
