/// A colour of three 8-bit values.
public struct RGB: Sendable, Hashable {
  /// Red, 0...255.
  public var r: UInt8
  /// Green, 0...255.
  public var g: UInt8
  /// Blue, 0...255.
  public var b: UInt8

  /// A colour by its three values.
  public init(_ r: UInt8, _ g: UInt8, _ b: UInt8) {
    self.r = r
    self.g = g
    self.b = b
  }

  /// A colour by its web number, for example `0xFF8000` for orange.
  public init(hex: UInt32) {
    self.init(UInt8(hex >> 16 & 255), UInt8(hex >> 8 & 255), UInt8(hex & 255))
  }

  /// A colour by hue in turns, saturation and value in 0...1.
  public init(hue: Double, saturation: Double, value: Double) {
    let sixth = (hue - hue.rounded(.down)) * 6
    func channel(_ shift: Double) -> UInt8 {
      let k = (shift + sixth).truncatingRemainder(dividingBy: 6)
      let level = value - value * saturation * max(0, min(k, 4 - k, 1))
      return UInt8((level * 255).rounded())
    }
    self.init(channel(5), channel(3), channel(1))
  }

  /// Black.
  public static let black = RGB(0, 0, 0)
  /// White.
  public static let white = RGB(255, 255, 255)

  /// Relative luminance, 0...255 (Rec. 709 weights on the stored values).
  public var luminance: Double { 0.2126 * Double(r) + 0.7152 * Double(g) + 0.0722 * Double(b) }

  /// Black or white, whichever is easier to read on this colour.
  public var contrasting: RGB { luminance > 140 ? .black : .white }
}
