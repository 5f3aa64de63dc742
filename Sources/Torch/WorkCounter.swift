import CTorch

/// What operators did, added up.
public struct OperatorWork: Sendable, Equatable {
  /// How many there were.
  public var calls = 0
  /// From calls to returns. On a CUDA device an operator returns once its work is queued, unless the counter waits for it.
  public var seconds = 0.0
  /// Floating-point operations of convolutions and matrix products; a multiplication with its addition is two.
  public var flops = 0
  /// Bytes of operands that have to be read and of results that have to be written, each once.
  public var bytes = 0
  /// The least time they take on a machine, one after another: each that of its arithmetic or of its memory traffic,
  /// whichever is longer.
  public var floorSeconds = 0.0

  /// No work.
  public init() {}

  init(_ work: ct_work) {
    calls = Int(work.calls)
    seconds = work.seconds
    flops = Int(work.flops)
    bytes = Int(work.bytes)
    floorSeconds = work.floor_seconds
  }

  /// Both together.
  public static func + (one: OperatorWork, other: OperatorWork) -> OperatorWork {
    var sum = one
    sum.calls += other.calls
    sum.seconds += other.seconds
    sum.flops += other.flops
    sum.bytes += other.bytes
    sum.floorSeconds += other.floorSeconds
    return sum
  }

  /// What one did beside what another did, which is a part of it.
  public static func - (one: OperatorWork, other: OperatorWork) -> OperatorWork {
    var rest = one
    rest.calls -= other.calls
    rest.seconds -= other.seconds
    rest.flops -= other.flops
    rest.bytes -= other.bytes
    rest.floorSeconds -= other.floorSeconds
    return rest
  }
}

/// Counts the work of the engine's operators and of this toolkit's kernels while a body runs.
///
/// Counted is the outermost operator with a kernel of its own, so nothing is counted twice: `linear` is its matrix product,
/// and what a convolution calls belongs to it. Views and allocations move nothing. Where nothing counts, nothing is
/// registered with the engine.
public final class WorkCounter {
  private let handle: ct_work_counter

  /// A counter whose floors are those of a machine.
  ///
  /// - Parameter waits: Whether a CUDA device is waited for behind each operator: its seconds are what it took there, then, and nothing
  ///   runs beside it.
  public init(peak: MachinePeak, waits: Bool = false) {
    var handle: ct_work_counter?
    let raw = ct_machine_peak(flops32: peak.float32, flops16: peak.bfloat16 ?? peak.float32, bytes: peak.bytes)
    Engine.check(ct_work_counter_new(raw, waits, &handle), "make a work counter")
    guard let handle else { preconditionFailure("the engine made no work counter") }
    self.handle = handle
  }

  deinit { ct_work_counter_release(handle) }

  /// Counts what `body` and the backward passes that it begins do; what other threads do at that time is not counted.
  ///
  /// - Precondition: nothing counts yet, in any thread.
  public func count<Result>(_ body: () throws -> Result) rethrows -> Result {
    Engine.check(ct_work_counter_start(handle), "count work")
    defer { ct_work_counter_stop(handle) }
    return try body()
  }

  /// All work since the last reset.
  public var total: OperatorWork { OperatorWork(ct_work_counter_total(handle)) }

  /// The work of operators of one name, by name: as in libtorch's schema, or of a kernel of this toolkit.
  public var operators: [(name: String, work: OperatorWork)] {
    let count = Int(ct_work_counter_operators(handle, nil, 0))
    let rows = [ct_operator_work](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = min(count, Int(ct_work_counter_operators(handle, buffer.baseAddress, Int32(count))))
    }
    return rows.map { (String(cString: $0.name), OperatorWork($0.work)) }
  }

  /// Begins anew.
  public func reset() { ct_work_counter_reset(handle) }
}
