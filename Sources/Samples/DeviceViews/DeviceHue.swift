import Imaging
import Torch

/// A turned hue as tensor operations, byte for byte as `ColorOperation.hue` of an image: by way of Pillow's HSV of 8 bits.
///
/// Quotients are of two tensors: one by a number may be a product with its reciprocal, which rounds twice. What is rounded to a float
/// in Pillow's C is here, and nothing else.
struct DeviceHue {
  /// In 255 parts of the circle.
  let shift: Int

  /// The changed pixels, uint8 [H, W, 3] as those given.
  func applied(to pixels: Tensor) -> Tensor {
    let device = pixels.device
    func number(_ value: Double) -> Tensor { Tensor.full([1], value, .float64, device: device) }
    let values = pixels.to(.int64)
    let (red, green, blue) = (values.selected(0, axis: 2), values.selected(1, axis: 2), values.selected(2, axis: 2))
    let most = maximum(maximum(red, green), blue)
    let range = most - minimum(minimum(red, green), blue)
    let divisor = range.clamped(min: 1).to(.float32)
    func distance(_ channel: Tensor) -> Tensor { (most - channel).to(.float32) / divisor }
    let (r, g, b) = (distance(red), distance(green), distance(blue))
    let fromGreen = (r.to(.float64) + 2 - b.to(.float64)).to(.float32)
    let fromBlue = (g.to(.float64) + 4 - r.to(.float64)).to(.float32)
    let sector = select(red .== most, b - g, else: select(green .== most, fromGreen, else: fromBlue))
    let turned = sector.to(.float64) / number(6) + 1
    let hue = select(turned .>= 1, turned - 1, else: turned).to(.float32)
    let saturation = range.to(.float32) / most.clamped(min: 1).to(.float32)
    // Colours without a range have no saturation, whatever their hue.
    let h = (hue.to(.float64) * 255).to(.int64).adding(shift).remainder(by: 256)
    let s = (saturation.to(.float64) * 255).to(.int64)

    let position = h.to(.float64) * 6 / number(255)
    let part = position.to(.int64)
    let rest = (position - part.to(.float64)).to(.float32)
    let share = (s.to(.float64) / number(255)).to(.float32)
    let value = most.to(.float64)
    func mixed(_ amount: Tensor) -> Tensor { (value * (1 - amount) + 0.5).to(.int64) }
    let low = mixed(share.to(.float64))
    let falling = mixed((share * rest).to(.float64))
    let rising = mixed(share.to(.float64) * (1 - rest.to(.float64)))
    let sixth = part.remainder(by: 6)
    /// A channel's values in the six parts of the circle.
    func channel(_ parts: [Tensor]) -> Tensor {
      parts.enumerated().dropFirst().reduce(parts[0]) { select(sixth .== $1.offset, $1.element, else: $0) }
    }
    return stack(
      [
        channel([most, falling, low, low, rising, most]), channel([rising, most, most, falling, low, low]),
        channel([low, low, rising, most, most, falling]),
      ], axis: 2
    ).to(.uint8)
  }
}
