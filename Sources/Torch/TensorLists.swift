/// Operations over many tensors in one call, for optimizers and moving averages. All lists have one length; no gradient
/// is recorded by callers, who run them within `withoutGradients`.

private let addListOperator = Operator("_foreach_add_", "List")
private let addScalarOperator = Operator("_foreach_add_", "Scalar")
private let multiplyOperator = Operator("_foreach_mul_", "Scalar")
private let divideAddOperator = Operator("_foreach_addcdiv_", "Scalar")
private let multiplyAddOperator = Operator("_foreach_addcmul_", "Scalar")
private let squareRootOperator = Operator("_foreach_sqrt")
private let normOperator = Operator("_foreach_norm", "Scalar")

/// In-place arithmetic on lists of tensors.
public enum TensorList {
  /// targets[i] += scale · others[i]
  public static func addInPlace(_ targets: [Tensor], _ others: [Tensor], scale: Double = 1) {
    guard !targets.isEmpty else { return }
    addListOperator.run(.tensors(targets), .tensors(others), .double(scale))
  }

  /// targets[i] += number
  public static func addInPlace(_ targets: [Tensor], _ number: Double) {
    guard !targets.isEmpty else { return }
    addScalarOperator.run(.tensors(targets), .double(number))
  }

  /// targets[i] += number
  public static func addInPlace(_ targets: [Tensor], _ number: Int) {
    guard !targets.isEmpty else { return }
    addScalarOperator.run(.tensors(targets), .int(number))
  }

  /// targets[i] *= factor
  public static func multiplyInPlace(_ targets: [Tensor], by factor: Double) {
    guard !targets.isEmpty else { return }
    multiplyOperator.run(.tensors(targets), .double(factor))
  }

  /// targets[i] += scale · numerators[i] / denominators[i]
  public static func addQuotientInPlace(
    _ targets: [Tensor], _ numerators: [Tensor], over denominators: [Tensor], scale: Double
  ) {
    guard !targets.isEmpty else { return }
    divideAddOperator.run(.tensors(targets), .tensors(numerators), .tensors(denominators), .double(scale))
  }

  /// targets[i] += scale · first[i] · second[i]
  public static func addProductInPlace(_ targets: [Tensor], _ first: [Tensor], _ second: [Tensor], scale: Double) {
    guard !targets.isEmpty else { return }
    multiplyAddOperator.run(.tensors(targets), .tensors(first), .tensors(second), .double(scale))
  }

  /// The square roots, as new tensors.
  public static func squareRoots(_ tensors: [Tensor]) -> [Tensor] {
    tensors.isEmpty ? [] : squareRootOperator.list(.tensors(tensors))
  }

  /// The Euclidean norm of each tensor, shape [].
  public static func norms(_ tensors: [Tensor]) -> [Tensor] {
    tensors.isEmpty ? [] : normOperator.list(.tensors(tensors), .double(2))
  }
}
