private let selectOperator = Operator("select", "int")
private let sliceOperator = Operator("slice", "Tensor")
private let indexSelectOperator = Operator("index_select")
private let indexOperator = Operator("index", "Tensor")
private let indexPutOperator = Operator("index_put_")
private let gatherOperator = Operator("gather")
private let nonzeroOperator = Operator("nonzero")
private let maskedFillOperator = Operator("masked_fill", "Scalar")
private let scatterAddInPlace = Operator("scatter_add_")
private let oneHotOperator = Operator("one_hot")
private let embeddingBagOperator = Operator("embedding_bag")
private let repeatInterleaveOperator = Operator("repeat_interleave", "Tensor")

extension Tensor {
  /// A view of one slice along the first axis.
  public subscript(index: Int) -> Tensor { selected(index, axis: 0) }

  /// A view of one slice; the axis goes.
  public func selected(_ index: Int, axis: Int) -> Tensor {
    selectOperator(.tensor(self), .int(axis), .int(index))
  }

  /// A view of every `step`-th slice from `start` up to, not including, `end` (nil: to the end; negative: from the end).
  public func sliced(axis: Int, from start: Int = 0, to end: Int? = nil, step: Int = 1) -> Tensor {
    sliceOperator(.tensor(self), .int(axis), .int(start), end.map(Value.int) ?? .none, .int(step))
  }

  /// The slices that int64 `indices` [I] name along an axis. Gradients flow.
  public func gathered(_ indices: Tensor, axis: Int = 0) -> Tensor {
    indexSelectOperator(.tensor(self), .int(axis), .tensor(indices))
  }

  /// The slices along the first axis where a bool mask [N] holds, in order. Gradients flow.
  public func filtered(_ mask: Tensor) -> Tensor { indexOperator(.tensor(self), .optionalTensors([mask])) }

  /// Elements at (rows[i], columns[i]), both int64 [I]. Gradients flow.
  public func elements(atRows rows: Tensor, columns: Tensor) -> Tensor {
    indexOperator(.tensor(self), .optionalTensors([rows, columns]))
  }

  /// One element for each of `indices` (int64, this rank) along an axis. Gradients flow.
  public func picked(_ indices: Tensor, axis: Int) -> Tensor {
    gatherOperator(.tensor(self), .int(axis), .tensor(indices))
  }

  /// Replaces the slices that int64 `indices` [I] name along the first axis.
  public func putInPlace(_ values: Tensor, at indices: Tensor) {
    indexPutOperator.run(.tensor(self), .optionalTensors([indices]), .tensor(values))
  }

  /// Where elements are not 0: int64 [count, rank]. Waits for the device.
  public func nonzero() -> Tensor { nonzeroOperator(.tensor(self)) }

  /// The indices at which a bool mask [N] holds, int64 [count]. Waits for the device.
  public func trueIndices() -> Tensor { nonzero().squeezed(1) }

  /// With `value` where a bool mask holds.
  public func filled(_ value: Double, where mask: Tensor) -> Tensor {
    maskedFillOperator(.tensor(self), .tensor(mask), .double(value))
  }

  /// For this matrix [P, C]: weighted sums of `n` rows each, [S, C]. Gradients flow to the matrix alone.
  ///
  /// - Parameters:
  ///   - rows: int64 [S, n].
  ///   - weights: [S, n], of the matrix's type.
  public func weightedSums(ofRows rows: Tensor, weights: Tensor) -> Tensor {
    let starts = Tensor.indices(rows.size(0), device: device).multiplied(by: rows.size(1))
    return weightedSums(ofRows: rows.flattened(), weights: weights.flattened(), startingAt: starts)
  }

  /// For this matrix [P, C]: weighted sums of rows, [S, C]; of no rows 0. Gradients flow to the matrix alone.
  ///
  /// - Parameters:
  ///   - rows: int64 [n], those of one sum after those of another.
  ///   - weights: [n], of the matrix's type.
  ///   - starts: int64 [S], where the rows of each sum begin.
  public func weightedSums(ofRows rows: Tensor, weights: Tensor, startingAt starts: Tensor) -> Tensor {
    let sumMode = 0
    return embeddingBagOperator.list(
      .tensor(self), .tensor(rows), .tensor(starts), .bool(false), .int(sumMode), .bool(false), .tensor(weights))[0]
  }

  /// How often each of the numbers 0 ..< `count` occurs in this int64 tensor, which holds no others: int64 [count]. All 0 for a
  /// tensor without elements. libtorch's own `bincount` waits for the device.
  public func occurrences(below count: Int) -> Tensor {
    let counts = Tensor.zeros([count], .int64, device: device)
    let ones = Tensor.ones([1], .int64, device: device).expanded([self.count])
    scatterAddInPlace.run(.tensor(counts), .int(0), .tensor(flattened()), .tensor(ones))
    return counts
  }

  /// For these counts, int64 [N]: each index as often as its count says, int64 [total].
  ///
  /// - Parameter total: The sum of the counts, so that the device need not be waited for.
  public func repeatedIndices(total: Int) -> Tensor { repeatInterleaveOperator(.tensor(self), .int(total)) }

  /// One-hot rows of int64 class numbers: int64 [..., classCount].
  public func oneHot(_ classCount: Int) -> Tensor { oneHotOperator(.tensor(self), .int(classCount)) }
}
