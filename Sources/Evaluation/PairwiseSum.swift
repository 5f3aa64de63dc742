/// The sum of `values` in NumPy's order: halves down to blocks of 128, each added up in eight lanes.
///
/// A plain loop would be as right, but means that are to equal the reference's in the last bit need its order.
func pairwiseSum(_ values: UnsafeBufferPointer<Double>) -> Double {
  let count = values.count
  if count < 8 {
    // NumPy starts from -0.0, so that a sum of negative zeros stays one.
    var sum = -0.0
    for value in values { sum += value }
    return sum
  }
  if count <= 128 {
    var lanes = SIMD8<Double>()
    for lane in 0..<8 { lanes[lane] = values[lane] }
    var index = 8
    while index < count - count % 8 {
      for lane in 0..<8 { lanes[lane] += values[index + lane] }
      index += 8
    }
    var sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
    while index < count {
      sum += values[index]
      index += 1
    }
    return sum
  }
  let half = count / 2 - (count / 2) % 8
  return pairwiseSum(UnsafeBufferPointer(rebasing: values[..<half]))
    + pairwiseSum(UnsafeBufferPointer(rebasing: values[half...]))
}
