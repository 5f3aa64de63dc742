// Seg-Grad-CAM: what a segmentation network's decision for a class comes from.
//
// Source: Vinogradova et al., Towards Interpretable Semantic Segmentation via Gradient-weighted Class Activation Mapping (AAAI 2020, student
// abstract): the score of a class is the sum of its logits over a set of pixels, here those that the network gives the class. Their mean is
// taken here; normalised maps are the same.

import Layers
import Torch

/// Says of the classes that a network finds in an image where on its coarsest feature map they come from. K classes, H × W pixels.
public struct SegmentationExplainer {
  /// One class in one image.
  public struct Explanation {
    /// The class's place.
    public let classIndex: Int
    /// How many pixels the network gives the class.
    public let pixels: Int
    /// The mean of the class's logits over them.
    public let score: Double
    /// Where the score comes from, 0…1, float32 [H, W] of the size asked for: the coarsest map's elements, resized.
    public let map: Tensor
  }

  /// What is explained; in evaluation mode.
  public let network: SegmentationNetwork
  /// What the network computes in; nil for the type of the pixels.
  public let computeType: ElementType?

  /// An explainer of a network in evaluation mode.
  public init(_ network: SegmentationNetwork, computeType: ElementType? = nil) {
    self.network = network
    self.computeType = computeType
  }

  /// What the network says of an image, and why.
  ///
  /// - Parameters:
  ///   - image: Normalised pixels [1, 3, h, w].
  ///   - wanted: The classes that are explained; nil for all. One that the network gives no pixel has no explanation.
  ///   - height: Of the maps.
  ///   - width: Of the maps.
  /// - Returns: The class of each pixel of the image, int64 [h, w], and a class each in the order of the classes.
  public func explain(
    _ image: Tensor, classes wanted: Set<Int>? = nil, height: Int, width: Int
  ) -> (labels: Tensor, explanations: [Explanation]) {
    precondition(
      image.rank == 4 && image.size(0) == 1 && !network.isTraining,
      "explain: expected one image [1, 3, h, w] and a network in evaluation mode, got \(image.shape)")
    let features = withoutGradients { network.features(computeType.map { image.to($0) } ?? image) }
    var labels: Tensor?
    var found: [(index: Int, pixels: Int, score: Double)] = []
    let maps = GradCAM.maps(of: features[features.count - 1]) { leaf in
      let logits = network.upsampled(
        network.decode(features.dropLast() + [leaf]), height: image.size(2), width: image.size(3))
      let classes = withoutGradients { logits.argmax(1) }  // [1, h, w]
      let counts = classes.flattened().occurrences(below: network.classCount).integers
      let indices = counts.indices.filter { counts[$0] > 0 && wanted?.contains($0) ?? true }
      labels = classes.squeezed(0)
      let scores = indices.map { index in
        let isThere = (classes .== index).to(logits.elementType)
        return (logits.selected(index, axis: 1) * isThere).sum() / Double(counts[index])
      }
      found = zip(indices, scores).map { ($0, counts[$0], $1.detached().scalar) }
      // Where no class is wanted the sum of all logits stands in, and is dropped.
      return scores.isEmpty ? logits.sum().reshaped(1, 1) : stack(scores).unsqueezed(0)
    }
    guard let labels else { preconditionFailure("explain: expected scores to be asked for once") }
    return withoutGradients {
      let resized = ClassActivation.normalized(maps).to(.float32)
        .resizedBilinear(height: height, width: width).clamped(min: 0, max: 1)
      return (
        labels,
        found.enumerated().map { place, entry in
          Explanation(
            classIndex: entry.index, pixels: entry.pixels, score: entry.score, map: resized.selected(0, axis: 0)[place])
        }
      )
    }
  }
}
