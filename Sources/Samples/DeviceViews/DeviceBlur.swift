import Imaging
import Torch

/// `Image.blur` as tensor operations: whole numbers throughout, so the bytes are the host's.
struct DeviceBlur {
  private let box: BlurBox

  init(_ box: BlurBox) { self.box = box }

  /// The blurred pixels, uint8 [H, W, 3] as those given.
  func applied(to pixels: Tensor) -> Tensor {
    var values = pixels.to(.int64)
    for axis in [1, 0] {
      for _ in 0..<BlurBox.passes { values = pass(values, axis) }
    }
    return values.to(.uint8)
  }

  private func pass(_ values: Tensor, _ axis: Int) -> Tensor {
    let (count, reach) = (values.size(axis), box.radius + 1)
    let places = Tensor.indices(count + 2 * reach, device: values.device).adding(-reach)
      .clamped(min: 0, max: Double(count - 1))
    let padded = values.gathered(places, axis: axis)
    func tap(_ number: Int) -> Tensor { padded.sliced(axis: axis, from: number, to: number + count) }
    let inside = (2..<2 * reach).reduce(tap(1)) { $0 + tap($1) }
    let ends = tap(0) + tap(2 * reach)
    let sum = inside.multiplied(by: Int(box.weight)) + ends.multiplied(by: Int(box.edgeWeight))
    return sum.adding(1 << 23).quotient(by: 1 << 24)
  }
}
