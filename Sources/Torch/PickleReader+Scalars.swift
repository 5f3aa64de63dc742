// Numbers, text and names as they lie in a pickle.
extension PickleReader {
  /// The next little-endian integer.
  mutating func unsigned<Value: FixedWidthInteger>(_ type: Value.Type) throws(WeightFileError) -> Value {
    guard let value = bytes.littleEndian(type, at: offset) else { throw malformed("the pickle ends too early") }
    offset += MemoryLayout<Value>.size
    return value
  }

  /// The place of the next `length` bytes.
  private mutating func range(length: UInt64) throws(WeightFileError) -> Range<Int> {
    guard let length = Int(exactly: length), length <= bytes.count - offset else {
      throw malformed("\(length) bytes are announced, \(bytes.count - offset) are there")
    }
    defer { offset += length }
    return offset..<(offset + length)
  }

  /// A line of text without its end.
  mutating func line() throws(WeightFileError) -> String {
    let longest = 1 << 12
    let rest = bytes[offset...].prefix(longest)
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")), let text = String(validating: rest[..<end], as: UTF8.self)
    else {
      throw malformed("a line of text is not whole")
    }
    offset = end + 1
    return text
  }

  mutating func number(_ opcode: PickleOpcode) throws(WeightFileError) -> PickleGraph.Value {
    switch opcode {
    case .newTrue: return .bool(true)
    case .newFalse: return .bool(false)
    case .binaryInteger: return .integer(Int(try unsigned(Int32.self)))
    case .binaryInteger1: return .integer(Int(try unsigned(UInt8.self)))
    case .binaryInteger2: return .integer(Int(try unsigned(UInt16.self)))
    case .long1: return integer(try range(length: UInt64(unsigned(UInt8.self))))
    case .long4: return integer(try range(length: UInt64(unsigned(UInt32.self))))
    case .binaryFloat: return .double(Double(bitPattern: UInt64(bigEndian: try unsigned(UInt64.self))))
    case .integer:
      let text = try line()
      switch text {
      case "00": return .bool(false)
      case "01": return .bool(true)
      default:
        guard let value = Int(text) else { throw malformed("'\(text.prefix(40))' is no integer") }
        return .integer(value)
      }
    default: return .none
    }
  }

  mutating func text(_ opcode: PickleOpcode) throws(WeightFileError) -> PickleGraph.Value {
    switch opcode {
    case .shortBinaryUnicode: return try string(range(length: UInt64(unsigned(UInt8.self))))
    case .binaryUnicode: return try string(range(length: UInt64(unsigned(UInt32.self))))
    case .binaryUnicode8: return try string(range(length: unsigned(UInt64.self)))
    // Python 2's text: ASCII in practice.
    case .shortBinaryString: return byteString(try range(length: UInt64(unsigned(UInt8.self))))
    case .binaryString: return byteString(try range(length: UInt64(unsigned(UInt32.self))))
    case .shortBinaryBytes: return .bytes(try range(length: UInt64(unsigned(UInt8.self))))
    case .binaryBytes: return .bytes(try range(length: UInt64(unsigned(UInt32.self))))
    default: return .bytes(try range(length: unsigned(UInt64.self)))
    }
  }

  private func string(_ range: Range<Int>) throws(WeightFileError) -> PickleGraph.Value {
    guard let text = String(validating: bytes[range], as: UTF8.self) else { throw malformed("a text is not UTF-8") }
    return .string(text)
  }

  private func byteString(_ range: Range<Int>) -> PickleGraph.Value {
    String(validating: bytes[range], as: UTF8.self).map { .string($0) } ?? .bytes(range)
  }

  /// A little-endian two's complement integer of any length; no byte at all is 0.
  private func integer(_ range: Range<Int>) -> PickleGraph.Value {
    guard range.count <= 8 else { return .largeInteger(Array(bytes[range])) }
    let isNegative = range.last.map { bytes[$0] & 0x80 != 0 } ?? false
    var value: UInt64 = isNegative ? .max : 0
    for index in range.reversed() { value = value << 8 | UInt64(bytes[index]) }
    return .integer(Int(Int64(bitPattern: value)))
  }
}
