extension String {
  /// How many columns a terminal takes for the text: two for a character of East Asian width `W` or `F` (Unicode UAX #11), else one.
  public var columns: Int {
    utf8.allSatisfy { $0 < 128 }
      ? utf8.count
      : reduce(0) { sum, character in
        let isWide = character.unicodeScalars.first.map { scalar in Self.wide.contains { $0 ~= scalar.value } } ?? false
        return sum + (isWide ? 2 : 1)
      }
  }

  /// Blocks of wide characters: Hangul, CJK with its signs and kana, forms of full width, pictographs.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
    0x20000...0x3FFFD,
  ]
}
