import Annotations
import Torch

/// `Image.warped` as tensor operations: bilinear, pixel centres at halves, rounded to the nearest value (halves to the even one),
/// `fill` outside the image and as a neighbour of its edge.
///
/// Weights are cut off after 24 bits as on the host. The host adds up its places along a row in fixed point, and does not cut off
/// weights at the image's edge, so a value that lies at a half may round to the other side here: one grey level.
struct DeviceWarp {
  /// From a point of the result to the point of the image that it shows.
  let back: AffineMap
  /// The value of all channels where the image does not reach.
  let fill: UInt8

  /// The moved pixels, uint8 [H, W, 3] as those given.
  func applied(to pixels: Tensor) -> Tensor {
    let (height, width) = (pixels.size(0), pixels.size(1))
    // The fill around the image: one pixel before it and two behind, as the last place has a neighbour too.
    let padded = pixels.padded([0, 0, 1, 2, 1, 2], value: Double(fill)).flattened(from: 0, through: 1)
    let row = width + 3
    let x = places(back.a, back.b, back.tx, ofPixelsLike: pixels).clamped(min: -1, max: Double(width))
    let y = places(back.c, back.d, back.ty, ofPixelsLike: pixels).clamped(min: -1, max: Double(height))
    let (left, top) = (x.floor(), y.floor())
    let upperLeft = (top.to(.int64).multiplied(by: row) + left.to(.int64)).adding(row + 1)

    /// The pixels so many behind the upper left ones, float32 [H · W, 3].
    func neighbors(_ distance: Int) -> Tensor {
      padded.sliced(axis: 0, from: distance).gathered(upperLeft).to(.float32)
    }
    func mix(_ a: Tensor, _ b: Tensor, _ weight: Tensor) -> Tensor { a + (b - a) * weight }
    /// How far a place lies behind the index before it, cut off after 24 bits: float32 [H · W, 1].
    func weight(_ place: Tensor, behind index: Tensor) -> Tensor {
      (((place - index) * 0x1p24).floor() * 0x1p-24).to(.float32).unsqueezed(1)
    }
    let (right, below) = (weight(x, behind: left), weight(y, behind: top))
    let upper = mix(neighbors(0), neighbors(1), right)
    let lower = mix(neighbors(row), neighbors(row + 1), right)
    return mix(upper, lower, below).rounded().to(.uint8).reshaped(height, width, 3)
  }

  /// One coordinate of the image's points that pixels show, in indices of its pixels, which lie at centres: float64 [H · W].
  private func places(_ a: Double, _ b: Double, _ offset: Double, ofPixelsLike pixels: Tensor) -> Tensor {
    let rows = Tensor.indices(pixels.size(0), device: pixels.device).to(.float64)
    let columns = Tensor.indices(pixels.size(1), device: pixels.device).to(.float64)
    // In the host's order of sums.
    let starts = (rows + 0.5) * b + 0.5 * a + offset - 0.5
    return (starts.unsqueezed(1) + columns * a).flattened()
  }
}
