import Documents

/// The outline or mask of an object in one of COCO's three forms, kept as the file wrote it until it is asked for.
public struct Segmentation: Sendable {
  private let slice: TextSlice

  /// Takes the JSON text of a COCO `segmentation` as it stands.
  public init(text: String) { slice = TextSlice(text) }

  /// Takes such a text out of a file's.
  init(_ slice: TextSlice) { self.slice = slice }

  /// Closed polygons, each a list x, y, x, y … in pixels.
  public init(polygons: [[Double]]) {
    var text: [UInt8] = []
    // No tree of values: it would take ten times the memory.
    func append<Value>(_ values: [Value], _ write: (Value) -> Void) {
      text.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        write(value)
      }
      text.append(UInt8(ascii: "]"))
    }
    append(polygons) { ring in append(ring) { JSON($0).append(to: &text) } }
    self.init(text: String(decoding: text, as: UTF8.self))
  }

  /// A mask as run lengths in COCO's compressed text.
  public init(_ mask: RunLengthMask) {
    let mask: JSON = ["size": [JSON(mask.height), JSON(mask.width)], "counts": JSON(mask.compressed)]
    self.init(text: mask.serialized())
  }

  /// The JSON text: an array of polygons, or an object with `size` and `counts`.
  public var text: String { slice.string }

  /// Whether it says nothing: an array without a polygon, as labelling tools write for objects that have a box alone.
  public var isEmpty: Bool {
    withBytes { bytes in
      let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
      let inner = bytes.drop(while: isSpace)
      return inner.first == UInt8(ascii: "[") && inner.dropFirst().first { !isSpace($0) } == UInt8(ascii: "]")
    }
  }

  /// Calls `body` with the bytes of the JSON text.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { slice.withBytes(body) }

  /// What a segmentation holds.
  public enum Content: Sendable, Equatable {
    /// Closed polygons, each a list x, y, x, y … in pixels.
    case polygons([[Double]])
    /// Run lengths.
    case mask(RunLengthMask)
  }
}

extension Segmentation: Equatable {
  /// Whether both say the same; white space and the order of keys do not matter.
  public static func == (left: Segmentation, right: Segmentation) -> Bool {
    if left.slice == right.slice { return true }
    guard let one = try? JSON(parsing: left.text, file: ""), let other = try? JSON(parsing: right.text, file: "") else {
      return false
    }
    return one == other
  }
}
