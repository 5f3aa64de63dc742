// Grad-CAM: class activation maps of any network, with gradients in place of a linear classifier's weights.
//
// Source: Selvaraju et al., Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization (ICCV 2017), section 3. For a
// linear classifier on the maps' means the gradient of a class's score is the classifier's weight over the number of elements, the same at
// each element; so normalised maps are those of CAM.

import Torch

/// Maps of what a class's score comes from. N images, C channels, K classes, h × w elements of a map.
public enum GradCAM {
  /// What is above 0 of the feature maps summed up with ``weights(of:scores:)``, float32 or wider [N, K, h, w]; not normalised
  /// (``ClassActivation/normalized(_:)``). No gradient flows.
  ///
  /// - Parameters:
  ///   - features: Feature maps [N, C, h, w]; their graph is neither used nor touched.
  ///   - scores: The classes' scores [N, K] of feature maps; an image's may depend on its own maps alone.
  public static func maps(of features: Tensor, scores: (Tensor) -> Tensor) -> Tensor {
    let weights = weights(of: features, scores: scores)  // [N, K, C]
    return withoutGradients {
      let sums = weights.matrixProduct(features.detached().widened().flattened(from: 2))
      return sums.reshaped(weights.size(0), weights.size(1), features.size(2), features.size(3)).relu()
    }
  }

  /// The mean over the elements of each feature map of the gradient of each class's score, float32 or wider [N, K, C].
  ///
  /// Gradients are taken with respect to a copy of the features that belongs to no other graph: no parameter gets one. Calls within
  /// `withoutGradients` do the same.
  public static func weights(of features: Tensor, scores: (Tensor) -> Tensor) -> Tensor {
    withGradients {
      let leaf = features.detached()
      leaf.requiresGradient = true
      let values = scores(leaf)
      precondition(
        values.rank == 2 && values.size(0) == features.size(0) && values.size(1) >= 1 && values.requiresGradient,
        "Grad-CAM: expected scores [\(features.size(0)), K] that depend on the features, got \(values.shape)")
      let count = values.size(1)
      let pooled = (0..<count).map { index in
        let gradient = values.selected(index, axis: 1).sum().gradients(of: [leaf], retainingGraph: index + 1 < count)[0]
        return gradient?.widened().mean(2, 3) ?? .zeros([features.size(0), features.size(1)], device: features.device)
      }
      return stack(pooled, axis: 1)
    }
  }
}
