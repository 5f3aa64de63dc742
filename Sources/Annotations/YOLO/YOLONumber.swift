/// The numbers of YOLO's rows: shares of the image's width or height, as decimals.
///
/// Ten decimals are written. An edge of a box comes from two of them, so it is off by at most 0.75·10⁻¹⁰ of the image's side:
/// by 1.2·10⁻⁶ pixels in an image of 16,384. What is read is rounded to a hundred-thousandth of a pixel, so coordinates
/// with up to five decimals come back as they were in images of up to 65,000 pixels a side. (The five or six decimals that
/// other tools write are off by 0.04 or 0.004 pixels in an image of 4,000.)
enum YOLONumber {
  private static let decimals = 10
  private static let scale = 1e10
  private static let grid = 1e5

  /// A share in units of the last decimal; nil for what is no number or far outside the image.
  static func fixed(_ pixels: Double, of side: Int) -> Int? {
    let value = (pixels / Double(side) * scale).rounded()
    return abs(value) < 1e15 ? Int(value) : nil
  }

  /// The share that reads back from the text of `fixed`: both are correctly rounded from the same decimal.
  static func share(_ fixed: Int) -> Double { Double(fixed) / scale }

  /// Pixels on the grid; adding 0 makes 0 of -0.
  static func pixels(_ value: Double) -> Double { (value * grid).rounded() / grid + 0 }

  /// The box of a centre and a size in shares.
  static func box(_ cx: Double, _ cy: Double, _ w: Double, _ h: Double, height: Int, width: Int) -> Box {
    let (height, width) = (Double(height), Double(width))
    return Box(
      x0: pixels((cx - w / 2) * width), y0: pixels((cy - h / 2) * height), x1: pixels((cx + w / 2) * width),
      y1: pixels((cy + h / 2) * height))
  }

  /// Appends a share as a decimal, by integers alone.
  static func append(_ fixed: Int, to bytes: inout [UInt8]) {
    var rest = fixed.magnitude
    if fixed < 0 { bytes.append(UInt8(ascii: "-")) }
    let whole = rest / 10_000_000_000
    append(whole: whole, to: &bytes)
    rest -= whole * 10_000_000_000
    guard rest > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    let start = bytes.count
    for _ in 0..<decimals { bytes.append(UInt8(ascii: "0")) }
    var at = start + decimals
    while rest > 0 {
      at -= 1
      bytes[at] += UInt8(rest % 10)
      rest /= 10
    }
    while bytes[bytes.count - 1] == UInt8(ascii: "0") { bytes.removeLast() }
  }

  /// Appends a whole number.
  static func append(whole: UInt, to bytes: inout [UInt8]) {
    if whole >= 10 { append(whole: whole / 10, to: &bytes) }
    bytes.append(UInt8(ascii: "0") + UInt8(whole % 10))
  }
}
