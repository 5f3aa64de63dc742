private let toType = Operator("to", "dtype")
private let contiguousOperator = Operator("contiguous")
private let cloneOperator = Operator("clone")
private let detachOperator = Operator("detach")
private let copyOperator = Operator("copy_")
private let fillOperator = Operator("fill_", "Scalar")
private let zeroOperator = Operator("zero_")
private let channelsLastCode = 2

extension Tensor {
  /// With elements of another type; itself where they have it already.
  public func to(_ type: ElementType) -> Tensor {
    type == elementType ? self : toType(.tensor(self), .type(type))
  }

  /// In float32 where the elements have 16 bits, for sums, losses and boxes; itself otherwise.
  public func widened() -> Tensor { elementType == .bfloat16 || elementType == .float16 ? to(.float32) : self }

  /// With elements row-major and without gaps; itself where they lie so already.
  public func contiguous() -> Tensor { isContiguous ? self : contiguousOperator(.tensor(self)) }

  /// A tensor [N, C, H, W] that lies in memory as N, H, W, C, which convolutions on the CPU and on tensor cores prefer.
  public func channelsLast() -> Tensor {
    isChannelsLast ? self : contiguousOperator(.tensor(self), .int(channelsLastCode))
  }

  /// A copy of a tensor [N, C, H, W] that lies as N, H, W, C, with the strides of that order for axes of length 1 too.
  public func copiedChannelsLast() -> Tensor { cloneOperator(.tensor(self), .int(channelsLastCode)) }

  /// A copy with memory of its own. Gradients flow.
  public func copied() -> Tensor { cloneOperator(.tensor(self)) }

  /// The same elements outside of any gradient.
  public func detached() -> Tensor { detachOperator(.tensor(self)) }

  /// Takes over the elements of a tensor of fitting shape, converting type and device.
  public func copyInPlace(from other: Tensor) { copyOperator.run(.tensor(self), .tensor(other)) }

  /// Sets every element.
  public func fillInPlace(_ value: Double) { fillOperator.run(.tensor(self), .double(value)) }

  /// Sets every element to 0.
  public func zeroInPlace() { zeroOperator.run(.tensor(self)) }
}
