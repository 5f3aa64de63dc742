private let sumAll = Operator("sum")
private let sumAxes = Operator("sum", "dim_IntList")
private let meanAll = Operator("mean")
private let meanAxes = Operator("mean", "dim")
private let maxAll = Operator("max")
private let minAll = Operator("min")
private let maxAxis = Operator("max", "dim")
private let minAxis = Operator("min", "dim")
private let argmaxOperator = Operator("argmax")
private let anyOperator = Operator("any")
private let anyAxis = Operator("any", "dim")
private let allOperator = Operator("all")
private let normOperator = Operator("norm", "Scalar")
private let topkOperator = Operator("topk")
private let sortStable = Operator("sort", "stable")
private let kthOperator = Operator("kthvalue")
private let cumulativeSum = Operator("cumsum")
private let varianceAxes = Operator("var", "correction")

extension Tensor {
  /// The sum of all elements, shape [].
  public func sum() -> Tensor { sumAll(.tensor(self)) }

  /// The sum over some axes.
  public func sum(_ axes: Int..., keepingAxes: Bool = false) -> Tensor {
    sumAxes(.tensor(self), .ints(axes), .bool(keepingAxes))
  }

  /// The mean of all elements, shape []; not a number when there are none.
  public func mean() -> Tensor { meanAll(.tensor(self)) }

  /// The mean over some axes.
  public func mean(_ axes: Int..., keepingAxes: Bool = false) -> Tensor {
    meanAxes(.tensor(self), .ints(axes), .bool(keepingAxes))
  }

  /// The variance over some axes: the sum of squared deviations over (count − `correction`).
  public func variance(_ axes: Int..., correction: Int, keepingAxes: Bool = false) -> Tensor {
    varianceAxes(.tensor(self), .ints(axes), .int(correction), .bool(keepingAxes))
  }

  /// The greatest element, shape [].
  public func max() -> Tensor { maxAll(.tensor(self)) }

  /// The least element, shape [].
  public func min() -> Tensor { minAll(.tensor(self)) }

  /// The greatest elements along an axis and where they stand (int64); the first of equal ones on the CPU.
  public func max(_ axis: Int) -> (values: Tensor, indices: Tensor) {
    let results = maxAxis.list(.tensor(self), .int(axis))
    return (results[0], results[1])
  }

  /// The least elements along an axis and where they stand (int64).
  public func min(_ axis: Int) -> (values: Tensor, indices: Tensor) {
    let results = minAxis.list(.tensor(self), .int(axis))
    return (results[0], results[1])
  }

  /// Where the greatest element along an axis stands, int64.
  public func argmax(_ axis: Int) -> Tensor { argmaxOperator(.tensor(self), .int(axis)) }

  /// Whether any element is not 0. Waits for the device.
  public var isAnyTrue: Bool { anyOperator(.tensor(self)).scalar != 0 }

  /// Whether any element along an axis is not 0, bool.
  public func any(_ axis: Int) -> Tensor { anyAxis(.tensor(self), .int(axis)) }

  /// Whether no element is 0. Waits for the device.
  public var isAllTrue: Bool { allOperator(.tensor(self)).scalar != 0 }

  /// The Euclidean norm of all elements, shape [].
  public func norm() -> Tensor { normOperator(.tensor(self), .double(2)) }

  /// The `count` greatest elements along an axis by falling value, and where they stand (int64).
  public func topK(_ count: Int, axis: Int) -> (values: Tensor, indices: Tensor) {
    let results = topkOperator.list(.tensor(self), .int(count), .int(axis), .bool(true), .bool(true))
    return (results[0], results[1])
  }

  /// The `rank`-th smallest element along an axis, counted from 1; no gradient is wanted of it.
  public func smallest(_ rank: Int, axis: Int) -> Tensor {
    kthOperator.list(.tensor(self), .int(rank), .int(axis))[0]
  }

  /// The elements along an axis in order, equal ones as they stood, and where each stood (int64).
  public func sorted(axis: Int, descending: Bool = false) -> (values: Tensor, indices: Tensor) {
    let results = sortStable.list(.tensor(self), .bool(true), .int(axis), .bool(descending))
    return (results[0], results[1])
  }

  /// The running sum along an axis.
  public func cumulativeSum(_ axis: Int) -> Tensor { Torch.cumulativeSum(.tensor(self), .int(axis)) }
}
