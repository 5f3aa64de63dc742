import CTorch

/// An n-dimensional array of the engine.
///
/// A tensor is a reference: operations whose names end in `InPlace` change the elements that all its views share; all
/// others give a new tensor. The memory is released when the last reference goes.
///
/// Operations require operands of fitting shape, element type and device; a violation is a mistake of the calling code
/// and ends the program with one line that names the operation and the operands.
public final class Tensor: @unchecked Sendable {
  let handle: ct_tensor

  /// Takes over a handle of the shim.
  init(owning handle: ct_tensor) { self.handle = handle }

  /// Takes over what an operation of the shim gave.
  convenience init(owning handle: ct_tensor?, from operation: String) {
    guard let handle else { preconditionFailure("\(operation) gave nothing") }
    self.init(owning: handle)
  }

  deinit { ct_tensor_release(handle) }

  /// The number of axes.
  public var rank: Int { Int(ct_tensor_rank(handle)) }

  /// The length of each axis.
  public var shape: [Int] {
    let rank = self.rank
    return [Int](unsafeUninitializedCapacity: rank) { buffer, count in
      buffer.withMemoryRebound(to: Int64.self) { ct_tensor_shape(handle, $0.baseAddress) }
      count = rank
    }
  }

  /// The length of one axis; negative counts from the end.
  public func size(_ axis: Int) -> Int {
    let shape = self.shape
    let index = axis < 0 ? axis + shape.count : axis
    precondition(shape.indices.contains(index), "axis \(axis) of a tensor of shape \(shape)")
    return shape[index]
  }

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The type of the elements.
  public var elementType: ElementType { ElementType(engineCode: ct_tensor_element_type(handle)) }

  /// Rises with every operation that changes elements in place, through this tensor or a view of them.
  public var version: Int { Int(ct_tensor_version(handle)) }

  /// Where the elements lie.
  public var device: Device { Device(handle: ct_tensor_device(handle)) }

  /// Whether elements lie row-major without gaps.
  public var isContiguous: Bool { ct_tensor_is_contiguous(handle) }

  /// Whether a tensor [N, C, H, W] lies in memory as N, H, W, C.
  public var isChannelsLast: Bool { rank == 4 && ct_tensor_is_channels_last(handle) }
}

extension Tensor: CustomStringConvertible {
  /// Element type, shape and device, as in `float32[2, 3] on cpu`.
  public var description: String { "\(elementType)\(shape) on \(device)" }
}
