/// Reads plain JSON from bytes in memory, without allocating: texts of ASCII without escapes, numbers, `true`, `false`
/// and `null`, by JSON's grammar and not beyond it.
///
/// Each method takes what it is asked for, white space before it included, or says no. A no is no error: the value is then a
/// ``JSONElement``, whose scan takes all that JSON allows and finds the words for what it does not. Whatever is taken here has the
/// value that it has there, which is json-c's.
public struct JSONCursor {
  /// The bytes. Nothing beyond them is looked at.
  public let bytes: UnsafeRawBufferPointer
  @usableFromInline let end: Int
  /// The position of the next byte.
  public var at: Int

  /// Arrays within each other that are still plain.
  static let deepest = 16

  /// A cursor over bytes that outlive it.
  public init(_ bytes: UnsafeRawBufferPointer, at: Int = 0) {
    self.bytes = bytes
    self.at = at
    end = bytes.count
  }

  /// Goes on to the next byte that is not white space.
  @inlinable @inline(__always)
  public mutating func skipSpace() {
    while at < end, bytes[at] <= 32 {
      let byte = bytes[at]
      guard byte == 32 || byte == 10 || byte == 13 || byte == 9 else { return }
      at += 1
    }
  }

  /// Takes this byte of the grammar.
  @inlinable @inline(__always)
  public mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard at < end, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  /// The byte that the next value begins with; 0 where there is none.
  @inlinable @inline(__always)
  public mutating func peek() -> UInt8 {
    skipSpace()
    return at < end ? bytes[at] : 0
  }

  /// Takes a text in quotes; gives what is between them.
  public mutating func text() -> Range<Int>? { text(withEscapes: false) }

  /// Takes a text in quotes that may have escapes of one letter, as run lengths have; gives what is between the quotes
  /// as it stands.
  public mutating func escapedText() -> Range<Int>? { text(withEscapes: true) }

  private mutating func text(withEscapes: Bool) -> Range<Int>? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let first = at
    while true {
      // Eight bytes at a time: the top bit of each tells whether it is below 32, a quote, a backslash or beyond ASCII.
      // A borrow may set it for later bytes, too, so only the first one found is trusted.
      while at + 8 <= end {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        let control = word &- 0x2020_2020_2020_2020
        let quote = (word ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101
        let backslash = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101
        let found = (word | control | quote | backslash) & 0x8080_8080_8080_8080
        if found != 0 {
          at += found.trailingZeroBitCount >> 3
          break
        }
        at += 8
      }
      guard at < end else { return nil }
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        at += 1
        return first..<at - 1
      }
      guard byte >= 32, byte < 128 else { return nil }
      if byte == UInt8(ascii: "\\") {
        guard withEscapes, at + 1 < end, Self.isEscape(bytes[at + 1]) else { return nil }
        at += 1
      }
      at += 1
    }
  }

  static func isEscape(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      true
    default: false
    }
  }

  /// Takes a key and its colon.
  public mutating func key() -> Range<Int>? {
    guard let key = text(), take(UInt8(ascii: ":")) else { return nil }
    return key
  }

  /// Whether a range holds this text.
  @inlinable @inline(__always)
  public func holds(_ range: Range<Int>, _ text: StaticString) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    for index in 0..<text.utf8CodeUnitCount where bytes[range.lowerBound + index] != text.utf8Start[index] {
      return false
    }
    return true
  }

  /// Whether two ranges hold the same text.
  public func isSame(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    one.count == other.count && bytes[one].elementsEqual(bytes[other])
  }

  /// What a range holds.
  public func string(_ range: Range<Int>) -> String {
    String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }

  /// Takes `true`, `false` or `null`.
  public mutating func take(word: StaticString) -> Bool {
    skipSpace()
    let count = word.utf8CodeUnitCount
    guard at + count <= end, holds(at..<at + count, word) else { return false }
    at += count
    return true
  }

  /// Takes an integer of up to 18 digits, written as one.
  public mutating func int() -> Int? {
    skipSpace()
    var position = at
    let isNegative = position < end && bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let first = position
    var value = 0
    while position < end {
      let digit = bytes[position] &- 48
      guard digit < 10 else { break }
      guard position - first < 18 else { return nil }
      value = value &* 10 &+ Int(digit)
      position += 1
    }
    guard position > first, position < end, bytes[first] != 48 || position == first + 1 && !isNegative,
      bytes[position] != UInt8(ascii: "."), (bytes[position] | 32) != UInt8(ascii: "e")
    else { return nil }
    at = position
    return isNegative ? -value : value
  }
}
