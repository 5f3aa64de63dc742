import CTorch

/// An argument or a result of an operator.
enum Value {
  case none
  case tensor(Tensor)
  case bool(Bool)
  case int(Int)
  case double(Double)
  case ints([Int])
  case doubles([Double])
  case tensors([Tensor])
  case optionalTensors([Tensor?])
  case string(String)
  case type(ElementType)
  case device(Device)
  case generator(Generator)
  /// The default of the operator's schema.
  case byDefault
}

/// One operator of libtorch, found by its schema name and called through the dispatcher.
///
/// One generic call serves them all: it costs about 100 ns more than a typed one, which nothing here notices, and keeps
/// the shim small.
struct Operator: @unchecked Sendable {
  private let handle: ct_operator
  private let name: String

  /// - Parameters:
  ///   - name: As in libtorch's schema, without the namespace `aten::`.
  ///   - overload: The schema's overload, "" where there is one.
  init(_ name: String, _ overload: String = "") {
    var handle: ct_operator?
    Engine.check(ct_operator_find("aten::" + name, overload, &handle), "find operator")
    guard let handle else { preconditionFailure("the engine found no operator \(name)") }
    self.handle = handle
    self.name = name
  }

  /// Calls it for one tensor.
  func callAsFunction(_ arguments: Value...) -> Tensor {
    guard case .tensor(let result) = call(arguments).first else {
      preconditionFailure("\(name) gives no tensor")
    }
    return result
  }

  /// Calls it for several tensors: a list, or one after the other.
  func list(_ arguments: Value...) -> [Tensor] {
    var tensors: [Tensor] = []
    for result in call(arguments) {
      switch result {
      case .tensor(let tensor): tensors.append(tensor)
      case .tensors(let list): tensors += list
      default: break
      }
    }
    return tensors
  }

  /// Calls it for its effect.
  func run(_ arguments: Value...) { _ = call(arguments) }

  private func call(_ arguments: [Value]) -> [Value] {
    var storage = ArgumentStorage()
    let raw = arguments.map { storage.raw($0) }
    defer { storage.release() }
    let capacity = 8
    var count: Int32 = 0
    let results = [ct_value](unsafeUninitializedCapacity: capacity) { buffer, initialized in
      let message = ct_operator_call(handle, raw, Int32(raw.count), buffer.baseAddress, Int32(capacity), &count)
      Engine.check(message, Self.describe(name, arguments))
      initialized = Int(count)
    }
    return withExtendedLifetime(arguments) { results.map(Self.value) }
  }

  private static func describe(_ name: String, _ arguments: [Value]) -> String {
    let operands = arguments.compactMap { argument -> String? in
      switch argument {
      case .tensor(let tensor): tensor.description
      case .tensors(let list): "[" + list.prefix(4).map(\.description).joined(separator: ", ") + "]"
      default: nil
      }
    }
    return "\(name)(\(operands.joined(separator: ", ")))"
  }

  private static func value(_ raw: ct_value) -> Value {
    switch ct_tag(UInt32(raw.tag)) {
    case CT_TENSOR:
      guard let pointer = raw.pointer else { return .none }
      return .tensor(Tensor(owning: OpaquePointer(pointer)))
    case CT_TENSORS:
      guard let pointer = raw.pointer else { return .none }
      let handles = pointer.assumingMemoryBound(to: ct_tensor.self)
      defer { UnsafeMutableRawPointer(mutating: pointer).deallocate() }
      return .tensors((0..<Int(raw.count)).map { Tensor(owning: handles[$0]) })
    case CT_BOOL: return .bool(raw.integer != 0)
    case CT_INT: return .int(Int(raw.integer))
    case CT_DOUBLE: return .double(raw.real)
    default: return .none
    }
  }
}

/// Memory that list and string arguments live in during a call.
private struct ArgumentStorage {
  private var blocks: [UnsafeMutableRawPointer] = []

  mutating func raw(_ value: Value) -> ct_value {
    switch value {
    case .none: Self.make(CT_NONE)
    case .tensor(let tensor): Self.make(CT_TENSOR, pointer: UnsafeRawPointer(tensor.handle))
    case .bool(let flag): Self.make(CT_BOOL, integer: flag ? 1 : 0)
    case .int(let number): Self.make(CT_INT, integer: number)
    case .double(let number): Self.make(CT_DOUBLE, real: number)
    case .ints(let list): Self.make(CT_INTS, pointer: store(list.map(Int64.init)), count: list.count)
    case .doubles(let list): Self.make(CT_DOUBLES, pointer: store(list), count: list.count)
    case .tensors(let list):
      Self.make(CT_TENSORS, pointer: store(list.map(\.handle)), count: list.count)
    case .optionalTensors(let list):
      Self.make(CT_OPTIONAL_TENSORS, pointer: store(list.map { $0?.handle }), count: list.count)
    case .string(let text): Self.make(CT_STRING, pointer: store(Array(text.utf8CString)))
    case .type(let type): Self.make(CT_INT, integer: Int(type.engineCode))
    case .device(let device):
      Self.make(CT_DEVICE, integer: Int(device.handle.type), count: Int(device.handle.index))
    case .generator(let generator): Self.make(CT_GENERATOR, pointer: UnsafeRawPointer(generator.handle))
    case .byDefault: Self.make(CT_DEFAULT)
    }
  }

  func release() { blocks.forEach { $0.deallocate() } }

  private static func make(
    _ tag: ct_tag, integer: Int = 0, real: Double = 0, pointer: UnsafeRawPointer? = nil, count: Int = 0
  ) -> ct_value {
    ct_value(tag: Int32(tag.rawValue), integer: Int64(integer), real: real, pointer: pointer, count: Int64(count))
  }

  private mutating func store<T>(_ list: [T]) -> UnsafeRawPointer {
    let block = UnsafeMutablePointer<T>.allocate(capacity: max(list.count, 1))
    block.initialize(from: list, count: list.count)
    blocks.append(UnsafeMutableRawPointer(block))
    return UnsafeRawPointer(block)
  }
}
