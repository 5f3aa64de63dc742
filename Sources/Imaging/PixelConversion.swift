// Between bytes and floats without checks, so that loops over pixels become vector code.

extension Float {
  /// The nearest whole number, halves to the even one; for values in 0...255.
  @inline(__always) var roundedByte: UInt8 {
    // Floats from 2^23 on are whole, so the sum is rounded and its lowest bits are the number.
    UInt8(truncatingIfNeeded: (self + 8_388_608).bitPattern)
  }

  /// The whole number below, for values in 0...255; larger and smaller ones give the nearest end.
  @inline(__always) var truncatedByte: UInt8 {
    let inside = self < 0 ? 0 : (self > 255 ? 255 : self)
    let nearest = (inside + 8_388_608) - 8_388_608
    return (nearest > inside ? nearest - 1 : nearest).roundedByte
  }
}

extension SIMD4<Float> {
  /// The RGB pixel at an address; the fourth value is that of the byte behind it, which must exist.
  @inline(__always) init(pixelAt place: UnsafePointer<UInt8>) {
    let bytes = UnsafeRawPointer(place).loadUnaligned(as: UInt32.self).littleEndian
    self = SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: unsafeBitCast(bytes, to: SIMD4<UInt8>.self)))
  }

  /// The RGB pixel at an address that nothing need lie behind.
  @inline(__always) init(lastPixelAt place: UnsafePointer<UInt8>) {
    self.init(Float(place[0]), Float(place[1]), Float(place[2]), 0)
  }

  /// Writes the first three values as bytes, rounded as `roundedByte`; for values in 0...255.
  @inline(__always) func writePixel(to place: UnsafeMutablePointer<UInt8>) {
    let bits = unsafeBitCast(self + SIMD4(repeating: 8_388_608), to: SIMD4<UInt32>.self)
    place[0] = UInt8(truncatingIfNeeded: bits.x)
    place[1] = UInt8(truncatingIfNeeded: bits.y)
    place[2] = UInt8(truncatingIfNeeded: bits.z)
  }
}
