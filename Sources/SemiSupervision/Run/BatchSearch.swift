import Torch
import Training

/// Finds the largest number of images a step, or at a time, that fits into the memory there is.
///
/// Two steps are measured, of one and of two units (the least images that the method can share out); memory grows by the
/// same amount with each further unit, so the number that fits follows, and a step of that size is taken to see that it
/// does. Where it does not, fewer are tried.
public struct BatchSearch {
  /// What is looked for.
  public enum Wanted: Equatable, Sendable {
    /// A step of as many images as fit, and as there are.
    case step
    /// As many images at a time as fit and as a step of so many units has.
    case microBatch(unitsOfStep: Int)

    fileprivate var flag: String { self == .step ? "batch" : "micro-batch" }
    fileprivate var images: String { self == .step ? "images a step" : "images at a time" }
    fileprivate var end: String { self == .step ? "there are no more images" : "that is a whole step" }
  }

  /// The share of the memory there is that steps may take: the rest is for what differs from step to step (how many boxes
  /// an image has, fragmented memory, batches made ahead) and for evaluation.
  public static let usableShare = 0.85

  private static var percentage: String { "\(Int((usableShare * 100).rounded())) %" }

  private let unit: StepImages
  private let wanted: Wanted
  private let measure: (StepImages) throws -> StepMemory?
  private let say: (String) -> Void

  /// A search.
  ///
  /// - Parameters:
  ///   - unit: The least images of a step.
  ///   - wanted: What is looked for.
  ///   - measure: What so many images take; nil where they did not fit.
  ///   - say: Shows a line.
  public init(
    unit: StepImages, wanted: Wanted = .step,
    measure: @escaping (StepImages) throws -> StepMemory?, say: @escaping (String) -> Void
  ) {
    self.unit = unit
    self.wanted = wanted
    self.measure = measure
    self.say = say
  }

  /// The images a step to be taken; never more than there are.
  ///
  /// - Throws: Where not even one unit fits, and what `measure` throws.
  public func run() throws -> StepImages {
    guard let one = try measure(unit) else {
      throw RunError.data(
        "--\(wanted.flag) auto: not even \(unit) \(wanted.images) fit into the memory that is free; smaller views (views.short_side_to,"
          + " views.long_side) or --precision bfloat16 take less")
    }
    let most = mostUnits(in: one.images)
    guard most > 1, fits(one) else { return chosen(1, one) }
    guard let two = try measure(unit.times(2)), fits(two) else {
      say("\(wanted.flag) auto: \(2 * unit.total) \(wanted.images) do not fit")
      return chosen(1, one)
    }
    say(
      "\(wanted.flag) auto: steps of \(unit.total) and \(2 * unit.total) images take \(MemorySize(one.peak)) and"
        + " \(MemorySize(two.peak)); \(MemorySize(one.free)) are free, \(Self.percentage) of it may be taken")
    // The smallest networks grow by less than the noise of a measurement.
    let growth = max(two.peak - one.peak, 1 << 20)
    var units = min(most, 1 + max(0, usable(one) - one.peak) / growth)
    while units > 2 {
      let measured = try measure(unit.times(units))
      if let measured, fits(measured) { return chosen(units, measured) }
      say(
        "\(wanted.flag) auto: \(units * unit.total) \(wanted.images) "
          + (measured.map { "take \(MemorySize($0.peak)), too much" } ?? "do not fit"))
      units = fewer(than: units, measured, one)
    }
    return chosen(2, two)
  }

  /// The next number to try: by what the step took, where it took anything, else three quarters.
  private func fewer(than units: Int, _ measured: StepMemory?, _ one: StepMemory) -> Int {
    guard let measured, measured.peak > one.peak else { return units * 3 / 4 }
    let fitting = 1 + (usable(one) - one.peak) * (units - 1) / (measured.peak - one.peak)
    return max(2, min(units - 1, fitting))
  }

  private func chosen(_ units: Int, _ measured: StepMemory) -> StepImages {
    let images = unit.times(units)
    let isAll = units == mostUnits(in: measured.images)
    say(
      "\(wanted.flag) auto: \(images) \(wanted.images), which take \(MemorySize(measured.peak)) of \(MemorySize(measured.free))"
        + (isAll ? "; " + wanted.end : "")
        + (fits(measured) ? "" : "; that is more than \(Self.percentage), and may not do for every step"))
    return images
  }

  private func mostUnits(in images: StepImages) -> Int {
    if case .microBatch(let units) = wanted { return units }
    let counts = [(images.labeled, unit.labeled), (images.unlabeled, unit.unlabeled)]
    return max(1, counts.filter { $0.1 > 0 }.map { $0.0 / $0.1 }.min() ?? 1)
  }

  private func usable(_ memory: StepMemory) -> Int { Int(Self.usableShare * Double(memory.free)) }
  private func fits(_ memory: StepMemory) -> Bool { memory.peak <= usable(memory) }
}
