import Samples
import Segmentation
import Torch
import Training

/// Strong views of unlabelled images with rectangles of other images in them, and the labels that are learnt there.
struct MixedView {
  /// What the network sees.
  let view: ViewBatch
  /// What it is to say.
  let learnt: PseudoPixels

  /// Mixes the strong views of a batch.
  ///
  /// - Parameters:
  ///   - said: The labels of the weak views.
  ///   - number: Which of several strong views of the same images these are; each is mixed by draws of its own.
  init(
    _ said: PseudoPixels, from weak: ViewBatch, to strong: ViewBatch, number: Int = 0, _ cutMix: CutMixSettings,
    at step: Step
  ) {
    var generator = step.makeHostGenerator(2 + UInt64(number))
    let mix = CutMix(of: strong, cutMix, using: &generator).mix(on: strong.images.device)
    view = strong.showing(mix.mixed(strong.images))
    learnt = said.carried(from: weak, to: strong).mixed(by: mix)
  }

  /// The mean loss of several such views of the same images, by logits [V · U, K, H, W] of all of them, the first of all images first.
  static func meanLoss(_ views: [MixedView], _ logits: Tensor, by lessons: PixelLessons) -> Tensor {
    let count = logits.size(0) / views.count
    let values = views.enumerated().map { number, view in
      lessons.loss(logits.sliced(axis: 0, from: number * count, to: (number + 1) * count), view.learnt)
    }
    return values.dropFirst().reduce(values[0]) { $0 + $1 } / Double(views.count)
  }
}
