// Words of text, as Swift's characters have them (`Character.isWhitespace`). Most files are ASCII, whose
// bytes say it: going through characters takes ten times as long.

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
