import Documents

/// One row of a YOLO label file: a class, and a box or the ring of an outline in shares of the image's size.
struct YOLORow {
  let number: Int
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

  /// The rows of a file, and what is wrong with others, each with its line.
  ///
  /// A row has the class and 4 numbers (centre and size), 5 (with the confidence of a prediction), or 6 and more: the points of
  /// a ring.
  static func rows(in bytes: UnsafeRawBufferPointer) -> (rows: [YOLORow], faults: [(line: Int, reason: String)]) {
    var rows: [YOLORow] = []
    var faults: [(line: Int, reason: String)] = []
    var number = 0
    for line in bytes.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 10 }) {
      number += 1
      let words = line.split(whereSeparator: { $0 == 32 || $0 == 9 || $0 == 13 })
      guard let first = words.first else { continue }
      var values: [Double] = []
      values.reserveCapacity(words.count - 1)
      var fault: String?
      for word in words.dropFirst() {
        let text = String(decoding: word, as: UTF8.self)
        if let value = Double(text), value.isFinite {
          values.append(value)
        } else {
          fault = "\"\(text.prefix(40))\" is not a number"
          break
        }
      }
      let name = String(decoding: first, as: UTF8.self)
      let classIndex = Int(name) ?? Double(name).flatMap { Int(exactly: $0) }
      if let classIndex, fault == nil, [4, 5].contains(values.count) || values.count >= 6 && values.count % 2 == 0 {
        rows.append(YOLORow(number: number, classIndex: classIndex, values: values))
        continue
      }
      if classIndex == nil, fault == nil { fault = "the class \"\(name.prefix(40))\" is no whole number" }
      faults.append(
        (
          number,
          fault
            ?? "has \(values.count) numbers behind the class; wanted are 4 (centre x y, width, height) or three points and more"
        ))
    }
    return (rows, faults)
  }
}
