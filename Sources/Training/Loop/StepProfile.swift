/// Adds up the time of the named parts of steps. A part within another counts for itself alone, so the parts add up to
/// the steps.
///
/// A run without a profile measures nothing and waits for no device.
public final class StepProfile: Equatable, @unchecked Sendable {
  /// Seconds of each part, in the order they first began.
  public private(set) var parts: [Figure] = []
  private let synchronize: () -> Void
  private var innerSeconds: [Double] = []

  /// A profile; `synchronize` waits until the device has done what it was given.
  public init(synchronize: @escaping () -> Void = {}) { self.synchronize = synchronize }

  /// Runs a part and adds its time to those of its name.
  public func measure<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    // Known from its beginning, so that a part stands before those within it.
    let place = parts.firstIndex { $0.name == name } ?? parts.count
    if place == parts.count { parts.append(Figure(name, 0)) }
    innerSeconds.append(0)
    synchronize()
    let begun = ContinuousClock.now
    defer {
      synchronize()
      let seconds = (ContinuousClock.now - begun) / .seconds(1)
      let inner = innerSeconds.removeLast()
      parts[place] = Figure(name, parts[place].value + seconds - inner)
      if let last = innerSeconds.indices.last { innerSeconds[last] += seconds }
    }
    return try body()
  }

  /// Begins anew.
  public func reset() { parts = [] }

  /// Whether it is the same profile.
  public static func == (one: StepProfile, other: StepProfile) -> Bool { one === other }
}
