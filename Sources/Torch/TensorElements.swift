import CTorch

/// A Swift number that can be a tensor's element.
public protocol TensorElement: Sendable {
  /// The element type it stands for.
  static var elementType: ElementType { get }
}

extension Double: TensorElement {
  /// The element type it stands for.
  public static var elementType: ElementType { .float64 }
}
extension Float: TensorElement {
  /// The element type it stands for.
  public static var elementType: ElementType { .float32 }
}
extension Int64: TensorElement {
  /// The element type it stands for.
  public static var elementType: ElementType { .int64 }
}
extension Int: TensorElement {
  /// The element type it stands for.
  public static var elementType: ElementType { .int64 }
}
extension Int32: TensorElement {
  /// The element type it stands for.
  public static var elementType: ElementType { .int32 }
}
extension UInt8: TensorElement {
  /// The element type it stands for.
  public static var elementType: ElementType { .uint8 }
}
extension Bool: TensorElement {
  /// The element type it stands for.
  public static var elementType: ElementType { .bool }
}

extension Tensor {
  /// A tensor of the given elements in row-major order.
  public convenience init<Element: TensorElement>(_ elements: [Element], shape: [Int]? = nil, device: Device = .cpu) {
    let handle = elements.withUnsafeBytes {
      Tensor.makeHandle(bytes: $0, shape: shape ?? [elements.count], elementType: Element.elementType, device: device)
    }
    self.init(owning: handle)
  }

  /// A tensor that copies raw row-major elements.
  public convenience init(
    bytes: UnsafeRawBufferPointer, shape: [Int], elementType: ElementType, device: Device = .cpu
  ) {
    self.init(owning: Tensor.makeHandle(bytes: bytes, shape: shape, elementType: elementType, device: device))
  }

  private static func makeHandle(
    bytes: UnsafeRawBufferPointer, shape: [Int], elementType: ElementType, device: Device
  ) -> ct_tensor {
    var handle: ct_tensor?
    let sizes = shape.map(Int64.init)
    Engine.check(
      ct_tensor_from_bytes(
        bytes.baseAddress, Int64(bytes.count), sizes, Int32(sizes.count), elementType.engineCode, device.handle, &handle
      ),
      "make a tensor of shape \(shape)")
    guard let handle else { preconditionFailure("the engine made no tensor") }
    return handle
  }

  /// The elements in row-major order. Waits for the device and copies.
  ///
  /// - Precondition: `Element` stands for the tensor's element type.
  public func elements<Element: TensorElement>(as type: Element.Type = Element.self) -> [Element] {
    precondition(elementType == Element.elementType, "elements of \(self) read as \(Element.elementType)")
    return withBytes { Array($0.bindMemory(to: Element.self)) }
  }

  /// The elements as `Float`, whatever their type.
  public var floats: [Float] { to(.float32).elements() }

  /// The elements as `Double`, whatever their type.
  public var doubles: [Double] { to(.float64).elements() }

  /// The elements as `Int`, whatever their type.
  public var integers: [Int] { to(.int64).elements() }

  /// The only element as a `Double`. Waits for the device.
  ///
  /// - Precondition: The tensor has one element.
  public var scalar: Double {
    precondition(count == 1, "the scalar of \(self)")
    return doubles[0]
  }

  /// Calls `body` with the elements' bytes in row-major order.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    let source = detached().to(.cpu).contiguous()
    let bytes = UnsafeRawBufferPointer(start: ct_tensor_data(source.handle), count: count * elementType.size)
    return try withExtendedLifetime(source) { try body(bytes) }
  }

  /// Calls `body` with the elements' memory, to be written to.
  ///
  /// - Precondition: The tensor is on the CPU and contiguous.
  public func withMutableBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows -> Result {
    precondition(
      device == .cpu && (isContiguous || isChannelsLast), "writing to \(self), which is not dense CPU memory")
    return try body(
      UnsafeMutableRawBufferPointer(start: ct_tensor_data(handle), count: count * elementType.size))
  }
}
