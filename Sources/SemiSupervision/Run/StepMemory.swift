import Documents
import Samples
import Torch
import Training

/// What the largest step of a run took of the memory there was, measured in a process of its own.
public struct StepMemory: Equatable, Sendable {
  /// Bytes that were taken at most: by the whole process on the CPU, mapped or touched, by its steps on a GPU.
  public let peak: Int
  /// Bytes that could have been taken.
  public let free: Int
  /// Images that the run has.
  public let images: StepImages

  /// A measurement.
  public init(peak: Int, free: Int, images: StepImages) {
    self.peak = peak
    self.free = free
    self.images = images
  }

  /// For another process.
  public var json: JSON {
    [
      "peak": JSON(peak), "free": JSON(free), "labeled": JSON(images.labeled), "unlabeled": JSON(images.unlabeled),
    ]
  }

  /// From another process; nil for something else.
  public init?(_ json: JSON) {
    guard let peak = json["peak"]?.int, let free = json["free"]?.int, let labeled = json["labeled"]?.int,
      let unlabeled = json["unlabeled"]?.int
    else { return nil }
    self.init(peak: peak, free: free, images: StepImages(labeled: labeled, unlabeled: unlabeled))
  }
}

extension RunSettings {
  /// Steps as large as the run may ever take them: every view of the largest size, and the method doing all it does.
  fileprivate var atTheirFullest: Self {
    var settings = withLargestViews
    // Kinds of images are drawn for each micro-batch.
    settings.method.stepImages = microBatch
    settings.method = settings.method.atItsFullest
    settings.method.stepImages = settings.method.stepImages.times(trainer.accumulation)
    return settings
  }
}

extension StepMemory {
  /// Takes two steps of the largest size, as the first leaves the memory to the second, and says what they took.
  ///
  /// This may end the process: with the engine's line, or by the kernel, which is asked to end it before any other.
  static func measure<Run: DrivenRun>(
    _ settings: Run.TaskSettings, _ makeRun: (Run.TaskSettings) throws -> Run
  ) throws -> StepMemory {
    let device = try RunSetup.device(of: settings.run)
    guard let free = device.freeMemory else {
      throw RunError.data("device '\(device)' does not say how much memory is free: --batch N is wanted")
    }
    if device == .cpu { Engine.limitMemory(to: free) }
    let run = try makeRun(settings.atTheirFullest)
    try TaskDriver(run).takeSteps(2)
    device.synchronize()
    let taken =
      device == .cpu ? max(Engine.peakMemory, Engine.mappedMemory) : free - (device.freeMemory ?? 0)
    return StepMemory(
      peak: taken, free: free,
      images: StepImages(labeled: run.data.labeledPool.count, unlabeled: run.data.unlabeled?.count ?? 0))
  }
}
