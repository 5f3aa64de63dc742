// CutMix (Yun et al. 2019) for segmentation (French et al. 2020): a rectangle of another image of the batch is pasted into an image, and into
// all that is known of its pixels.
//
// Source of the numbers: UniMatch (Yang et al., CVPR 2023) as released: for half of the images one rectangle, drawn as ST++'s cutout.
// Difference: there the partner comes from a second loader with the same seed, which gives another crop of the same picture
// (github.com/LiheYoung/UniMatch, issue 51); here a partner is never the same image.

import Randomness
import Torch
import Training
import Views

/// How rectangles are drawn.
public struct CutMixSettings: Settings {
  /// How likely an image gets one.
  public var probability = 0.5
  /// The least share of an image that it covers.
  public var areaFrom = 0.02
  /// The greatest share of an image that it covers.
  public var areaTo = 0.4
  /// The least height over width.
  public var ratioFrom = 0.3
  /// The greatest height over width.
  public var ratioTo = 1 / 0.3

  /// As released.
  public init() {}

  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("probability", (0...1).contains(probability), "between 0 and 1"),
      SettingsRule("area_from", (0...1).contains(areaFrom), "between 0 and 1"),
      SettingsRule("area_to", (areaFrom...1).contains(areaTo), "between area_from and 1"),
      SettingsRule("ratio_from", ratioFrom > 0, "more than 0"),
      SettingsRule("ratio_to", ratioTo >= ratioFrom, "ratio_from or more"),
    ]
  }
}

/// The rectangles that are pasted into the images of one batch.
struct CutMix {
  /// A rectangle of one image in another, by their places in the batch.
  struct Paste: Equatable {
    let image: Int
    let partner: Int
    let patch: ViewStep.Patch
  }

  let pastes: [Paste]

  /// Draws rectangles for images of one size.
  ///
  /// - Parameter identities: What tells the images apart, in the order of the batch: views of one image are no partners.
  init(
    of identities: [Int], height: Int, width: Int, _ settings: CutMixSettings, using generator: inout SeededGenerator
  ) {
    var pastes: [Paste] = []
    for image in identities.indices where generator.chance(settings.probability) {
      let others = identities.indices.filter { identities[$0] != identities[image] }
      guard !others.isEmpty else { continue }
      let partner = others[generator.integer(below: others.count)]
      let patch = Cutout.patch(
        height: height, width: width, areas: settings.areaFrom...max(settings.areaFrom, settings.areaTo),
        ratios: settings.ratioFrom...max(settings.ratioFrom, settings.ratioTo), using: &generator)
      if let patch, patch.height > 0, patch.width > 0 {
        pastes.append(Paste(image: image, partner: partner, patch: patch))
      }
    }
    self.pastes = pastes
  }

  /// A tensor of the batch, [N, …, H, W], with the rectangles pasted; all of them come from what it was before.
  func mixed(_ tensor: Tensor) -> Tensor {
    guard !pastes.isEmpty else { return tensor }
    let result = tensor.copied()
    for paste in pastes {
      func part(_ tensor: Tensor, _ image: Int) -> Tensor {
        let (patch, plane) = (paste.patch, tensor.selected(image, axis: 0))
        return plane.sliced(axis: plane.rank - 2, from: patch.y, to: patch.y + patch.height)
          .sliced(axis: plane.rank - 1, from: patch.x, to: patch.x + patch.width)
      }
      part(result, paste.image).copyInPlace(from: part(tensor, paste.partner))
    }
    return result
  }
}
