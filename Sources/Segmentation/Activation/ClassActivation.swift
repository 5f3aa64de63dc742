// Class activation maps (CAM): where in an image the features lie that a classifier's score of a class comes from.
//
// Source: Zhou et al., Learning Deep Features for Discriminative Localization (CVPR 2016), section 2. They are of a network whose classifier is
// linear in the means of its last feature maps over the whole image (global average pooling): the score of a class is the mean of its map,
// but for the classifier's bias.

import Torch

/// Maps of a linear classifier on the means of feature maps. N images, C channels, K classes, h × w elements of a map.
public enum ClassActivation {
  /// How much each element contributes to each class's score, [N, K, h, w]: the feature maps summed up with the classifier's weights.
  ///
  /// The mean of a map over its elements is the class's score without its bias. Gradients flow.
  ///
  /// - Parameters:
  ///   - features: [N, C, h, w].
  ///   - weight: The classifier's, [K, C].
  public static func maps(of features: Tensor, weight: Tensor) -> Tensor {
    precondition(
      features.rank == 4 && weight.rank == 2 && features.size(1) == weight.size(1),
      "class activation: expected features [N, C, h, w] and weights [K, C], got \(features.shape) and \(weight.shape)")
    let sums = weight.matrixProduct(features.flattened(from: 2))
    return sums.reshaped(features.size(0), weight.size(0), features.size(2), features.size(3))
  }

  /// Maps in 0…1, [N, K, h, w]: what speaks against a class is 0, and each map is divided by its greatest element; one without an element
  /// above 0 is 0 everywhere.
  public static func normalized(_ maps: Tensor) -> Tensor {
    let positive = maps.relu()
    let greatest = positive.flattened(from: 2).max(2).values.unsqueezed(2).unsqueezed(3)
    return positive / (greatest + (greatest .== 0).to(greatest.elementType))
  }
}
