/// Weights that are computed from their names, so that a model here and its reference in Python can be filled alike
/// without a weight file. `tools/make-goldens/deterministic_weights.py` is the same in NumPy.
///
/// Element i of a tensor comes from u = the top 24 bits of SplitMix64's word i over 2²⁴, in [0, 1), the stream being
/// seeded with the FNV-1a hash of the name. Then, computed in double and rounded to float:
///  - `…running_var`, and a `…weight` of one axis: (2u − 1) / 2 + 1
///  - `…num_batches_tracked`: 0
///  - anything else of at most one axis (biases, running means): (2u − 1) / 10
///  - tensors of two axes and more: (2u − 1) · √(3 / fan in), which has variance 1 / fan in
public enum DeterministicWeights {
  /// The elements of the tensor `name` in row-major order.
  public static func elements(_ name: String, shape: [Int]) -> [Float] {
    let count = shape.reduce(1, *)
    if name.hasSuffix("num_batches_tracked") { return [Float](repeating: 0, count: count) }
    let fanIn = shape.dropFirst().reduce(1, *)
    let (scale, offset): (Double, Double)
    if shape.count >= 2 {
      (scale, offset) = ((3 / Double(fanIn)).squareRoot(), 0)
    } else if name.hasSuffix("running_var") || name.hasSuffix("weight") {
      (scale, offset) = (0.5, 1)
    } else {
      (scale, offset) = (0.1, 0)
    }
    var state = hash(name)
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      var index = 0
      while index < count {  // a plain loop: tests fill tens of millions of elements without optimisation
        state &+= 0x9E37_79B9_7F4A_7C15
        let u = Double(mixed(state) >> 40) / 16_777_216
        buffer[index] = Float((2 * u - 1) * scale + offset)
        index += 1
      }
      initialized = count
    }
  }

  /// FNV-1a over the name's UTF-8 bytes.
  private static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// SplitMix64's output function; written out here because what tests compare with must not lean on what they test.
  private static func mixed(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
