/// Operations that networks are made of. Maps are [N, C, H, W]; gradients flow.

/// What may follow a convolution and its norm.
public enum Activation: Sendable {
  case none
  /// max(0, x).
  case relu
  /// x brought into [0, 6].
  case relu6

  /// Where values come to lie.
  var range: ClosedRange<Double> {
    switch self {
    case .none: -.infinity ... .infinity
    case .relu: 0 ... .infinity
    case .relu6: 0...6
    }
  }
}

private let convolutionOperator = Operator("conv2d")
private let matrixProduct = Operator("matmul")
private let linearOperator = Operator("linear")
private let batchNormOperator = Operator("batch_norm")
private let layerNormOperator = Operator("layer_norm")
private let reluOperator = Operator("relu")
private let geluOperator = Operator("gelu")
private let reluInPlaceOperator = Operator("relu_")
private let hardtanhInPlaceOperator = Operator("hardtanh_")
private let clampInPlaceOperator = Operator("clamp_")
private let hardtanhOperator = Operator("hardtanh")
private let sigmoidOperator = Operator("sigmoid")
private let softmaxOperator = Operator("softmax", "int")
private let logSoftmaxOperator = Operator("log_softmax", "int")
private let maxPoolOperator = Operator("max_pool2d")
private let averagePoolOperator = Operator("adaptive_avg_pool2d")
private let nearestOperator = Operator("upsample_nearest2d")
private let bilinearOperator = Operator("upsample_bilinear2d")

extension Tensor {
  /// Convolution with weight [O, C / groups, kh, kw] and an optional bias [O].
  public func convolved(
    _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1
  ) -> Tensor {
    if weight.requiresGradient, groups > 1, groups == size(1), groups == weight.size(0), dilation == 1, isKernelMap,
      weight.size(2) > 3, weight.size(2) == weight.size(3)
    {
      let map = depthwiseConvolved(weight, stride: stride, padding: padding)
      return bias.map { map.addedInPlace($0.reshaped(1, -1, 1, 1)) } ?? map
    }
    return convolutionOperator(
      .tensor(self), .tensor(weight), bias.map(Value.tensor) ?? .none, .ints([stride, stride]),
      .ints([padding, padding]), .ints([dilation, dilation]), .int(groups))
  }

  /// The matrix product, over leading axes too.
  public func matrixProduct(_ other: Tensor) -> Tensor { Torch.matrixProduct(.tensor(self), .tensor(other)) }

  /// [..., in] · weight [out, in]ᵀ + bias [out].
  public func linear(_ weight: Tensor, bias: Tensor?) -> Tensor {
    linearOperator(.tensor(self), .tensor(weight), bias.map(Value.tensor) ?? .none)
  }

  /// Batch normalisation over N, H, W, and an activation behind it. In training the running statistics are updated in
  /// place: new = (1 − momentum) · old + momentum · batch. Weights and statistics may be float32 for a map of 16 bits.
  public func batchNormalized(
    weight: Tensor, bias: Tensor, runningMean: Tensor, runningVariance: Tensor, training: Bool, momentum: Double,
    epsilon: Double, activation: Activation = .none
  ) -> Tensor {
    if training, isKernelMap, weight.elementType == .float32 {
      return batchNormalizedByKernel(
        weight: weight, bias: bias, runningMean: runningMean, runningVariance: runningVariance, momentum: momentum,
        epsilon: epsilon, clampedTo: activation.range)
    }
    return batchNormOperator(
      .tensor(self), .tensor(weight), .tensor(bias), .tensor(runningMean), .tensor(runningVariance), .bool(training),
      .double(momentum), .double(epsilon), .bool(true)
    ).activatedInPlace(activation)
  }

  /// Each element's channels less their mean, over the root of their variance and `epsilon`, times `weight` and plus `bias`:
  /// of [..., C] with [C] each, all of one type.
  public func layerNormalized(weight: Tensor, bias: Tensor, epsilon: Double) -> Tensor {
    layerNormOperator(
      .tensor(self), .ints(weight.shape), .tensor(weight), .tensor(bias), .double(epsilon), .byDefault)
  }

  /// An activation, written over this tensor.
  public func activatedInPlace(_ activation: Activation) -> Tensor {
    switch activation {
    case .none: self
    case .relu: reluInPlace()
    case .relu6: relu6InPlace()
    }
  }

  /// max(0, x).
  public func relu() -> Tensor { reluOperator(.tensor(self)) }

  /// x · Φ(x), Φ being the normal distribution's cumulative function (Hendrycks & Gimpel 2016), exactly.
  public func gelu() -> Tensor { geluOperator(.tensor(self), .byDefault) }

  /// max(0, x), written over this tensor.
  public func reluInPlace() -> Tensor { reluInPlaceOperator(.tensor(self)) }

  /// x brought into [0, 6].
  public func relu6() -> Tensor { hardtanhOperator(.tensor(self), .double(0), .double(6)) }

  /// x brought into [0, 6], written over this tensor.
  public func relu6InPlace() -> Tensor {
    // The engine (1.13) has no gradient of its hardtanh in bfloat16 on the CPU; that of its clamp differs at 0 and 6 alone.
    elementType == .bfloat16 && !device.isCUDA
      ? clampInPlaceOperator(.tensor(self), .double(0), .double(6))
      : hardtanhInPlaceOperator(.tensor(self), .double(0), .double(6))
  }

  /// 1 / (1 + exp(−x)).
  public func sigmoid() -> Tensor { sigmoidOperator(.tensor(self)) }

  /// exp(x) over its sum along an axis.
  public func softmax(_ axis: Int) -> Tensor { softmaxOperator(.tensor(self), .int(axis)) }

  /// The logarithm of `softmax`, computed stably.
  public func logSoftmax(_ axis: Int) -> Tensor { logSoftmaxOperator(.tensor(self), .int(axis)) }

  /// The greatest element of each window.
  public func maxPooled(kernel: Int, stride: Int, padding: Int = 0) -> Tensor {
    maxPoolOperator(.tensor(self), .ints([kernel, kernel]), .ints([stride, stride]), .ints([padding, padding]))
  }

  /// Means over a grid of windows that divide the map.
  public func averagePooled(toHeight height: Int, width: Int) -> Tensor {
    averagePoolOperator(.tensor(self), .ints([height, width]))
  }

  /// Resized by the nearest element: source index floor(i · in / out).
  public func resizedNearest(height: Int, width: Int) -> Tensor {
    nearestOperator(.tensor(self), .ints([height, width]))
  }

  /// Resized bilinearly. With `alignCorners` false, pixel centres lie at half-integers (ratio in / out).
  public func resizedBilinear(height: Int, width: Int, alignCorners: Bool = false) -> Tensor {
    if isKernelMap, count > 0 {
      return resizedBilinearByKernel(height: height, width: width, alignCorners: alignCorners)
    }
    return bilinearOperator(.tensor(self), .ints([height, width]), .bool(alignCorners))
  }
}
