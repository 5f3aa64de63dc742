import Testing

@testable import Torch

/// One operation on small tensors and what comes out by hand.
struct OperationCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let run: @Sendable () -> Tensor
  let shape: [Int]
  let values: [Double]
  let type: ElementType

  init(
    _ name: String, _ shape: [Int], _ values: [Double], type: ElementType = .float32,
    _ run: @escaping @Sendable () -> Tensor
  ) {
    testDescription = name
    self.run = run
    self.shape = shape
    self.values = values
    self.type = type
  }

  /// Expects shape, element type and values; float32 may round.
  func check() {
    let result = run()
    #expect(result.shape == shape)
    #expect(result.elementType == type)
    let found = result.doubles
    #expect(found.count == values.count)
    for (a, b) in zip(found, values) {
      #expect(a == b || abs(a - b) <= 1e-6 * max(1, abs(b)) || (a.isNaN && b.isNaN), "\(found), wanted \(values)")
    }
  }
}

/// [[1, 2], [3, 4]] and friends.
private func matrix(_ values: Float...) -> Tensor { Tensor(values, shape: [2, values.count / 2]) }

@Suite("Tensor operations") struct TensorOperationTests {
  static let arithmetic: [OperationCase] = [
    OperationCase("a + b", [2, 2], [11, 22, 33, 44]) { matrix(1, 2, 3, 4) + matrix(10, 20, 30, 40) },
    OperationCase("a + row", [2, 2], [11, 22, 13, 24]) { matrix(1, 2, 3, 4) + Tensor([10, 20] as [Float]) },
    OperationCase("a + column", [2, 2], [11, 12, 23, 24]) {
      matrix(1, 2, 3, 4) + Tensor([10, 20] as [Float], shape: [2, 1])
    },
    OperationCase("int64 + float32 gives float32", [2], [1.5, 2.5]) {
      Tensor([1, 2]) + Tensor([0.5, 0.5] as [Float])
    },
    OperationCase("a − number", [2], [0.5, 1.5]) { Tensor([1, 2] as [Float]) - 0.5 },
    OperationCase("number − a", [2], [9, 8]) { 10 - Tensor([1, 2] as [Float]) },
    OperationCase("a · b", [2], [3, 8]) { Tensor([1, 2] as [Float]) * Tensor([3, 4] as [Float]) },
    OperationCase("a / b", [3], [0.5, .infinity, .nan]) {
      Tensor([1, 1, 0] as [Float]) / Tensor([2, 0, 0] as [Float])
    },
    OperationCase("−a", [2], [-1, 2]) { -Tensor([1, -2] as [Float]) },
    OperationCase("int + int keeps int64", [2], [4, 5], type: .int64) { Tensor([1, 2]).adding(3) },
    OperationCase("int · int keeps int64", [2], [3, 6], type: .int64) { Tensor([1, 2]).multiplied(by: 3) },
    OperationCase("quotients by a tensor are rounded down", [4], [2, -3, 0, 7], type: .int64) {
      Tensor([7, -7, 2, 7]).quotient(by: Tensor([3, 3, 3, 1]))
    },
    OperationCase("exp, log", [2], [1, 2]) { Tensor([1, 2] as [Float]).exp().log() },
    OperationCase("log2, sqrt", [2], [3, 1]) { Tensor([64, 4] as [Float]).sqrt().log2() },
    OperationCase("abs, power", [2], [4, 9]) { Tensor([-2, 3] as [Float]).abs().power(2) },
    OperationCase("floor", [3], [-2, 1, 2]) { Tensor([-1.5, 1.9, 2] as [Float]).floor() },
    OperationCase("rounding sends halves to even", [4], [-2, 0, 2, 2]) {
      Tensor([-1.5, 0.5, 1.5, 2.5] as [Float]).rounded()
    },
    OperationCase("clamped from below", [3], [0, 1, 9]) { Tensor([-5, 1, 9] as [Float]).clamped(min: 0) },
    OperationCase("clamped on both sides", [3], [0, 1, 2]) { Tensor([-5, 1, 9] as [Float]).clamped(min: 0, max: 2) },
    OperationCase("clamped between tensors", [2], [1, 4]) {
      Tensor([0, 9] as [Float]).clamped(min: Tensor([1, 1] as [Float]), max: Tensor([4, 4] as [Float]))
    },
    OperationCase("maximum, minimum", [2], [1, 2]) {
      minimum(maximum(Tensor([0, 5] as [Float]), Tensor([1, 1] as [Float])), Tensor([2, 2] as [Float]))
    },
    OperationCase("isFinite", [3], [1, 0, 0], type: .bool) { Tensor([1, .nan, .infinity] as [Float]).isFinite() },
    OperationCase("select", [2], [1, 20]) {
      select(Tensor([true, false]), Tensor([1, 2] as [Float]), else: Tensor([10, 20] as [Float]))
    },
  ]

  static let comparisons: [OperationCase] = [
    OperationCase("<", [3], [1, 0, 0], type: .bool) { Tensor([1, 2, 3] as [Float]) .< 2 },
    OperationCase("<=", [3], [1, 1, 0], type: .bool) { Tensor([1, 2, 3] as [Float]) .<= 2 },
    OperationCase(">", [3], [0, 0, 1], type: .bool) { Tensor([1, 2, 3] as [Float]) .> 2 },
    OperationCase(">=", [3], [0, 1, 1], type: .bool) { Tensor([1, 2, 3] as [Float]) .>= 2 },
    OperationCase("== between tensors", [2], [0, 1], type: .bool) { Tensor([1, 2]) .== Tensor([2, 2]) },
    OperationCase("== and != a number", [2], [0, 0], type: .bool) {
      (Tensor([1, 2]) .== 1) .& (Tensor([1, 2]) .!= 1)
    },
    OperationCase("or, not", [2], [0, 1], type: .bool) { !(Tensor([true, false]) .| Tensor([false, false])) },
    OperationCase("not a number is equal to nothing", [1], [0], type: .bool) {
      Tensor([Float.nan]) .== Tensor([Float.nan])
    },
  ]

  static let reductions: [OperationCase] = [
    OperationCase("sum", [], [10]) { matrix(1, 2, 3, 4).sum() },
    OperationCase("sum over rows", [2], [4, 6]) { matrix(1, 2, 3, 4).sum(0) },
    OperationCase("sum keeping axes", [2, 1], [3, 7]) { matrix(1, 2, 3, 4).sum(1, keepingAxes: true) },
    OperationCase("sum of bool counts", [], [2], type: .int64) { Tensor([true, false, true]).sum() },
    OperationCase("sum of nothing", [], [0]) { Tensor.zeros([0]).sum() },
    OperationCase("mean", [], [2.5]) { matrix(1, 2, 3, 4).mean() },
    OperationCase("mean over columns", [2], [1.5, 3.5]) { matrix(1, 2, 3, 4).mean(-1) },
    OperationCase("mean of nothing", [], [.nan]) { Tensor.zeros([0]).mean() },
    OperationCase("variance without correction", [2], [0.25, 1]) { matrix(1, 2, 3, 5).variance(1, correction: 0) },
    OperationCase("variance with correction", [2], [0.5, 2]) { matrix(1, 2, 3, 5).variance(1, correction: 1) },
    OperationCase("max, min", [], [3]) { matrix(1, 2, 3, 4).max() - matrix(1, 2, 3, 4).min() },
    OperationCase("max along an axis", [2], [3, 4]) { matrix(1, 4, 3, 2).max(0).values },
    OperationCase("the first of equal greatest", [2], [0, 1], type: .int64) { matrix(5, 2, 5, 9).max(0).indices },
    OperationCase("where the least stand", [2], [0, 1], type: .int64) { matrix(1, 4, 3, 2).min(1).indices },
    OperationCase("argmax", [2], [1, 0], type: .int64) { matrix(1, 4, 3, 2).argmax(1) },
    OperationCase("any along an axis", [2], [1, 0], type: .bool) {
      Tensor([true, false, false, false], shape: [2, 2]).any(1)
    },
    OperationCase("norm", [], [5]) { Tensor([3, -4] as [Float]).norm() },
    OperationCase("top 2", [2], [9, 5]) { Tensor([1, 9, 5] as [Float]).topK(2, axis: 0).values },
    OperationCase("where the top 2 stand", [2], [1, 2], type: .int64) {
      Tensor([1, 9, 5] as [Float]).topK(2, axis: 0).indices
    },
    OperationCase("sorted", [3], [1, 5, 9]) { Tensor([5, 1, 9] as [Float]).sorted(axis: 0).values },
    OperationCase("equal ones keep their order when sorted", [4], [1, 0, 2, 3], type: .int64) {
      Tensor([2, 3, 2, 2] as [Float]).sorted(axis: 0, descending: true).indices
    },
    OperationCase("cumulative sum", [3], [1, 3, 6]) { Tensor([1, 2, 3] as [Float]).cumulativeSum(0) },
  ]

  @Test("arithmetic gives values computed by hand", arguments: arithmetic)
  func checkArithmetic(operation: OperationCase) { operation.check() }

  @Test("comparisons give values computed by hand", arguments: comparisons)
  func checkComparisons(operation: OperationCase) { operation.check() }

  @Test("reductions give values computed by hand", arguments: reductions)
  func checkReductions(operation: OperationCase) { operation.check() }

  @Test("isAnyTrue and isAllTrue look at all elements")
  func truth() {
    #expect(Tensor([false, true]).isAnyTrue && !Tensor([false, false]).isAnyTrue)
    #expect(Tensor([true, true]).isAllTrue && !Tensor([true, false]).isAllTrue)
    #expect(!Tensor.zeros([0], .bool).isAnyTrue && Tensor.zeros([0], .bool).isAllTrue)
  }

  @Test("equality is of shape, type and elements")
  func equality() {
    #expect(Tensor([1, 2]).isEqual(to: Tensor([1, 2])))
    #expect(!Tensor([1, 2]).isEqual(to: Tensor([1, 3])))
    #expect(!Tensor([1, 2]).isEqual(to: Tensor([1, 2], shape: [1, 2])))
    #expect(!Tensor([1, 2]).isEqual(to: Tensor([1, 2] as [Int32])))
    #expect(Tensor([0] as [Float]).isEqual(to: Tensor([-0.0] as [Float])))
    #expect(Tensor([Float.nan]).isEqual(to: Tensor([Float.nan])))
  }

  @Test("lists of tensors are changed in one call")
  func lists() {
    let targets = [Tensor([1, 2] as [Float]), Tensor([3] as [Float])]
    TensorList.addInPlace(targets, [Tensor([10, 20] as [Float]), Tensor([30] as [Float])], scale: 0.5)
    TensorList.multiplyInPlace(targets, by: 2)
    TensorList.addInPlace(targets, 1)
    #expect(targets.map(\.floats) == [[13, 25], [37]])
    TensorList.addProductInPlace(targets, targets.map { $0.copied() }, [.ones([2]), .ones([1])], scale: 2)
    #expect(targets.map(\.floats) == [[39, 75], [111]])
    TensorList.addQuotientInPlace(targets, [.ones([2]), .ones([1])], over: [.full([2], 2), .full([1], 4)], scale: 4)
    #expect(targets.map(\.floats) == [[41, 77], [112]])
    #expect(TensorList.squareRoots([Tensor([4] as [Float])]).map(\.floats) == [[2]])
    #expect(TensorList.norms([Tensor([3, 4] as [Float]), Tensor([] as [Float])]).map(\.scalar) == [5, 0])
  }
}
