import Torch

/// A 2D convolution with a square kernel.
///
/// `weight` [O, C / groups, k, k], `bias` [O]; input [N, C, H, W]. Weights are kept in float32 and computed with in the input's
/// type: a network computes in the type that its images have.
public final class Convolution: Layer, WeightPreparing {
  /// The kernel's settings.
  public struct Geometry: Sendable {
    /// Pixels from one position to the next.
    public var stride = 1
    /// Zeros on each side.
    public var padding = 0
    /// Pixels from one kernel element to the next.
    public var dilation = 1
    /// Groups of channels that are convolved apart.
    public var groups = 1
  }

  /// [O, C / groups, k, k].
  public let weight: Parameter
  /// [O], or nil.
  public let bias: Parameter?
  /// Stride, padding, dilation, groups.
  public let geometry: Geometry
  var keeper: WeightKeeper?
  var shared: SharedPreparation?
  var addend: Parameter? { bias }

  /// - Parameters:
  ///   - padding: Zeros on each side; nil keeps the size at stride 1.
  ///   - biasInitial: How the bias starts; nil for no bias.
  public init(
    _ inputChannels: Int, _ outputChannels: Int, kernel: Int, stride: Int = 1, padding: Int? = nil, dilation: Int = 1,
    groups: Int = 1, initial: Initialization = .uniformFanIn, biasInitial: Initialization? = nil,
    using generator: Generator
  ) {
    geometry = Geometry(
      stride: stride, padding: padding ?? dilation * (kernel - 1) / 2, dilation: dilation, groups: groups)
    weight = Parameter(
      initial.tensor([outputChannels, inputChannels / groups, kernel, kernel], using: generator))
    bias = biasInitial.map {
      Parameter($0.tensor([outputChannels], fanIn: inputChannels / groups * kernel * kernel, using: generator))
    }
  }

  public override func callAsFunction(_ input: Tensor) -> Tensor {
    applied(to: input, folding: nil)
  }

  /// The convolution at positions whose windows are given as rows [S, k · k · C] (``Tensor/windows(at:kernel:)``): [S, O], in
  /// the rows' type.
  public func product(_ windows: Tensor) -> Tensor {
    let rows = weight.value.permuted(0, 2, 3, 1).reshaped(weight.value.size(0), -1)
    return windows.linear(rows.to(windows.elementType), bias: bias?.value.to(windows.elementType))
  }

  /// The convolution with the fixed map of a norm folded in, for which it has no bias of its own; nil: none.
  func applied(to input: Tensor, folding norm: BatchNorm?) -> Tensor {
    let type = input.elementType
    func plain(_ weights: PreparedWeights) -> Tensor {
      input.convolved(
        weights.weight, bias: weights.bias, stride: geometry.stride, padding: geometry.padding,
        dilation: geometry.dilation, groups: geometry.groups)
    }
    func fold() -> (scale: Tensor?, bias: Tensor?) {
      guard let (scale, shift) = norm?.affine() else { return (nil, self.bias?.value) }
      return (scale, shift)
    }
    if let keeper {
      return plain(
        keeper.weights(in: type) {
          let (scale, bias) = fold()
          return PreparedWeights(weight.value, scale: scale, bias: bias, in: type)
        })
    }
    let isPrepared = norm != nil || weight.value.elementType != type
    if isPrepared, let weights = shared?.weights(of: self, folding: norm, in: type) { return plain(weights) }
    let (scale, bias) = fold()
    guard isPrepared, geometry.groups == 1, scale?.requiresGradient != true else {
      return plain(PreparedWeights(weight.value, scale: scale, bias: bias, in: type))
    }
    return input.convolved(
      preparing: weight.value, scale: scale, bias: bias?.to(type), stride: geometry.stride, padding: geometry.padding,
      dilation: geometry.dilation)
  }
}

/// x · weightᵀ + bias; `weight` [out, in], `bias` [out].
public final class Linear: Layer, WeightPreparing {
  /// [out, in].
  public let weight: Parameter
  /// [out].
  public let bias: Parameter
  var keeper: WeightKeeper?
  var shared: SharedPreparation?
  var addend: Parameter? { bias }

  /// A layer from `inputs` to `outputs` features.
  public init(
    _ inputs: Int, _ outputs: Int, initial: Initialization = .uniformFanIn, biasInitial: Initialization = .uniformFanIn,
    using generator: Generator
  ) {
    weight = Parameter(initial.tensor([outputs, inputs], using: generator))
    bias = Parameter(biasInitial.tensor([outputs], fanIn: inputs, using: generator))
  }

  public override func callAsFunction(_ input: Tensor) -> Tensor {
    let type = input.elementType
    if let keeper {
      let weights = keeper.weights(in: type) { PreparedWeights(weight.value, bias: bias.value, in: type) }
      return input.linear(weights.weight, bias: weights.bias)
    }
    guard type != weight.value.elementType, input.rank == 2 else { return input.linear(weight.value, bias: bias.value) }
    if let weights = shared?.weights(of: self, folding: nil, in: type) {
      return input.linear(weights.weight, bias: weights.bias)
    }
    return input.linear(preparing: weight.value, bias: bias.value.to(type))
  }
}
