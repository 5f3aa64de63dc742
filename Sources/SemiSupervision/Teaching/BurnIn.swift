import Documents
import Training

/// The beginning of a run in which labels alone are learnt: a young teacher is sure of nothing, or of the wrong things.
struct BurnIn {
  /// Images seen at which it ends at the latest, as the run has it.
  private let images: Int
  /// The judged model's AP that ends it before.
  private let wantedAP: Double?
  /// Once it has ended, it does not begin again.
  private(set) var hasEnded = false

  init(images: Int, endingAtAP wantedAP: Double?) {
    self.images = images
    self.wantedAP = wantedAP
  }

  /// Whether only labels are learnt in a step.
  mutating func isOn(at step: Step) -> Bool {
    if step.imagesSeen >= images { hasEnded = true }
    return !hasEnded
  }

  /// Ends where the judged model is as good as it is to become.
  mutating func modelWasJudged(_ judgement: Judgement?) {
    guard let wantedAP, let judged = judgement?["AP"] else { return }
    if judged >= wantedAP { hasEnded = true }
  }

  /// Whether it has ended.
  var state: JSON { .bool(hasEnded) }

  /// Goes on from a saved state; false for something else.
  mutating func restore(_ state: JSON?) -> Bool {
    guard let ended = state?.bool else { return false }
    hasEnded = ended
    return true
  }
}
