import Torch

/// What each value of each channel of an RGB image becomes: `ByteTables` of `Imaging` as a tensor of a device, made of the image's
/// histogram without waiting for the device.
struct DeviceTables {
  /// 256 values for red, then green, then blue: uint8 [768].
  private let values: Tensor

  /// One table for all channels, uint8 [256].
  init(_ table: Tensor) { values = table.repeated(3) }

  /// A table for each channel: `changed`, int64 [3, 256], where a channel is to change (bool [3, 1]), else its own values.
  private init(_ changed: Tensor, where changes: Tensor) {
    let unchanged = Tensor.indices(256, device: changed.device)
    values = select(changes, changed, else: unchanged).to(.uint8).flattened()
  }

  /// Stretches each channel to 0...255; a channel of one value stays.
  ///
  /// - Parameter pixels: uint8 [H, W, 3].
  init(autoContrast pixels: Tensor) {
    let (low, high) = Self.ends(of: Self.histogram(of: pixels))
    let range = high - low
    // A quotient of two tensors: one by a number may be a product with its reciprocal, which rounds twice.
    let scale = Tensor.full([1], 255, .float64, device: pixels.device) / range.clamped(min: 1).to(.float64)
    let offset = -low.to(.float64) * scale
    let stretched = Tensor.indices(256, device: pixels.device).to(.float64) * scale + offset
    self.init(stretched.to(.int64).clamped(min: 0, max: 255), where: range .> 0)
  }

  /// Spreads each channel by its cumulative counts; a channel of one value stays, and so does one of fewer than 255 pixels
  /// beside the brightest.
  ///
  /// - Parameter pixels: uint8 [H, W, 3].
  init(equalizing pixels: Tensor) {
    let counts = Self.histogram(of: pixels)
    let brightest = counts.picked(Self.ends(of: counts).high, axis: 1)
    let step = (counts.sum(1, keepingAxes: true) - brightest).quotient(by: 255)
    let sums = counts.cumulativeSum(1) - counts + step.quotient(by: 2)
    self.init(sums.quotient(by: step.clamped(min: 1)).clamped(max: 255), where: step .> 0)
  }

  /// With every value replaced, uint8 [H, W, 3] as given.
  func applied(to pixels: Tensor) -> Tensor { values.gathered(Self.places(of: pixels)).reshaped(pixels.shape) }

  /// Where the values of pixels stand in the tables: int64 [H · W · 3].
  private static func places(of pixels: Tensor) -> Tensor {
    (pixels.to(.int64) + Tensor.indices(3, device: pixels.device).multiplied(by: 256)).flattened()
  }

  /// How often each value occurs in each channel, int64 [3, 256].
  private static func histogram(of pixels: Tensor) -> Tensor {
    places(of: pixels).occurrences(below: 768).reshaped(3, 256)
  }

  /// The least and the greatest value that occur in each channel, int64 [3, 1].
  private static func ends(of counts: Tensor) -> (low: Tensor, high: Tensor) {
    let value = Tensor.indices(256, device: counts.device)
    let occurs = counts .> 0
    let low = select(occurs, value, else: value.multiplied(by: 0).adding(255)).min(1).values
    let high = select(occurs, value, else: value.multiplied(by: 0)).max(1).values
    return (low.unsqueezed(1), high.unsqueezed(1))
  }
}
