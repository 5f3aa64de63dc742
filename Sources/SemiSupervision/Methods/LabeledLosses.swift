import Detection
import Samples
import Training

extension FasterRCNN {
  /// The four losses of a step's labelled images; with strong views the mean of both views' losses.
  func labeledLosses(_ batch: SampleBatch, strongViews: Bool, at step: Step) -> DetectorLosses {
    let weak = labeledLosses(batch.labeledWeak[0], at: step, purpose: 0)
    guard strongViews, let strong = batch.labeledStrong.first else { return weak }
    return weak.mean(with: labeledLosses(strong, at: step, purpose: 3))
  }

  /// - Parameter purpose: Keeps what is drawn apart from what other batches of the step draw.
  private func labeledLosses(_ views: ViewBatch, at step: Step, purpose: UInt64) -> DetectorLosses {
    losses(
      ImageBatch(views), targets: DetectionTarget.targets(of: views),
      sampler: BalancedSampler(generator: step.makeGenerator(purpose)))
  }
}
