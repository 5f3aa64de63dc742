/// The lines of a text, one after the other: no list of them is made, which would take fifty times the memory of short ones.
///
/// They go by bytes: going through characters takes ten times as long.
public struct TextLines: Sequence, IteratorProtocol {
  private let text: String
  /// Where the next line begins; nil behind the last one.
  private var start: Int? = 0

  fileprivate init(_ text: String) {
    var text = text
    text.makeContiguousUTF8()
    self.text = text
  }

  /// The next line without the newline at its end.
  public mutating func next() -> Substring? {
    guard let start else { return nil }
    let newline = text.utf8.withContiguousStorageIfAvailable { Self.newline(in: $0, from: start) } ?? nil
    self.start = newline?.upperBound
    let utf8 = text.utf8
    let first = utf8.index(utf8.startIndex, offsetBy: start)
    return text[first..<(newline.map { utf8.index(first, offsetBy: $0.lowerBound - start) } ?? utf8.endIndex)]
  }

  /// The place of the first newline among bytes of UTF-8. It is never a part of a character with others.
  private static func newline(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int>? {
    func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }
    for at in start..<bytes.count {
      let length: Int
      switch bytes[at] {
      case 0x0A, 0x0B, 0x0C: length = 1
      case 0x0D: length = byte(at + 1) == 0x0A ? 2 : 1
      case 0xC2: length = byte(at + 1) == 0x85 ? 2 : 0
      case 0xE2: length = byte(at + 1) == 0x80 && byte(at + 2) | 1 == 0xA9 ? 3 : 0
      default: length = 0
      }
      if length > 0 { return at..<at + length }
    }
    return nil
  }
}

extension String {
  /// What stands between newlines (`Character.isNewline`), blank lines too: U+000A to U+000D, U+0085, U+2028 and U+2029, of which
  /// U+000D U+000A is one.
  public var lines: TextLines { TextLines(self) }
}
