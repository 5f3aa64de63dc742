// Self-attention Grad-CAM (SGC), the branch that PseudoSeg adds to a segmentation network: an image-level classifier, its Grad-CAM maps, and
// self-attention that spreads them to what looks alike.
//
// Source: PseudoSeg (Zou et al., ICLR 2021), section 3.2, as released (github.com/googleinterns/wss, `core/train_utils_core.py`). The release
// has two versions: in the first a class is what attention has spread alone, 0…1, and the background 1 − the greatest of them; the second
// adds the maps that attention began from, a skip connection, so there are 0…2 and 2 − the greatest. The second is the default here as there;
// `attention_skip: false` is the first.
//
// Differences: without a background class no channel is added for it, and each class has a map of its own.

import Layers
import Segmentation
import Torch
import Training

/// The parts that PseudoSeg trains beside the network. N images, C channels of the last map, K classes, F of them not background, h × w
/// elements of the last map.
final class SelfAttentionGradCAM: Module {
  private let classifier: Linear
  private let key: Convolution
  private let query: Convolution
  private let pixelNormalization: Convolution
  private let norm: BatchNorm
  /// The place of the background among the classes; nil where there is none.
  let background: Int?
  private let activation: PseudoSeg.Activation
  private let skips: Bool

  /// Parts with random weights.
  ///
  /// - Parameters:
  ///   - channels: Of the last map, and of the last but one.
  ///   - width: Channels of keys and queries.
  ///   - skips: Whether seeds are added to what attention has made of them.
  init(
    channels: (last: Int, secondLast: Int), classCount: Int, background: Int?, width: Int,
    activation: PseudoSeg.Activation, skips: Bool, using generator: Generator
  ) {
    precondition(
      background.map((0..<classCount).contains) ?? true,
      "self-attention Grad-CAM: expected a background among \(classCount) classes")
    self.background = background
    self.activation = activation
    self.skips = skips
    let hypercolumn = channels.last + channels.secondLast
    classifier = Linear(channels.last, classCount - (background == nil ? 0 : 1), using: generator)
    key = Convolution(hypercolumn, width, kernel: 1, using: generator)
    query = Convolution(hypercolumn, width, kernel: 1, using: generator)
    pixelNormalization = Convolution(classCount, classCount, kernel: 1, using: generator)
    norm = BatchNorm(classCount)
  }

  /// How likely each class but the background is in an image: logits [N, F] of last maps [N, C, h, w]. Gradients flow.
  func imageLogits(_ map: Tensor) -> Tensor { classifier(map.widened().mean(2, 3)) }

  /// Where the classes are that are in an image, 0…1, [N, F, h, w]: normalised maps of those, and 0 for the others. No gradient flows.
  ///
  /// - Parameter isThere: 1 for a class that is in the image, [N, F].
  func seeds(_ map: Tensor, isThere: Tensor) -> Tensor {
    let map = map.detached().widened()
    let maps =
      switch activation {
      case .gradCAM: GradCAM.maps(of: map) { imageLogits($0) }
      case .cam: withoutGradients { ClassActivation.maps(of: map, weight: classifier.weight.value) }
      }
    return withoutGradients {
      ClassActivation.normalized(maps) * isThere.detached().to(maps.elementType).unsqueezed(2).unsqueezed(3)
    }
  }

  /// Logits [N, K, h, w] of seeds that self-attention has spread. Gradients flow to keys, queries and what follows, not to the maps.
  ///
  /// - Parameters:
  ///   - seeds: [N, F, h, w].
  ///   - maps: The last map and the last but one, which is resized to it.
  ///   - isShown: Which pixels show their image, bool [N, H, W]; nobody attends to others.
  func callAsFunction(_ seeds: Tensor, maps: (last: Tensor, secondLast: Tensor), isShown: Tensor) -> Tensor {
    let (height, width) = (seeds.size(2), seeds.size(3))
    let hypercolumn = withoutGradients {
      concatenate(
        [
          maps.last.detached().widened(),
          maps.secondLast.detached().widened().resizedBilinear(height: height, width: width, alignCorners: true),
        ], axis: 1)
    }
    let shown = isShown.to(.float32).unsqueezed(1).resizedNearest(height: height, width: width).squeezed(1)
    let spread = Self.attended(seeds, queries: query(hypercolumn), keys: key(hypercolumn), isShown: shown)
    return norm(pixelNormalization(withBackground(skips ? spread + seeds : spread)))
  }

  /// For each element the mean of all values weighted by how well their keys fit its query (softmax of their products over the
  /// square root of the channels), [N, F, h, w].
  ///
  /// - Parameters:
  ///   - values: [N, F, h, w].
  ///   - queries: [N, D, h, w].
  ///   - keys: [N, D, h, w].
  ///   - isShown: [N, h, w], 1, or 0 for elements that nobody attends to; where all are 0 all count alike.
  static func attended(_ values: Tensor, queries: Tensor, keys: Tensor, isShown: Tensor) -> Tensor {
    let scale = Double(queries.size(1)).squareRoot()
    let fits = queries.flattened(from: 2).transposed(1, 2).matrixProduct(keys.flattened(from: 2)) / scale
    let hidden = (1 - isShown.flattened(from: 1).unsqueezed(1)) * -1e9
    let weights = (fits + hidden).softmax(2)  // [N, h · w, h · w], a row for each query
    return values.flattened(from: 2).matrixProduct(weights.transposed(1, 2)).reshaped(values.shape)
  }

  /// Spread seeds with a channel of the background in its place, which is what the greatest of them lacks to the greatest that can be.
  func withBackground(_ spread: Tensor) -> Tensor {
    guard let background else { return spread }
    let rest = (skips ? 2 : 1) - spread.max(1).values.unsqueezed(1)
    return concatenate(
      [spread.sliced(axis: 1, to: background), rest, spread.sliced(axis: 1, from: background)], axis: 1)
  }
}

extension SelfAttentionGradCAM {
  /// Which classes but the background each image shows, float32 [N, F].
  ///
  /// - Parameter labels: int64 [N, H, W]; numbers from the number of classes on are nobody's.
  func classes(in labels: Tensor, of classCount: Int) -> Tensor {
    withoutGradients {
      let flat = labels.flattened(from: 1)
      let foreground = (0..<classCount).filter { $0 != background }
      // A class at a time: all at once would take a number for each class and pixel.
      return stack(foreground.map { (flat .== $0).any(1).to(.float32) }, axis: 1)
    }
  }
}
