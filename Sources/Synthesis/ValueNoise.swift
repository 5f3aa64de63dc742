import Randomness

/// Smooth noise: random values on a lattice of cells with smooth transitions, several sizes of cells on top of each
/// other.
struct ValueNoise {
  private let lattice: [Float]
  private static let side = 32

  /// Draws the lattice.
  init(using random: inout SeededGenerator) {
    lattice = (0..<ValueNoise.side * ValueNoise.side).map { _ in Float(random.uniform()) }
  }

  /// One size of cells; a place is counted in cells, and the pattern repeats after 32 of them. In 0...1.
  func value(_ x: Float, _ y: Float) -> Float {
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let (fx, fy) = (x - left, y - top)
    let (sx, sy) = (fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy))
    let mask = ValueNoise.side - 1
    let (column, row) = (Int(left) & mask, Int(top) & mask)
    let (next, below) = ((column + 1) & mask, (row + 1) & mask)
    return lattice.withUnsafeBufferPointer { lattice in
      let upper = lattice[row << 5 | column] * (1 - sx) + lattice[row << 5 | next] * sx
      let lower = lattice[below << 5 | column] * (1 - sx) + lattice[below << 5 | next] * sx
      return upper * (1 - sy) + lower * sy
    }
  }

  /// Sizes of cells halved from one octave to the next, each with half the weight. About 0.5 on average, in 0...1.
  func fractal(_ x: Float, _ y: Float, octaves: Int) -> Float {
    var (sum, weight, total, scale) = (Float(0), Float(1), Float(0), Float(1))
    for octave in 0..<octaves {
      // Shifted, so that the lattices of the octaves do not meet in one corner.
      let shift = Float(octave) * 7.31
      sum += weight * value(x * scale + shift, y * scale + shift)
      total += weight
      weight *= 0.5
      scale *= 2
    }
    return sum / total
  }
}
