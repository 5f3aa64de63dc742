/// What one step takes: the views of each stream, a batch for each view.
public struct SampleBatch: Sendable {
  /// Weak views of the labelled images: one batch for each view asked for.
  public let labeledWeak: [ViewBatch]
  /// Strong views of the labelled images.
  public let labeledStrong: [ViewBatch]
  /// Weak views of the unlabelled images.
  public let unlabeledWeak: [ViewBatch]
  /// Strong views of the unlabelled images.
  public let unlabeledStrong: [ViewBatch]
  /// A probe of each labelled image, where the request has probes: its weak view, changed as strong views may be.
  public var labeledProbes: ViewBatch?
  /// How many batches came before it.
  public var position = 0

  /// The names of all images of the step.
  public var imageNames: [String] {
    let labeled = labeledWeak.first ?? labeledStrong.first
    let unlabeled = unlabeledWeak.first ?? unlabeledStrong.first
    return [labeled, unlabeled].compactMap { $0 }.flatMap { $0.views.map(\.name) }
  }
}
