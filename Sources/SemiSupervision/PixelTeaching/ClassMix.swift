// ClassMix (Olsson et al., WACV 2021): the pixels of half of the classes that a teacher sees in another image of the batch are pasted into an
// image, and into all that is known of its pixels; what is pasted has the outline of things, not of a rectangle.
//
// Source: section 3.1; Dual Teacher's release rounds the number of classes down, and so is done here.
// Difference: a partner is drawn among other images; it is never the same image.

import Randomness
import Segmentation
import Torch

enum ClassMix {
  /// A mix of images by the labels of their pixels. Pixels that are nobody's are not pasted.
  ///
  /// - Parameters:
  ///   - labels: int64 [N, H, W], 255 for pixels that are nobody's.
  ///   - identities: What tells the images apart, in the order of the batch: views of one image are no partners.
  ///   - classCount: Classes there are.
  static func mix(
    of labels: Tensor, identities: [Int], classCount: Int, using generator: inout SeededGenerator
  ) -> PixelMix {
    let count = identities.count
    let device = labels.device
    let pixels = PixelLosses.oneHot(labels, classes: classCount).to(.float32).sum(2, 3).floats  // [N, K]
    let partners = PixelMix.partners(of: identities, probability: 1, using: &generator)
    // For each image which labels of its partner are pasted; the last place stands for those of nobody.
    let row = classCount + 1
    var isChosen = [Bool](repeating: false, count: count * row)
    for (image, partner) in partners.enumerated() where partner != image {
      var present = (0..<classCount).filter { pixels[partner * classCount + $0] > 0 }
      generator.shuffle(&present)
      for chosen in present.prefix(present.count / 2) { isChosen[image * row + chosen] = true }
    }
    let places = labels.gathered(Tensor(partners, device: device)).clamped(max: Double(classCount)).to(.int64)
    let starts = Tensor.indices(count, device: device).multiplied(by: row).reshaped(-1, 1, 1)
    let table = Tensor(isChosen, device: device)
    let isPasted = table.gathered((places + starts).flattened()).reshaped(labels.shape)
    return PixelMix(partners: partners, isPasted: isPasted)
  }
}
