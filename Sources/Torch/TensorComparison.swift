#if canImport(Glibc)
  import Glibc
#endif

/// Comparisons give bool tensors; no gradient flows.

private let lessTensor = Operator("lt", "Tensor")
private let lessScalar = Operator("lt", "Scalar")
private let lessEqualScalar = Operator("le", "Scalar")
private let greaterTensor = Operator("gt", "Tensor")
private let greaterScalar = Operator("gt", "Scalar")
private let greaterEqualTensor = Operator("ge", "Tensor")
private let greaterEqualScalar = Operator("ge", "Scalar")
private let equalTensor = Operator("eq", "Tensor")
private let equalScalar = Operator("eq", "Scalar")
private let notEqualScalar = Operator("ne", "Scalar")
private let andOperator = Operator("logical_and")
private let orOperator = Operator("logical_or")
private let notOperator = Operator("logical_not")

infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence

extension Tensor {
  /// Where `a` is less than `b`.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { lessTensor(.tensor(a), .tensor(b)) }
  /// Where `a` is less than `b`.
  public static func .< (a: Tensor, b: Double) -> Tensor { lessScalar(.tensor(a), .double(b)) }
  /// Where `a` is at most `b`.
  public static func .<= (a: Tensor, b: Double) -> Tensor { lessEqualScalar(.tensor(a), .double(b)) }
  /// Where `a` is greater than `b`.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { greaterTensor(.tensor(a), .tensor(b)) }
  /// Where `a` is greater than `b`.
  public static func .> (a: Tensor, b: Double) -> Tensor { greaterScalar(.tensor(a), .double(b)) }
  /// Where `a` is at least `b`.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { greaterEqualTensor(.tensor(a), .tensor(b)) }
  /// Where `a` is at least `b`.
  public static func .>= (a: Tensor, b: Double) -> Tensor { greaterEqualScalar(.tensor(a), .double(b)) }
  /// Where `a` is equal to `b`.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { equalTensor(.tensor(a), .tensor(b)) }
  /// Where `a` is equal to `b`.
  public static func .== (a: Tensor, b: Int) -> Tensor { equalScalar(.tensor(a), .int(b)) }
  /// Where `a` is different from `b`.
  public static func .!= (a: Tensor, b: Int) -> Tensor { notEqualScalar(.tensor(a), .int(b)) }
  /// Where both hold.
  public static func .& (a: Tensor, b: Tensor) -> Tensor { andOperator(.tensor(a), .tensor(b)) }
  /// Where one holds or both.
  public static func .| (a: Tensor, b: Tensor) -> Tensor { orOperator(.tensor(a), .tensor(b)) }
  /// Where it does not hold.
  public static prefix func ! (a: Tensor) -> Tensor { notOperator(.tensor(a)) }

  /// Whether two tensors have one shape, one element type and the same elements, bit for bit except that 0 equals −0.
  public func isEqual(to other: Tensor) -> Bool {
    guard shape == other.shape, elementType == other.elementType else { return false }
    return withBytes { mine in other.withBytes { Self.areSame(mine, $0) } }
      || sameElements(as: other)
  }

  private static func areSame(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard let first = a.baseAddress, let second = b.baseAddress else { return a.count == b.count }
    return a.count == b.count && memcmp(first, second, a.count) == 0
  }

  private func sameElements(as other: Tensor) -> Bool {
    let differing = Operator("ne", "Tensor")(.tensor(self), .tensor(other))
    return differing.to(.int64).sum().scalar == 0
  }
}
