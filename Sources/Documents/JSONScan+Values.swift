/// The values of what is scanned.
extension JSONScan {
  /// Checks the value at `start`; gives it with the position after it.
  mutating func json(at start: Int) throws(DocumentError) -> (value: JSON, end: Int) {
    let range = try whole(at: start)
    return (JSON(checked: part(range)), range.upperBound)
  }

  /// The value at `start` as an element, with the position after it.
  mutating func element(at start: Int) throws(DocumentError) -> (element: JSONElement, end: Int) {
    let range = try whole(at: start)
    guard bytes[start] == UInt8(ascii: "{") else {
      return (JSONElement(JSON(checked: part(range)).opened, scan: self, offset: start), range.upperBound)
    }
    var object = JSONObject()
    object.reserve(members.count)
    for member in members {
      let quoted = part(member.key.lowerBound - 1..<member.key.upperBound + 1)
      object.append(JSON.text(ofChecked: quoted), JSON(checked: part(member.value)))
    }
    return (JSONElement(.object(object), scan: self, offset: start), range.upperBound)
  }

  /// The position after the value at `start`, of which nothing is wanted.
  mutating func skip(at start: Int) throws(DocumentError) -> Int {
    var cursor = JSONCursor(bytes, at: start)
    return try cursor.skipValue() ? cursor.at : value(at: start)
  }

  /// Where the value at `start` stands, checked, and small enough to be kept.
  private mutating func whole(at start: Int) throws(DocumentError) -> Range<Int> {
    let range = try start..<value(at: start)
    guard range.count <= JSONText.longest else { throw error(start, "is larger than 1 GiB") }
    return range
  }

  private func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[range]) }
}
