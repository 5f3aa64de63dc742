import Documents

/// One row of a YOLO label file: a class, and a box or the ring of an outline in shares of the image's size.
struct YOLORow {
  /// The class as written, from 0.
  let classIndex: Int
  /// The numbers behind it.
  let values: [Double]

  /// Whether it is a ring and not a box.
  var isRing: Bool { values.count >= 6 }

  /// Where the object is in an image of that size.
  func box(height: Int, width: Int) -> Box {
    YOLONumber.box(values[0], values[1], values[2], values[3], height: height, width: width)
  }

  /// The ring in pixels.
  func ring(height: Int, width: Int) -> [Double] {
    values.enumerated().map { YOLONumber.pixels($0.element * Double($0.offset % 2 == 0 ? width : height)) }
  }

  /// Reads a file row by row, without keeping one: hands each on with its line, or what is wrong with it.
  ///
  /// A row has the class and 4 numbers (centre and size), 5 (with the confidence of a prediction), or 6 and more: the points of
  /// a ring. The file may begin with a byte order mark.
  static func read(_ bytes: UnsafeRawBufferPointer, _ body: (_ line: Int, _ row: Result<YOLORow, Fault>) -> Void) {
    var number = 0
    var at = ByteOrderMark.end(in: bytes)
    while at < bytes.count {
      let end = bytes[at...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      number += 1
      do throws(Fault) {
        if let row = try row(bytes[at..<end]) { body(number, .success(row)) }
      } catch { body(number, .failure(error)) }
      at = end + 1
    }
  }

  /// More than any outline has; keeps hostile rows from allocating.
  private static let mostNumbers = 1 << 17

  /// What is wrong with a row, put into words only where it is said.
  enum Fault: Error, CustomStringConvertible {
    case noClass(String)
    case noNumber(String)
    case tooManyNumbers
    case count(Int)

    var description: String {
      switch self {
      case .noClass(let text): "the class \"\(text.prefix(40))\" is no whole number"
      case .noNumber(let text): "\"\(text.prefix(40))\" is not a number"
      case .tooManyNumbers: "has more than \(mostNumbers) numbers"
      case .count(let count):
        "has \(count) numbers behind the class; wanted are 4 (centre x y, width, height) or three points and more"
      }
    }
  }

  /// The row of a line; nil for an empty one.
  private static func row(_ line: Slice<UnsafeRawBufferPointer>) throws(Fault) -> YOLORow? {
    var rest = line
    guard let name = word(&rest) else { return nil }
    guard let classIndex = Int(name) ?? Double(decimal: name).flatMap({ Int(exactly: $0) }) else {
      throw .noClass(name)
    }
    var values: [Double] = []
    while let text = word(&rest) {
      guard let value = Double(decimal: text) else { throw .noNumber(text) }
      guard values.count < mostNumbers else { throw .tooManyNumbers }
      values.append(value)
    }
    guard values.count == 4 || values.count == 5 || values.count >= 6 && values.count % 2 == 0 else {
      throw .count(values.count)
    }
    return YOLORow(classIndex: classIndex, values: values)
  }

  /// Takes the next word off a line.
  private static func word(_ rest: inout Slice<UnsafeRawBufferPointer>) -> String? {
    var at = rest.startIndex
    while at < rest.endIndex, rest[at].isBlank { at += 1 }
    let start = at
    while at < rest.endIndex, !rest[at].isBlank { at += 1 }
    defer { rest = rest[at...] }
    return start == at ? nil : String(decoding: rest[start..<at], as: UTF8.self)
  }
}
