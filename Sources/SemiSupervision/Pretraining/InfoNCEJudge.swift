import Documents
import Layers
import Samples
import Torch
import Training

/// Judges an encoder that is pre-trained by how well patches of held-out images are told from each other.
///
/// Every judgement sees the same views, drawn once by the run's seed; batches are all of one size, so that there are as many candidates in
/// each. The last one is filled with further views of the first images.
struct InfoNCEJudge: Judge {
  /// The held-out images, in views, from their beginning.
  let makeStream: () -> SampleStream
  /// How many there are.
  let imageCount: Int

  /// The lower bound of the mutual information.
  let selectedBy = "bound"
  let figureNames = ["bound", "accuracy", "loss"]

  func judge(_ predictor: any Predictor) throws -> Judgement {
    guard let network = predictor as? CPCNetwork else {
      preconditionFailure("a judge of encoders got a \(type(of: predictor))")
    }
    let stream = makeStream()
    let steps = (imageCount + stream.imagesPerStep - 1) / stream.imagesPerStep
    var (loss, accuracy, candidates) = (0.0, 0.0, 1)
    for _ in 0..<steps {
      let outcome = network.judged(on: try stream.next().unlabeledWeak[0].images)
      loss += outcome.loss.scalar / Double(steps)
      accuracy += outcome.accuracy.scalar / Double(steps)
      candidates = outcome.candidates
    }
    let bound = InfoNCE.bound(loss: loss, candidates: candidates)
    return Judgement(
      figures: [Figure("bound", bound), Figure("accuracy", accuracy), Figure("loss", loss)],
      json: [
        "bound": JSON(bound), "accuracy": JSON(accuracy), "loss": JSON(loss), "candidates": JSON(candidates),
        "images": JSON(imageCount),
      ], skipped: stream.skippedImages)
  }
}
