import Torch

/// The class scores of whole images by a segmenter, looked at as ``SegmentationInference`` says.
struct PixelScores {
  let segmenter: any PixelSegmenter
  let inference: SegmentationInference
  /// What the network computes in; nil for float32.
  var computeType: ElementType?

  /// Scores [N, K, H, W] of images [N, 3, H, W], float32: logits where each image is looked at once, else sums of probabilities.
  ///
  /// Sizes other than the first are made of the normalised pixels and brought back by bilinear interpolation that maps corners onto
  /// corners, as ST's release does.
  func callAsFunction(_ images: Tensor) -> Tensor {
    let (height, width) = (images.size(2), images.size(3))
    guard inference.looksRepeatedly else { return logits(images) }
    var sum: Tensor?
    for scale in inference.scales {
      let (rows, columns) = (max(1, Int(Double(height) * scale)), max(1, Int(Double(width) * scale)))
      let resized =
        (rows, columns) == (height, width)
        ? images : images.resizedBilinear(height: rows, width: columns, alignCorners: true)
      for isMirrored in inference.mirrored ? [false, true] : [false] {
        var scores = logits(isMirrored ? resized.flipped(3) : resized).softmax(1)
        if isMirrored { scores = scores.flipped(3) }
        if (rows, columns) != (height, width) {
          scores = scores.resizedBilinear(height: height, width: width, alignCorners: true)
        }
        sum = sum.map { $0 + scores } ?? scores
      }
    }
    guard let sum else { preconditionFailure("PixelScores: expected a scale") }
    return sum
  }

  private func logits(_ images: Tensor) -> Tensor {
    inference.mode == .whole ? found(images) : slidingLogits(images)
  }

  private func found(_ images: Tensor) -> Tensor {
    segmenter.logits(of: computeType.map { images.to($0) } ?? images).to(.float32)
  }

  /// The mean logits of overlapping parts.
  private func slidingLogits(_ images: Tensor) -> Tensor {
    let (height, width) = (images.size(2), images.size(3))
    let rows = Self.windows(of: inference.windowHeight, over: height, share: inference.windowStride)
    let columns = Self.windows(of: inference.windowWidth, over: width, share: inference.windowStride)
    let sum = Tensor.zeros([images.size(0), segmenter.classCount, height, width], device: images.device)
    let looks = Tensor.zeros([1, 1, height, width], device: images.device)
    for y in rows {
      for x in columns {
        func part(_ tensor: Tensor) -> Tensor {
          tensor.sliced(axis: 2, from: y.lowerBound, to: y.upperBound)
            .sliced(axis: 3, from: x.lowerBound, to: x.upperBound)
        }
        _ = part(sum).addedInPlace(found(part(images).contiguous()))
        _ = part(looks).addedInPlace(Tensor.ones([1, 1, y.count, x.count], device: images.device))
      }
    }
    return sum / looks
  }

  /// Where parts of `size` lie on a side of `length`: from 0 on at even distances; the last ends where the side does. One part, of the
  /// side's length, where that is smaller.
  static func windows(of size: Int, over length: Int, share: Double) -> [Range<Int>] {
    guard length > size else { return [0..<length] }
    let step = max(1, Int((Double(size) * share).rounded()))
    let count = (length - size + step - 1) / step + 1
    return (0..<count).map { index in
      let start = min(index * step, length - size)
      return start..<start + size
    }
  }
}
