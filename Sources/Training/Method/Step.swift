import Randomness
import Torch

/// Where a run stands: one step, counted from 0.
public struct Step: Sendable, Equatable {
  /// Steps done before this one.
  public let index: Int
  /// Steps that one pass over the epoch's list takes.
  public let stepsPerEpoch: Int
  /// Images of all streams and processes together that one step takes.
  public let imagesPerStep: Int
  /// The run's seed.
  public let seed: UInt64
  /// Which of the step's micro-batches losses are asked of; 0 where a step takes its images at once.
  public private(set) var microBatch = 0
  private let profile: StepProfile?

  /// A step of a run.
  public init(index: Int, stepsPerEpoch: Int, imagesPerStep: Int, seed: UInt64, profile: StepProfile? = nil) {
    self.index = index
    self.stepsPerEpoch = max(1, stepsPerEpoch)
    self.imagesPerStep = imagesPerStep
    self.seed = seed
    self.profile = profile
  }

  /// Passes over the epoch's list that are complete.
  public var epoch: Int { index / stepsPerEpoch }
  /// Steps done in this epoch.
  public var indexInEpoch: Int { index % stepsPerEpoch }
  /// Images seen before this step; every time constant is in this unit.
  public var imagesSeen: Int { index * imagesPerStep }

  /// The step as one of its micro-batches sees it, with draws of its own.
  public func at(microBatch: Int) -> Step {
    var step = self
    step.microBatch = microBatch
    return step
  }

  /// Runs a named part of the step, whose time a profile shows.
  public func part<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
    guard let profile else { return try body() }
    return try profile.measure(name, body)
  }

  /// A generator for what this step draws, such as the regions that a loss samples.
  ///
  /// It is a function of (seed, step, purpose, micro-batch), so a resumed run draws the same without anything being saved.
  /// - Parameter purpose: keeps the draws of one step apart.
  public func makeGenerator(_ purpose: UInt64 = 0) -> Generator {
    var keyed = makeHostGenerator(purpose)
    return Generator(seed: keyed.next())
  }

  /// The same for what is drawn on the host, such as the places of rectangles.
  public func makeHostGenerator(_ purpose: UInt64 = 0) -> SeededGenerator {
    let path = [0x73_7465_70, UInt64(index), purpose]
    return SeededGenerator(seed: seed, keys: microBatch == 0 ? path : path + [UInt64(microBatch)])
  }
}
