// The weight of background regions in the class loss of unlabelled images.
//
// The idea: what the teacher has missed stands among the student's background samples as a wrong label. The teacher, asked
// about that very region, says how likely it is background, and that is the region's weight; objects have weight 1.
//
// Source: Soft Teacher (Xu et al., ICCV 2021), section 3.3, as released: the sum of weighted entropies over the sum of all
// weights, at least 1. The paper's equation divides the background part by its own weights; its authors say that the
// code is right.

import Detection
import Samples
import Torch

/// Weighs sampled regions by the teacher's background score.
public enum BackgroundWeighting {
  /// The weight of each sampled region of all images, [R], where the teacher lies. No gradient flows.
  ///
  /// - Parameters:
  ///   - samples: The student's regions in pixels of the strong views.
  ///   - teacher: The heads of the teacher, in evaluation mode.
  ///   - features: The teacher's pyramid of the weak views, computed once for the step.
  ///   - weak: The weak views, in the order of the images.
  ///   - strong: The strong views of the same images.
  public static func weights(
    of samples: [RegionHeads.Sample], teacher: RegionHeads, features: [Tensor], weak: [View], strong: [View]
  ) -> Tensor {
    withoutGradients {
      let boxes = samples.indices.map { image in
        BoxTensors.clipped(
          BoxTensors.mapped(samples[image].boxes, by: strong[image].geometry.map(to: weak[image].geometry)),
          height: weak[image].geometry.height, width: weak[image].geometry.width)
      }
      let background = teacher.classProbabilities(features, boxes: boxes).selected(0, axis: 1)
      let isObject = (concatenate(samples.map(\.labels)) .> 0).to(background.device)
      return background.filled(1, where: isObject)
    }
  }
}
