import Layers
import Torch

/// The two predictions of a region proposal network at every position of every level: objectness and box offsets
/// (Faster R-CNN, section 3.1). The same weights serve all levels.
public final class RegionProposalHead: Module {
  let conv: Sequential
  let clsLogits: Convolution
  let bboxPred: Convolution
  /// The convolution in `conv`, under whose name it stands, since that is declared first.
  private let hidden: Convolution

  /// - Parameters:
  ///   - channels: Of the pyramid, and of the hidden layer.
  ///   - anchors: At each position.
  public init(channels: Int, anchors: Int, using generator: Generator) {
    let initial = Initialization.normal(deviation: 0.01)
    func convolution(_ outputs: Int, kernel: Int) -> Convolution {
      Convolution(
        channels, outputs, kernel: kernel, initial: initial, biasInitial: .constant(0), using: generator)
    }
    hidden = convolution(channels, kernel: 3)
    conv = Sequential([Sequential([hidden, ReLU()])])
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

  /// The same for chosen anchors alone: logits [S] and offsets [S, 4].
  ///
  /// A loss over some hundreds of anchors has a gradient at as many positions of maps that have tens of thousands; this way it
  /// is computed there alone.
  ///
  /// - Parameters:
  ///   - features: The pyramid's maps.
  ///   - anchors: int64 [S], as they are numbered over all levels, on the CPU.
  ///   - images: int64 [S], the image of each in the batch, on the CPU.
  public func callAsFunction(_ features: [Tensor], anchors: Tensor, images: Tensor) -> (logits: Tensor, offsets: Tensor)
  {
    let perPosition = clsLogits.weight.value.size(0)
    var first = 0
    var chosen: [Tensor] = []
    var windows: [Tensor] = []
    for feature in features {
      let positions = feature.size(2) * feature.size(3)
      let end = first + positions * perPosition
      let here = ((anchors .>= Double(first)) .& (anchors .< Double(end))).trueIndices()
      let places = anchors.gathered(here).adding(-first).quotient(by: perPosition)
      let position = images.gathered(here).multiplied(by: positions) + places
      windows.append(feature.windows(at: position.to(feature.device), kernel: 3))
      chosen.append(here)
      first = end
    }
    // The inverse of a permutation sorts it.
    let order = concatenate(chosen).sorted(axis: 0).indices
    let rows = hidden.product(concatenate(windows)).relu().gathered(order.to(features[0].device))
    let each = Tensor.indices(rows.size(0), device: rows.device)
    // Every level begins at a multiple of the anchors at a position, so this is the anchor's number there.
    let which = anchors.remainder(by: perPosition).to(rows.device)
    return (
      clsLogits.product(rows).widened().elements(atRows: each, columns: which),
      bboxPred.product(rows).widened().reshaped(-1, perPosition, 4).elements(atRows: each, columns: which)
    )
  }
}
