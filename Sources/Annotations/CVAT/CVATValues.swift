import Documents

/// What stands in the attributes of CVAT's elements.
extension XMLElement {
  /// The value of an attribute.
  func value(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

  /// The value of an attribute that must be there.
  func attribute(_ name: String) throws(DocumentError) -> String {
    guard let value = value(name) else { throw error("<\(self.name)> has no attribute \(name)") }
    return value
  }

  /// A number.
  func number(_ name: String) throws(DocumentError) -> Double {
    let text = try attribute(name)
    guard let value = Double(decimal: text) else {
      throw error("<\(self.name)>: \(name) is \"\(text.prefix(40))\", not a number")
    }
    return value
  }

  /// A whole number from 0.
  func whole(_ name: String) throws(DocumentError) -> Int {
    let text = try attribute(name)
    guard let value = Int(text), value < Int.max, value >= 0 else {
      throw error("<\(self.name)>: \(name) is \"\(text.prefix(40))\", not a whole number from 0")
    }
    return value
  }

  /// The height or width of an image; 0 where it is not given.
  func pixels(_ name: String) throws(DocumentError) -> Int {
    guard self.value(name) != nil else { return 0 }
    let value = try whole(name)
    guard ImageRecord.sides.contains(value) else {
      throw error("<\(self.name)>: \(name) \(value) is no size of an image")
    }
    return value
  }

  /// The points of a polygon, `x,y;x,y;…`, as a ring x, y, x, y ….
  func points() throws(DocumentError) -> [Double] {
    let text = try attribute("points")
    var ring: [Double] = []
    ring.reserveCapacity(2 * text.utf8.count { $0 == UInt8(ascii: ";") } + 2)
    var rest = text[...]
    while !rest.isEmpty {
      let point = rest.prefix { $0 != ";" }
      rest = rest[point.endIndex...].dropFirst()
      if point.isEmpty { continue }
      let numbers = point.split(separator: ",").compactMap { Double(decimal: String($0.filter { $0 != " " })) }
      guard numbers.count == 2 else { throw error("<\(name)>: \"\(point.prefix(40))\" is no point x,y") }
      ring += numbers
    }
    guard ring.count >= 6 else {
      throw error("<\(name)> has \(ring.count / 2) points; a polygon has three or more")
    }
    return ring
  }
}
