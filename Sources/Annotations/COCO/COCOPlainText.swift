import Documents

/// A plain `[x, y, width, height]`.
struct WrittenBoxText {
  let box: WrittenBox
  /// Where it stands.
  let range: Range<Int>
  /// Whether a box of these numbers is written in this very way.
  let isUsualText: Bool

  init?(_ cursor: inout JSONCursor) {
    guard cursor.take(UInt8(ascii: "[")) else { return nil }
    let start = cursor.at - 1
    guard let x = cursor.number(), cursor.take(UInt8(ascii: ",")), let y = cursor.number(),
      cursor.take(UInt8(ascii: ",")), let width = cursor.number(), cursor.take(UInt8(ascii: ",")),
      let height = cursor.number(), cursor.take(UInt8(ascii: "]"))
    else { return nil }
    box = WrittenBox(x: x.value, y: y.value, width: width.value, height: height.value)
    range = start..<cursor.at
    isUsualText = x.isUsualText && y.isUsualText && width.isUsualText && height.isUsualText
  }
}

extension Segmentation {
  /// Takes a plain `segmentation`, an array or run lengths; gives where it stands.
  static func plainText(_ cursor: inout JSONCursor) -> Range<Int>? {
    switch cursor.peek() {
    case UInt8(ascii: "["):
      let start = cursor.at
      return cursor.skipValue() ? start..<cursor.at : nil
    case UInt8(ascii: "{"):
      let start = cursor.at
      cursor.at += 1
      var (hasSize, hasCounts) = (false, false)
      repeat {
        guard let key = cursor.key() else { return nil }
        if cursor.holds(key, "size"), !hasSize {
          hasSize = true
          guard cursor.skipValue() else { return nil }
        } else if cursor.holds(key, "counts"), !hasCounts {
          hasCounts = true
          guard cursor.peek() == UInt8(ascii: "\"") ? cursor.escapedText() != nil : cursor.skipValue() else {
            return nil
          }
        } else {
          return nil
        }
      } while cursor.take(UInt8(ascii: ","))
      return cursor.take(UInt8(ascii: "}")) ? start..<cursor.at : nil
    default: return nil
    }
  }
}
