private let reshapeOperator = Operator("reshape")
private let permuteOperator = Operator("permute")
private let transposeOperator = Operator("transpose", "int")
private let flattenOperator = Operator("flatten", "using_ints")
private let unsqueezeOperator = Operator("unsqueeze")
private let squeezeOperator = Operator("squeeze", "dim")
private let expandOperator = Operator("expand")
private let concatenateOperator = Operator("cat")
private let stackOperator = Operator("stack")
private let splitOperator = Operator("split_with_sizes")
private let repeatOperator = Operator("repeat")
private let repeatInterleaveOperator = Operator("repeat_interleave", "self_int")
private let flipOperator = Operator("flip")
private let padOperator = Operator("constant_pad_nd")

extension Tensor {
  /// The same elements in another shape; one length may be −1. A view where memory allows.
  public func reshaped(_ shape: Int...) -> Tensor { reshaped(shape) }

  /// The same elements in another shape; one length may be −1. A view where memory allows.
  public func reshaped(_ shape: [Int]) -> Tensor { reshapeOperator(.tensor(self), .ints(shape)) }

  /// A view with the axes in another order.
  public func permuted(_ axes: Int...) -> Tensor { permuteOperator(.tensor(self), .ints(axes)) }

  /// A view with two axes swapped.
  public func transposed(_ first: Int, _ second: Int) -> Tensor {
    transposeOperator(.tensor(self), .int(first), .int(second))
  }

  /// The axes from `start` to `end` (inclusive) joined into one.
  public func flattened(from start: Int = 0, through end: Int = -1) -> Tensor {
    flattenOperator(.tensor(self), .int(start), .int(end))
  }

  /// A view with an axis of length 1 put in at `axis`.
  public func unsqueezed(_ axis: Int) -> Tensor { unsqueezeOperator(.tensor(self), .int(axis)) }

  /// A view without the axis, if its length is 1.
  public func squeezed(_ axis: Int) -> Tensor { squeezeOperator(.tensor(self), .int(axis)) }

  /// A view in which axes of length 1 are stretched; −1 keeps a length.
  public func expanded(_ shape: [Int]) -> Tensor { expandOperator(.tensor(self), .ints(shape)) }

  /// Copies side by side along each axis.
  public func repeated(_ counts: Int...) -> Tensor { repeatOperator(.tensor(self), .ints(counts)) }

  /// Each slice along an axis `count` times in a row.
  public func repeatedInterleaved(_ count: Int, axis: Int) -> Tensor {
    repeatInterleaveOperator(.tensor(self), .int(count), .int(axis))
  }

  /// The elements in reverse order along some axes.
  public func flipped(_ axes: Int...) -> Tensor { flipOperator(.tensor(self), .ints(axes)) }

  /// Views of consecutive parts along an axis.
  public func split(_ sizes: [Int], axis: Int = 0) -> [Tensor] {
    splitOperator.list(.tensor(self), .ints(sizes), .int(axis))
  }

  /// With `value` put around the last axes; amounts are (before, after) for the last axis, then the one before it, …
  public func padded(_ amounts: [Int], value: Double = 0) -> Tensor {
    padOperator(.tensor(self), .ints(amounts), .double(value))
  }
}

/// Tensors joined along an existing axis.
public func concatenate(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
  concatenateOperator(.tensors(tensors), .int(axis))
}

/// Tensors of one shape joined along a new axis.
public func stack(_ tensors: [Tensor], axis: Int = 0) -> Tensor { stackOperator(.tensors(tensors), .int(axis)) }
