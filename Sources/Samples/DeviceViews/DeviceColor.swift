import Imaging
import Torch

extension ColorOperation {
  /// What `apply(to:)` does to an image, byte for byte, by operations of the device that the pixels lie on.
  ///
  /// Differences, products and sums are operations of their own: one operation for several may round once where the host rounds
  /// twice. Counts and greys are whole numbers, whose sums know no order.
  ///
  /// - Parameter pixels: uint8 [H, W, 3].
  /// - Returns: the same shape and type.
  /// - Precondition: the parameters lie in their ranges.
  func applied(to pixels: Tensor) -> Tensor {
    checkParameters()
    var values: Tensor { Tensor.indices(256, device: pixels.device) }
    switch self {
    case .identity: return pixels
    case .autoContrast: return DeviceTables(autoContrast: pixels).applied(to: pixels)
    case .equalize: return DeviceTables(equalizing: pixels).applied(to: pixels)
    case .solarize(let threshold):
      let values = values
      let table = select(values .< Double(threshold), values, else: values.multiplied(by: -1).adding(255))
      return DeviceTables(table.to(.uint8)).applied(to: pixels)
    case .posterize(let bits):
      let step = 1 << (8 - bits)
      return DeviceTables(values.quotient(by: step).multiplied(by: step).to(.uint8)).applied(to: pixels)
    case .brightness(let factor):
      let black = Tensor.zeros([1], device: pixels.device)
      return DeviceTables(Self.mix(black, values.to(.float32), factor)).applied(to: pixels)
    case .contrast(let factor):
      return DeviceTables(Self.mix(Self.meanGrey(pixels), values.to(.float32), factor)).applied(to: pixels)
    case .color(let factor):
      return Self.mix(Self.grey(pixels).to(.float32).unsqueezed(2), pixels.to(.float32), factor)
    case .sharpness(let factor): return Self.mixWithSmooth(pixels, factor)
    case .ringBlur: return Self.blurredByRing(pixels)
    case .mixed(let operation, let share):
      return Self.mix(pixels.to(.float32), operation.applied(to: pixels).to(.float32), share)
    case .hue(let turn): return DeviceHue(shift: Int(Self.hueShift(turn))).applied(to: pixels)
    }
  }

  /// From degenerate values to the image's own (both float32) by a factor, in single precision, cut off towards 0: uint8.
  private static func mix(_ degenerate: Tensor, _ values: Tensor, _ factor: Double) -> Tensor {
    (degenerate + (values - degenerate) * factor).clamped(min: 0, max: 255).to(.uint8)
  }

  /// Grey of ITU-R 601 in 16-bit fixed point, int32 [H, W].
  private static func grey(_ pixels: Tensor) -> Tensor {
    let values = pixels.to(.int32)
    let parts = [19595, 38470, 7471].enumerated().map { values.selected($0, axis: 2).multiplied(by: $1) }
    return (parts[0] + parts[1] + parts[2]).adding(32768).quotient(by: 65536)
  }

  /// The mean grey as a whole number, float32 [1].
  private static func meanGrey(_ pixels: Tensor) -> Tensor {
    // A quotient of two tensors: one by a number may be a product with its reciprocal, which rounds twice.
    let count = Tensor.full([1], Double(pixels.size(0) * pixels.size(1)), .float64, device: pixels.device)
    return (grey(pixels).sum().to(.float64) / count + 0.5).to(.int64).to(.float32)
  }

  /// The mean of the 16 pixels at a distance of two, halves up; the two outermost rows and columns stay as they are.
  private static func blurredByRing(_ pixels: Tensor) -> Tensor {
    let (height, width) = (pixels.size(0), pixels.size(1))
    guard height >= 5, width >= 5 else { return pixels }
    let values = pixels.to(.int32)
    func tap(_ tensor: Tensor, _ axis: Int, _ number: Int) -> Tensor {
      tensor.sliced(axis: axis, from: number, to: tensor.size(axis) - 4 + number)
    }
    func sum(_ tensor: Tensor, _ axis: Int, _ taps: ClosedRange<Int>) -> Tensor {
      taps.dropFirst().reduce(tap(tensor, axis, taps.lowerBound)) { $0 + tap(tensor, axis, $1) }
    }
    let ring = sum(sum(values, 0, 0...4), 1, 0...4) - sum(sum(values, 0, 1...3), 1, 1...3)
    let result = pixels.copied()
    result.sliced(axis: 0, from: 2, to: height - 2).sliced(axis: 1, from: 2, to: width - 2)
      .copyInPlace(from: ring.adding(8).quotient(by: 16).to(.uint8))
    return result
  }

  /// The smoothed pixel is the mean of 3 by 3 with five parts of the middle one; the outermost pixels stay as they are.
  private static func mixWithSmooth(_ pixels: Tensor, _ factor: Double) -> Tensor {
    let (height, width) = (pixels.size(0), pixels.size(1))
    guard height >= 3, width >= 3 else { return pixels }
    /// The neighbours of the inner elements along an axis: before, the same, behind.
    func neighbors(_ tensor: Tensor, _ axis: Int) -> [Tensor] {
      (0..<3).map { tensor.sliced(axis: axis, from: $0, to: tensor.size(axis) - 2 + $0) }
    }
    func sum(_ tensors: [Tensor]) -> Tensor { tensors[0] + tensors[1] + tensors[2] }
    let values = pixels.to(.int32)
    let middle = neighbors(neighbors(values, 0)[1], 1)[1]
    let total = sum(neighbors(sum(neighbors(values, 0)), 1)) + middle.multiplied(by: 4)
    // The total over 13, rounded; 13 is odd, so there are no halves.
    let smooth = total.multiplied(by: 2).adding(13).quotient(by: 26)
    let result = pixels.copied()
    result.sliced(axis: 0, from: 1, to: height - 1).sliced(axis: 1, from: 1, to: width - 1)
      .copyInPlace(from: mix(smooth.to(.float32), middle.to(.float32), factor))
    return result
  }
}
