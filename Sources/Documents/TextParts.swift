// Lines and words of text, as Swift's characters have them (`Character.isNewline`, `Character.isWhitespace`). Most files are ASCII, whose
// bytes say it: going through characters takes ten times as long.

extension String {
  /// What stands between newlines, blank lines too: U+000A to U+000D, U+0085, U+2028 and U+2029, of which U+000D U+000A is one.
  public var lines: [Substring] {
    let ends = utf8.withContiguousStorageIfAvailable(Self.lineEnds)
    guard let ends else { return split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) }
    var lines: [Substring] = []
    lines.reserveCapacity(ends.count + 1)
    var start = startIndex
    for end in ends {
      lines.append(self[start..<utf8.index(startIndex, offsetBy: end.lowerBound)])
      start = utf8.index(startIndex, offsetBy: end.upperBound)
    }
    lines.append(self[start...])
    return lines
  }

  /// The places of newlines among bytes of UTF-8. They are never a part of a character with others.
  private static func lineEnds(_ bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var ends: [Range<Int>] = []
    var at = 0
    func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }
    while at < bytes.count {
      let length: Int
      switch bytes[at] {
      case 0x0A, 0x0B, 0x0C: length = 1
      case 0x0D: length = byte(at + 1) == 0x0A ? 2 : 1
      case 0xC2: length = byte(at + 1) == 0x85 ? 2 : 0
      case 0xE2: length = byte(at + 1) == 0x80 && byte(at + 2) | 1 == 0xA9 ? 3 : 0
      default: length = 0
      }
      if length > 0 { ends.append(at..<at + length) }
      at += length > 0 ? length : 1
    }
    return ends
  }
}

extension StringProtocol {
  /// What stands between white space.
  public var words: [SubSequence] {
    let ranges = utf8.withContiguousStorageIfAvailable { bytes -> [Range<Int>]? in
      guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
      return bytes.indices.split(whereSeparator: { bytes[$0].isBlank })
    }
    guard let ranges, let ranges else { return split(whereSeparator: \.isWhitespace) }
    return ranges.map {
      self[utf8.index(startIndex, offsetBy: $0.lowerBound)..<utf8.index(startIndex, offsetBy: $0.upperBound)]
    }
  }

  /// The text without white space at its ends.
  public var trimmed: String {
    let plain = utf8.withContiguousStorageIfAvailable { bytes -> String? in
      guard let first = bytes.firstIndex(where: { !$0.isBlank }), let last = bytes.lastIndex(where: { !$0.isBlank })
      else { return "" }
      // Other bytes may be white space too, or belong to a character that begins with it.
      guard bytes[first] < 0x80, bytes[last] < 0x80 else { return nil }
      return String(decoding: UnsafeBufferPointer(rebasing: bytes[first...last]), as: UTF8.self)
    }
    if let plain, let plain { return plain }
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return ""
    }
    return String(self[first...last])
  }
}

extension UInt8 {
  /// Whether it is white space of ASCII: U+0009 to U+000D and U+0020.
  public var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
