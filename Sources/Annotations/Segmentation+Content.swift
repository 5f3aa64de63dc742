import Documents

extension Segmentation {
  /// The polygons or the run lengths; `place` is what errors name, such as `file.json: annotations[3]`.
  public func content(place: @autoclosure () -> String) throws(AnnotationError) -> Content {
    if let content = withBytes(Self.plainContent) { return content }
    return try contentOfJSON(place: place())
  }

  /// Where a segmentation or a part of it stands: behind a JSON path as its key, else behind the words for its object.
  static func place(in object: String, _ part: String = "") -> String {
    let joint = object.isEmpty ? "" : object.hasSuffix("]") ? "." : ": "
    return "\(object)\(joint)segmentation\(part)"
  }

  /// The same of any JSON, with the words for what is wrong.
  func contentOfJSON(place: String) throws(AnnotationError) -> Content {
    let json: JSON
    do throws(DocumentError) { json = try JSON(parsing: text, file: place) } catch { throw .document(error) }
    func wrong(_ reason: String, at part: String = "") -> AnnotationError {
      .content(place: Self.place(in: place, part), reason: reason)
    }
    if let rings = json.array {
      var polygons: [[Double]] = []
      for (index, ring) in rings.enumerated() {
        guard let numbers = ring.array else {
          throw wrong("is \(ring.kind), not an array of numbers", at: "[\(index)]")
        }
        let coordinates = numbers.compactMap(\.double)
        guard coordinates.count == numbers.count else {
          throw wrong("holds something else than numbers", at: "[\(index)]")
        }
        guard coordinates.count >= 6, coordinates.count % 2 == 0 else {
          throw wrong(
            "has \(coordinates.count) numbers; a polygon has three points or more, two numbers each", at: "[\(index)]")
        }
        polygons.append(coordinates)
      }
      return .polygons(polygons)
    }
    guard let size = json["size"]?.array, size.count == 2, let height = size[0].int, let width = size[1].int else {
      throw wrong("is neither an array of polygons nor an object with size [height, width] and counts")
    }
    do throws(RunLengthError) {
      switch json["counts"]?.content {
      case .string(let compressed)?:
        return .mask(try RunLengthMask(compressed: compressed, height: height, width: width))
      case .array(let counts)?:
        let runs = counts.compactMap(\.int)
        guard runs.count == counts.count else { throw RunLengthError.notCounts }
        return .mask(try RunLengthMask(counts: runs, height: height, width: width))
      default: throw RunLengthError.notCounts
      }
    } catch { throw wrong(error.description) }
  }

  /// What a plain text holds; nil for all that is to be looked at more closely.
  private static func plainContent(of bytes: UnsafeRawBufferPointer) -> Content? {
    var cursor = JSONCursor(bytes)
    let content =
      cursor.peek() == UInt8(ascii: "{") ? mask(&cursor).map(Content.mask) : rings(&cursor).map(Content.polygons)
    cursor.skipSpace()
    return cursor.at == bytes.count ? content : nil
  }

  private static func rings(_ cursor: inout JSONCursor) -> [[Double]]? {
    guard cursor.take(UInt8(ascii: "[")) else { return nil }
    var rings: [[Double]] = []
    if cursor.take(UInt8(ascii: "]")) { return rings }
    repeat {
      guard cursor.take(UInt8(ascii: "[")) else { return nil }
      var ring: [Double] = []
      repeat {
        guard let number = cursor.number() else { return nil }
        ring.append(number.value)
      } while cursor.take(UInt8(ascii: ","))
      guard cursor.take(UInt8(ascii: "]")), ring.count >= 6, ring.count % 2 == 0 else { return nil }
      rings.append(ring)
    } while cursor.take(UInt8(ascii: ","))
    return cursor.take(UInt8(ascii: "]")) ? rings : nil
  }

  private static func mask(_ cursor: inout JSONCursor) -> RunLengthMask? {
    guard cursor.take(UInt8(ascii: "{")) else { return nil }
    var size: (height: Int, width: Int)?
    var text: Range<Int>?
    var runs: [Int]?
    repeat {
      guard let key = cursor.key() else { return nil }
      if cursor.holds(key, "size"), size == nil {
        guard cursor.take(UInt8(ascii: "[")), let height = cursor.int(), cursor.take(UInt8(ascii: ",")),
          let width = cursor.int(), cursor.take(UInt8(ascii: "]"))
        else { return nil }
        size = (height, width)
      } else if cursor.holds(key, "counts"), text == nil, runs == nil {
        text = cursor.peek() == UInt8(ascii: "\"") ? cursor.escapedText() : nil
        if text == nil { runs = integers(&cursor) }
        guard text != nil || runs != nil else { return nil }
      } else {
        return nil
      }
    } while cursor.take(UInt8(ascii: ","))
    guard cursor.take(UInt8(ascii: "}")), let (height, width) = size else { return nil }
    if let runs { return try? RunLengthMask(counts: runs, height: height, width: width) }
    guard let text else { return nil }
    let compressed = UnsafeRawBufferPointer(rebasing: cursor.bytes[text])
    guard compressed.contains(UInt8(ascii: "\\")) else {
      return try? RunLengthMask(compressed: compressed, height: height, width: width)
    }
    return try? RunLengthMask(compressed: unescaped(compressed), height: height, width: width)
  }

  private static func integers(_ cursor: inout JSONCursor) -> [Int]? {
    guard cursor.take(UInt8(ascii: "[")) else { return nil }
    var integers: [Int] = []
    repeat {
      guard let integer = cursor.int() else { return nil }
      integers.append(integer)
    } while cursor.take(UInt8(ascii: ","))
    return cursor.take(UInt8(ascii: "]")) ? integers : nil
  }

  /// Run lengths use the backslash, and no other character that JSON escapes: what follows a backslash is meant itself.
  private static func unescaped(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var isEscaped = false
    for byte in text {
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
      // 0 is not used in run lengths: an escape of another character is refused, and looked at more closely.
      if !isEscaped { bytes.append(byte) }
    }
    return bytes
  }
}
