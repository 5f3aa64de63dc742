import Randomness
import Torch

/// Pixels of other images of a batch that take the place of some of an image's own, in all that is known of pixels alike: colours, labels,
/// probabilities, validity.
struct PixelMix {
  /// For each image the place in the batch of the one that its new pixels come from; its own place where none do.
  let partners: [Int]
  /// Which pixels are new, bool [N, H, W].
  let isPasted: Tensor
  private let order: Tensor

  /// A mix; an image that is its own partner stays as it is, whatever the mask says.
  init(partners: [Int], isPasted: Tensor) {
    precondition(
      isPasted.rank == 3 && isPasted.size(0) == partners.count && partners.allSatisfy(partners.indices.contains),
      "PixelMix: expected a mask and a partner for each image")
    self.partners = partners
    self.isPasted = isPasted
    order = Tensor(partners, device: isPasted.device)
  }

  /// Whether no image changes.
  var isEmpty: Bool { partners == Array(partners.indices) }

  /// A tensor of the batch, [N, H, W] or [N, C, H, W], with the new pixels; all of them come from what it was before. Gradients flow.
  func mixed(_ tensor: Tensor) -> Tensor {
    guard !isEmpty else { return tensor }
    return select(tensor.rank == 4 ? isPasted.unsqueezed(1) : isPasted, tensor.gathered(order), else: tensor)
  }

  /// Partners for images, drawn evenly among those of other identity; the image's own place where there is none, or where chance
  /// leaves it alone.
  ///
  /// - Parameter identities: What tells images apart, in the order of the batch: views of one image are no partners.
  static func partners(of identities: [Int], probability: Double, using generator: inout SeededGenerator) -> [Int] {
    identities.indices.map { image in
      guard generator.chance(probability) else { return image }
      let others = identities.indices.filter { identities[$0] != identities[image] }
      return others.isEmpty ? image : others[generator.integer(below: others.count)]
    }
  }
}
