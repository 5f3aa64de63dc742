// The moving average of a network that is trained: a teacher, and what a fair baseline is judged by.
//
// Source: Mean Teacher (Tarvainen and Valpola, 2017), section 2, with the momentum of Soft Teacher's release: min(limit,
// t / (t + 1)) after t steps, so that the average is the plain mean of all weights so far before it begins to forget.

import Detection
import Layers
import Reporting
import Segmentation
import Torch
import Training

/// A network of which another of the same form can be made.
public protocol CopiedNetwork: Module {
  /// A network of the same settings, computing in the same type; its weights are others.
  func madeAnew() -> Self
}

extension FasterRCNN: CopiedNetwork {
  /// A detector with other weights.
  public func madeAnew() -> FasterRCNN {
    let copy = FasterRCNN(settings, classCount: classCount, using: Generator(seed: 0))
    copy.computeType = computeType
    return copy
  }
}

extension SegmentationNetwork: CopiedNetwork {
  /// A segmenter with other weights.
  public func madeAnew() -> SegmentationNetwork {
    let copy = settings.make(classCount: classCount, using: Generator(seed: 0))
    copy.computeType = computeType
    return copy
  }
}

/// A network whose parameters and buffers are a moving average of another's; always in evaluation mode, without gradients.
final class AveragedModel<Model: CopiedNetwork> {
  /// The average.
  let model: Model
  private let source: Model
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
  init(of source: Model, memoryImages: Int, hasRamp: Bool = true, hasBuffers: Bool = true) {
    self.source = source
    self.memoryImages = memoryImages
    self.hasRamp = hasRamp
    model = source.madeAnew()
    if let device = source.stateEntries().first?.tensor.device { model.move(to: device) }
    model.freeze()
    model.evaluate()
    let whole = MovingAverage(of: source, in: model)
    whole.update(momentum: 0)
    average = hasBuffers ? whole : MovingAverage(of: source, in: model, withBuffers: false)
  }

  /// Becomes the source, whatever it remembers.
  func copySource() { average.update(momentum: 0) }

  /// Follows the source, which has just taken a step.
  func update(at step: Step) { update(after: step.index + 1, imagesPerStep: step.imagesPerStep) }

  /// The same by a number of steps of its own, such as those since it began anew; with 0 it becomes the source.
  func update(after steps: Int, imagesPerStep: Int) {
    average.update(
      momentum: AverageMemory.momentum(
        after: steps, imagesPerStep: imagesPerStep, memoryImages: memoryImages, hasRamp: hasRamp))
  }

  /// Whether no parameter differs from the source's: an average that remembers nothing.
  var equalsSource: Bool {
    zip(source.namedParameters(), model.namedParameters())
      .allSatisfy { $0.parameter.value.detached().isEqual(to: $1.parameter.value.detached()) }
  }
}

/// How a moving average of weights remembers.
enum AverageMemory {
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
