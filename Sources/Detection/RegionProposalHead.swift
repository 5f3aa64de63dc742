import Layers
import Torch

/// The two predictions of a region proposal network at every position of every level: objectness and box offsets
/// (Faster R-CNN, section 3.1). The same weights serve all levels.
public final class RegionProposalHead: Module {
  let conv: Sequential
  let clsLogits: Convolution
  let bboxPred: Convolution

  /// - Parameters:
  ///   - channels: Of the pyramid, and of the hidden layer.
  ///   - anchors: At each position.
  public init(channels: Int, anchors: Int, using generator: Generator) {
    let initial = Initialization.normal(deviation: 0.01)
    func convolution(_ outputs: Int, kernel: Int) -> Convolution {
      Convolution(
        channels, outputs, kernel: kernel, initial: initial, biasInitial: .constant(0), using: generator)
    }
    conv = Sequential([Sequential([convolution(channels, kernel: 3), ReLU()])])
    clsLogits = convolution(anchors, kernel: 1)
    bboxPred = convolution(anchors * 4, kernel: 1)
  }

  /// Objectness logits [N, Hl · Wl · A] and offsets [N, Hl · Wl · A, 4] of each level, in the order of the anchors, in float32
  /// whatever the maps hold.
  public func callAsFunction(_ features: [Tensor]) -> [(logits: Tensor, offsets: Tensor)] {
    features.map { feature in
      let hidden = conv(feature)
      let images = feature.size(0)
      return (
        clsLogits(hidden).widened().permuted(0, 2, 3, 1).reshaped(images, -1),
        bboxPred(hidden).widened().permuted(0, 2, 3, 1).reshaped(images, -1, 4)
      )
    }
  }
}
