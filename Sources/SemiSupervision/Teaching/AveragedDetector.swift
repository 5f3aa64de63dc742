// The moving average of a detector that is trained: Soft Teacher's teacher, and what a fair baseline is judged by.
//
// Source: Mean Teacher (Tarvainen and Valpola, 2017), section 2, with the momentum of Soft Teacher's release: min(limit,
// t / (t + 1)) after t steps, so that the average is the plain mean of all weights so far before it begins to forget.

import Detection
import Layers
import Reporting
import Torch
import Training

/// A detector whose parameters and buffers are a moving average of another's; always in evaluation mode, without gradients.
final class AveragedDetector {
  /// The average.
  let detector: FasterRCNN
  private let source: FasterRCNN
  private let average: MovingAverage
  /// Images seen over which it remembers.
  private let memoryImages: Int
  private let hasRamp: Bool

  /// A copy of `source` that follows it.
  ///
  /// - Parameters:
  ///   - memoryImages: As the run has it, not as its recipe says it.
  ///   - hasRamp: Whether it begins as the plain mean of all weights so far.
  ///   - hasBuffers: Whether buffers follow too; without, they stay as they are now.
  init(of source: FasterRCNN, memoryImages: Int, hasRamp: Bool = true, hasBuffers: Bool = true) {
    self.source = source
    self.memoryImages = memoryImages
    self.hasRamp = hasRamp
    detector = FasterRCNN(source.settings, classCount: source.classCount, using: Generator(seed: 0))
    detector.computeType = source.computeType
    if let device = source.stateEntries().first?.tensor.device { detector.move(to: device) }
    detector.freeze()
    detector.evaluate()
    let whole = MovingAverage(of: source, in: detector)
    whole.update(momentum: 0)
    average = hasBuffers ? whole : MovingAverage(of: source, in: detector, withBuffers: false)
  }

  /// Becomes the source, whatever it remembers.
  func copySource() { average.update(momentum: 0) }

  /// Follows the source, which has just taken a step.
  func update(at step: Step) {
    average.update(
      momentum: Self.momentum(
        after: step.index + 1, imagesPerStep: step.imagesPerStep, memoryImages: memoryImages, hasRamp: hasRamp))
  }

  /// Whether no parameter differs from the source's: an average that remembers nothing.
  var equalsSource: Bool {
    zip(source.namedParameters(), detector.namedParameters())
      .allSatisfy { $0.parameter.value.detached().isEqual(to: $1.parameter.value.detached()) }
  }

  /// The share of the old average in the new one after `steps` steps; 0.999 at most at 40 images a step and a memory of
  /// 40 000 images, as released; without the ramp it is that from the first step on, as in mmdetection.
  static func momentum(after steps: Int, imagesPerStep: Int, memoryImages: Int, hasRamp: Bool = true) -> Double {
    let limit = max(0, 1 - Double(imagesPerStep) / Double(max(1, memoryImages)))
    return hasRamp ? min(limit, Double(steps) / Double(steps + 1)) : limit
  }

  /// How it follows, in words.
  static func plan(memoryImages: Int, hasRamp: Bool = true, for length: RunLength) -> String {
    let memory = length.images(memoryImages)
    let limit = momentum(
      after: Int.max - 1, imagesPerStep: length.imagesPerStep, memoryImages: memory, hasRamp: hasRamp)
    return "remembers \(memory) images (momentum \(NumberText.short(limit))"
      + (hasRamp ? ", the plain mean of all weights before)" : " from the first step on)")
  }
}
