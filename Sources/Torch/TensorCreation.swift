private let zerosLikeOperator = Operator("zeros_like")
private let zerosOperator = Operator("zeros")
private let emptyOperator = Operator("empty", "memory_format")
private let fullOperator = Operator("full")
private let arangeOperator = Operator("arange", "start_step")
private let normalOperator = Operator("randn", "generator")
private let uniformOperator = Operator("rand", "generator")
private let permutationOperator = Operator("randperm", "generator")

extension Tensor {
  /// All 0.
  public static func zeros(_ shape: [Int], _ type: ElementType = .float32, device: Device = .cpu) -> Tensor {
    zerosOperator(.ints(shape), .type(type), .none, .device(device))
  }

  /// All 1.
  public static func ones(_ shape: [Int], _ type: ElementType = .float32, device: Device = .cpu) -> Tensor {
    full(shape, 1, type, device: device)
  }

  /// All one value.
  public static func full(
    _ shape: [Int], _ value: Double, _ type: ElementType = .float32, device: Device = .cpu
  ) -> Tensor {
    fullOperator(.ints(shape), .double(value), .type(type), .none, .device(device))
  }

  /// Memory whose elements are yet to be written.
  public static func empty(_ shape: [Int], _ type: ElementType = .float32, device: Device = .cpu) -> Tensor {
    emptyOperator(.ints(shape), .type(type), .none, .device(device))
  }

  /// The numbers from `start` up to, not including, `end`. [ceil((end − start) / step)]
  public static func range(
    from start: Double = 0, to end: Double, step: Double = 1, _ type: ElementType = .float32, device: Device = .cpu
  ) -> Tensor {
    arangeOperator(.double(start), .double(end), .double(step), .type(type), .none, .device(device))
  }

  /// The integers 0 ..< count, int64.
  public static func indices(_ count: Int, device: Device = .cpu) -> Tensor {
    arangeOperator(.int(0), .int(count), .int(1), .type(.int64), .none, .device(device))
  }

  /// Draws from the normal distribution with mean 0 and deviation 1; made on the CPU, then moved.
  public static func normal(
    _ shape: [Int], _ type: ElementType = .float32, device: Device = .cpu, using generator: Generator
  ) -> Tensor {
    normalOperator(.ints(shape), .generator(generator), .type(type)).to(device)
  }

  /// Draws from [0, 1); made on the CPU, then moved.
  public static func uniform(
    _ shape: [Int], _ type: ElementType = .float32, device: Device = .cpu, using generator: Generator
  ) -> Tensor {
    uniformOperator(.ints(shape), .generator(generator), .type(type)).to(device)
  }

  /// A random order of 0 ..< count, int64; made on the CPU, then moved.
  public static func permutation(_ count: Int, device: Device = .cpu, using generator: Generator) -> Tensor {
    permutationOperator(.int(count), .generator(generator), .type(.int64)).to(device)
  }
}

extension Tensor {
  /// All 0, of another tensor's element type and on its device.
  public static func zeros(_ shape: [Int], like other: Tensor) -> Tensor {
    zeros(shape, other.elementType, device: other.device)
  }

  /// Zeros of this one's shape, type and device, that lie in memory as this one does.
  public func zerosLike() -> Tensor { zerosLikeOperator(.tensor(self)) }
}
