/// The type of a tensor's elements.
public enum ElementType: String, Sendable, CaseIterable, Codable {
  case float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8, bool

  /// Bytes an element takes.
  public var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Whether elements are floating-point numbers, which alone can carry gradients.
  public var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: true
    default: false
    }
  }
}

extension ElementType {
  /// libtorch's number of the type.
  var engineCode: Int32 {
    switch self {
    case .uint8: 0
    case .int8: 1
    case .int16: 2
    case .int32: 3
    case .int64: 4
    case .float16: 5
    case .float32: 6
    case .float64: 7
    case .bool: 11
    case .bfloat16: 15
    }
  }

  init(engineCode: Int32) {
    guard let type = Self.allCases.first(where: { $0.engineCode == engineCode }) else {
      preconditionFailure("libtorch gave a tensor of element type \(engineCode), which this library does not use")
    }
    self = type
  }
}
