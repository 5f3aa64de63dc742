import Torch

/// Adds up time and work of the named parts of steps. A part within another counts for itself alone, so the parts add up
/// to the steps.
///
/// A run without a profile measures nothing, counts nothing and waits for no device.
public final class StepProfile: Equatable, @unchecked Sendable {
  /// What went into a part.
  public struct Part: Sendable, Equatable {
    /// As it was measured under; ``StepProfile/besideName`` for what belongs to no part.
    public let name: String
    /// Time by the clock.
    public var seconds = 0.0
    /// What operators did in it; nothing in a profile without a counter.
    public var work = OperatorWork()

    fileprivate mutating func add(_ seconds: Double, _ work: OperatorWork) {
      self.seconds += seconds
      self.work = self.work + work
    }
  }

  /// The name of what no part of a step covers.
  public static let besideName = "beside the parts"

  private var measured: [Part] = []
  /// What the parts within each open part took.
  private var inner: [Part] = []
  private let counter: WorkCounter?
  private let synchronize: () -> Void

  /// A profile.
  ///
  /// - Parameters:
  ///   - counter: Counts the work of the steps, where it is wanted.
  ///   - synchronize: Waits until the device has done what it was given.
  public init(counter: WorkCounter? = nil, synchronize: @escaping () -> Void = {}) {
    self.counter = counter
    self.synchronize = synchronize
  }

  /// The parts in the order they first began, what belongs to none at the end.
  public var parts: [Part] {
    measured.filter { $0.name != Self.besideName } + measured.filter { $0.name == Self.besideName }
  }

  /// All parts together.
  public var whole: Part { Self.sum("whole step", parts) }

  static func sum(_ name: String, _ parts: some Sequence<Part>) -> Part {
    parts.reduce(into: Part(name: name)) { $0.add($1.seconds, $1.work) }
  }

  /// The operators of the measured steps, by name.
  public var operators: [(name: String, work: OperatorWork)] { counter?.operators ?? [] }

  /// Runs a step and counts its work; what its parts do not cover becomes the part ``besideName``.
  public func measureStep<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard let counter else { return try measure(Self.besideName, body) }
    return try counter.count { try measure(Self.besideName, body) }
  }

  /// Runs a part and adds what went into it to that of its name.
  public func measure<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    // Known from its beginning, so that a part stands before those within it.
    let place = measured.firstIndex { $0.name == name } ?? measured.count
    if place == measured.count { measured.append(Part(name: name)) }
    inner.append(Part(name: name))
    synchronize()
    let (begun, before) = (ContinuousClock.now, counter?.total)
    defer {
      synchronize()
      let seconds = (ContinuousClock.now - begun) / .seconds(1)
      let work = counter.flatMap { counter in before.map { counter.total - $0 } } ?? OperatorWork()
      let within = inner.removeLast()
      measured[place].add(seconds - within.seconds, work - within.work)
      if let outer = inner.indices.last { inner[outer].add(seconds, work) }
    }
    return try body()
  }

  /// Begins anew; not within a step.
  public func reset() {
    measured = []
    counter?.reset()
  }

  /// Whether it is the same profile.
  public static func == (one: StepProfile, other: StepProfile) -> Bool { one === other }
}
