import Layers
import Torch

/// The part of a segmentation network that makes logits of the encoder's maps.
class PixelDecoder: Module {
  /// The logits [N, K, h, w], float32 or wider, of maps from fine to coarse.
  func callAsFunction(_ maps: [Tensor]) -> Tensor {
    preconditionFailure("\(type(of: self)) does not say what it computes")
  }

  /// What the names of those tensors start with whose shape depends on the number of classes.
  var predictorKey: String { "predictor." }

  /// Whether a norm sees one element a channel and image.
  var poolsToOneElement: Bool { false }
}
