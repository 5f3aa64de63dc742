import CTorch

/// Kernels of this toolkit for channels-last maps on the CPU, where the engine's are slow. Each is the same function as the
/// engine's operations it stands for, within rounding, and flows its gradient.

extension Tensor {
  /// Whether kernels for maps on the CPU take this tensor: [N, C, H, W] of float32 or bfloat16.
  var isKernelMap: Bool { rank == 4 && device == .cpu && (elementType == .float32 || elementType == .bfloat16) }

  /// Depthwise convolution with weight [C, 1, k, k] of this map's type: its weight's gradient does not take the engine's
  /// slow path for kernels larger than 3 × 3.
  func depthwiseConvolved(_ weight: Tensor, stride: Int, padding: Int) -> Tensor {
    var result: ct_tensor?
    Engine.check(
      ct_depthwise_convolution(handle, weight.handle, Int64(stride), Int64(padding), &result),
      "depthwise convolution of \(self) with \(weight)")
    return Tensor(owning: result, from: "the depthwise convolution")
  }

  /// Batch normalisation by the batch's statistics, and clamping to a range behind it. The running statistics are updated in
  /// place: new = (1 − momentum) · old + momentum · batch.
  func batchNormalizedByKernel(
    weight: Tensor, bias: Tensor, runningMean: Tensor, runningVariance: Tensor, momentum: Double, epsilon: Double,
    clampedTo range: ClosedRange<Double>
  ) -> Tensor {
    var result: ct_tensor?
    Engine.check(
      ct_clamped_batch_norm(
        handle, weight.handle, bias.handle, runningMean.handle, runningVariance.handle, momentum, epsilon,
        range.lowerBound, range.upperBound, &result),
      "batch normalisation of \(self)")
    return Tensor(owning: result, from: "batch normalisation")
  }

  /// Resized bilinearly, channels-last, with a gradient that is not scattered element by element.
  func resizedBilinearByKernel(height: Int, width: Int, alignCorners: Bool) -> Tensor {
    var result: ct_tensor?
    Engine.check(
      ct_bilinear(handle, Int64(height), Int64(width), alignCorners, &result),
      "bilinear resizing of \(self) to \(height) x \(width)")
    return Tensor(owning: result, from: "bilinear resizing")
  }

  /// −log softmax of each pixel's class, float32 [N, H, W], in one pass over these logits forward and one backward.
  func pixelCrossEntropyByKernel(_ targets: Tensor, ignoring ignored: Int) -> Tensor {
    var result: ct_tensor?
    Engine.check(
      ct_pixel_cross_entropy(handle, targets.handle, Int64(ignored), &result),
      "cross-entropy of \(self) against \(targets)")
    return Tensor(owning: result, from: "the cross-entropy of pixels")
  }
}
