/// A number as a ``JSONCursor`` takes it.
public struct JSONNumber {
  /// The nearest double, ties to even: bit for bit what `strtod` gives.
  public let value: Double
  /// Where its text stands.
  public let range: Range<Int>
  /// Whether `JSON.text(of: value)` is that very text.
  public let isUsualText: Bool
}

extension JSONCursor {
  /// 10⁰ to 10²², all of which are doubles.
  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// 10⁰ to 10¹⁹, all of which are 64-bit integers.
  private static let wholePowers: [UInt64] = (0...19).map { exponent in
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  /// Takes a number. `-0` is none of the plain ones: json-c reads it as the integer 0.
  public mutating func number() -> JSONNumber? {
    skipSpace()
    let first = at
    var position = first
    let isNegative = position < end && bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let wholeStart = position
    var digits: UInt64 = 0
    // Digits from the first one that is not 0.
    var significant = 0
    func isDigit(_ position: Int) -> Bool { position < end && bytes[position] &- 48 < 10 }
    while isDigit(position) {
      if significant < 19 { digits = digits &* 10 &+ UInt64(bytes[position] &- 48) }
      if digits != 0 { significant += 1 }
      position += 1
    }
    let whole = position - wholeStart
    guard whole > 0, position < end, bytes[wholeStart] != 48 || whole == 1 else { return nil }
    var fraction = 0
    if bytes[position] == UInt8(ascii: ".") {
      position += 1
      let point = position
      while isDigit(position) {
        if significant < 19 { digits = digits &* 10 &+ UInt64(bytes[position] &- 48) }
        if digits != 0 { significant += 1 }
        position += 1
      }
      fraction = position - point
      guard fraction > 0, position < end else { return nil }
    }
    if (bytes[position] | 32) == UInt8(ascii: "e") {
      position += 1
      if position < end, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
      let exponent = position
      while isDigit(position) { position += 1 }
      guard position > exponent, position < end else { return nil }
      return other(first..<position)
    }
    if fraction == 0 {
      guard whole <= 18, !(isNegative && digits == 0) else { return nil }
      at = position
      let value = isNegative ? -Double(digits) : Double(digits)
      return JSONNumber(value: value, range: first..<position, isUsualText: significant <= 15)
    }
    guard significant <= 19, fraction <= 19 else { return other(first..<position) }
    let size =
      digits < 1 << 53
      ? Double(digits) / Self.powers[fraction] : Self.quotient(digits, Self.wholePowers[fraction])
    at = position
    return JSONNumber(
      value: isNegative ? -size : size, range: first..<position,
      // A decimal of 15 digits is the only one so short that reads as its double. Below 0.0001 the usual text has an
      // exponent.
      isUsualText: significant <= 15 && bytes[position - 1] != 48 && size >= 0.0001)
  }

  /// Takes a number that follows the grammar by the library's own conversion.
  private mutating func other(_ range: Range<Int>) -> JSONNumber? {
    guard let value = Double(string(range)), value.isFinite else { return nil }
    at = range.upperBound
    return JSONNumber(value: value, range: range, isUsualText: false)
  }

  /// The double nearest to a quotient of integers that are not 0, by one division of 128 bits.
  static func quotient(_ dividend: UInt64, _ divisor: UInt64) -> Double {
    let (up, down) = (dividend.leadingZeroBitCount, divisor.leadingZeroBitCount)
    let scaled = dividend << up
    let (quotient, remainder) = (divisor << down).dividingFullWidth((scaled >> 1, scaled << 63))
    // At least 63 bits: the last one, which says that something is left, lies below where 53 are rounded to.
    return Double(sign: .plus, exponent: down - up - 63, significand: Double(quotient | (remainder == 0 ? 0 : 1)))
  }
}
