/// Element by element, with libtorch's broadcasting and type promotion. Gradients flow unless said otherwise.

private let addTensor = Operator("add", "Tensor")
private let addScalar = Operator("add", "Scalar")
private let addScalarInPlace = Operator("add_", "Scalar")
private let addTensorInPlace = Operator("add_", "Tensor")
private let subtractTensor = Operator("sub", "Tensor")
private let subtractScalar = Operator("sub", "Scalar")
private let reversedSubtract = Operator("rsub", "Scalar")
private let multiplyTensor = Operator("mul", "Tensor")
private let multiplyScalar = Operator("mul", "Scalar")
private let divideTensor = Operator("div", "Tensor")
private let divideScalar = Operator("div", "Scalar")
private let floorDivideScalar = Operator("floor_divide", "Scalar")
private let floorDivideTensor = Operator("floor_divide")
private let remainderScalar = Operator("remainder", "Scalar")
private let negate = Operator("neg")
private let exponential = Operator("exp")
private let logarithm = Operator("log")
private let logarithm2 = Operator("log2")
private let squareRoot = Operator("sqrt")
private let absolute = Operator("abs")
private let floorOperator = Operator("floor")
private let roundOperator = Operator("round")
private let powerScalar = Operator("pow", "Tensor_Scalar")
private let clampScalars = Operator("clamp")
private let clampTensors = Operator("clamp", "Tensor")
private let maximumOperator = Operator("maximum")
private let minimumOperator = Operator("minimum")
private let isFiniteOperator = Operator("isfinite")
private let whereOperator = Operator("where", "self")

extension Tensor {
  /// The sum, element by element.
  public static func + (a: Tensor, b: Tensor) -> Tensor { addTensor(.tensor(a), .tensor(b)) }
  /// The sum, element by element.
  public static func + (a: Tensor, b: Double) -> Tensor { addScalar(.tensor(a), .double(b)) }
  /// The difference, element by element.
  public static func - (a: Tensor, b: Tensor) -> Tensor { subtractTensor(.tensor(a), .tensor(b)) }
  /// The difference, element by element.
  public static func - (a: Tensor, b: Double) -> Tensor { subtractScalar(.tensor(a), .double(b)) }
  /// The difference, element by element.
  public static func - (a: Double, b: Tensor) -> Tensor { reversedSubtract(.tensor(b), .double(a)) }
  /// The product, element by element.
  public static func * (a: Tensor, b: Tensor) -> Tensor { multiplyTensor(.tensor(a), .tensor(b)) }
  /// The product, element by element.
  public static func * (a: Tensor, b: Double) -> Tensor { multiplyScalar(.tensor(a), .double(b)) }
  /// The product, element by element.
  public static func * (a: Double, b: Tensor) -> Tensor { multiplyScalar(.tensor(b), .double(a)) }
  /// The quotient, element by element.
  public static func / (a: Tensor, b: Tensor) -> Tensor { divideTensor(.tensor(a), .tensor(b)) }
  /// The quotient, element by element.
  public static func / (a: Tensor, b: Double) -> Tensor { divideScalar(.tensor(a), .double(b)) }
  /// The opposite of each element.
  public static prefix func - (a: Tensor) -> Tensor { negate(.tensor(a)) }

  /// The sum with a tensor of a fitting shape, written over this one.
  public func addedInPlace(_ other: Tensor) -> Tensor { addTensorInPlace(.tensor(self), .tensor(other)) }

  /// Adds an integer to each element, in this tensor's type.
  public func addInPlace(_ number: Int) { addScalarInPlace.run(.tensor(self), .int(number)) }

  /// The sum with an integer, which keeps integer types.
  public func adding(_ number: Int) -> Tensor { addScalar(.tensor(self), .int(number)) }

  /// The product with an integer, which keeps integer types.
  public func multiplied(by number: Int) -> Tensor { multiplyScalar(.tensor(self), .int(number)) }

  /// The quotient by an integer, rounded down, which keeps integer types.
  public func quotient(by number: Int) -> Tensor { floorDivideScalar(.tensor(self), .int(number)) }

  /// The quotient by a tensor of integers of a fitting shape, rounded down, which keeps integer types.
  ///
  /// - Precondition: No divisor is 0.
  public func quotient(by divisors: Tensor) -> Tensor { floorDivideTensor(.tensor(self), .tensor(divisors)) }

  /// What the division by an integer leaves, which keeps integer types: for a positive divisor in 0 ..< number.
  public func remainder(by number: Int) -> Tensor { remainderScalar(.tensor(self), .int(number)) }

  /// e to the power of each element.
  public func exp() -> Tensor { exponential(.tensor(self)) }
  /// The natural logarithm of each element.
  public func log() -> Tensor { logarithm(.tensor(self)) }
  /// The logarithm to base 2 of each element.
  public func log2() -> Tensor { logarithm2(.tensor(self)) }
  /// The square root of each element.
  public func sqrt() -> Tensor { squareRoot(.tensor(self)) }
  /// The absolute value of each element.
  public func abs() -> Tensor { absolute(.tensor(self)) }
  /// The greatest integer not above each element.
  public func floor() -> Tensor { floorOperator(.tensor(self)) }
  /// Half goes to the even neighbour.
  public func rounded() -> Tensor { roundOperator(.tensor(self)) }
  /// Each element to a power.
  public func power(_ exponent: Double) -> Tensor { powerScalar(.tensor(self), .double(exponent)) }

  /// Each element brought into the range; nil leaves that side open. Whole bounds keep integer types.
  public func clamped(min: Double? = nil, max: Double? = nil) -> Tensor {
    let isFloatingPoint = elementType.isFloatingPoint
    func bound(_ value: Double?) -> Value {
      guard let value else { return .none }
      guard !isFloatingPoint, let whole = Int(exactly: value) else { return .double(value) }
      return .int(whole)
    }
    return clampScalars(.tensor(self), bound(min), bound(max))
  }

  /// Each element brought between tensors of a fitting shape.
  public func clamped(min: Tensor, max: Tensor) -> Tensor {
    clampTensors(.tensor(self), .tensor(min), .tensor(max))
  }

  /// 1 (true) where an element is neither infinite nor not-a-number. Bool, this shape.
  public func isFinite() -> Tensor { isFiniteOperator(.tensor(self)) }
}

/// The greater of two elements.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { maximumOperator(.tensor(a), .tensor(b)) }

/// The lesser of two elements.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { minimumOperator(.tensor(a), .tensor(b)) }

/// `a` where `condition` (bool) holds, else `b`.
public func select(_ condition: Tensor, _ a: Tensor, else b: Tensor) -> Tensor {
  whereOperator(.tensor(condition), .tensor(a), .tensor(b))
}
