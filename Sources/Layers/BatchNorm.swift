import Torch

/// Batch normalisation of maps [N, C, H, W] (Ioffe & Szegedy 2015).
///
/// Frozen, it is the fixed affine map that the saved statistics and weights make (torchvision's `FrozenBatchNorm2d`,
/// which has no `num_batches_tracked`). Trained, it uses batch statistics in training mode and keeps running ones.
public final class BatchNorm: Layer {
  /// Whether statistics and weights are learned.
  public enum Mode: String, Sendable, Codable, CaseIterable {
    case trained, frozen
  }

  /// The scale, [C].
  public let weight: Parameter
  /// The shift, [C].
  public let bias: Parameter
  /// The mean to normalise with in evaluation, [C].
  public let runningMean: Buffer
  /// The variance to normalise with in evaluation, [C].
  public let runningVar: Buffer
  let numBatchesTracked: Buffer?
  let fixedMap = FixedMap()
  var shared: SharedPreparation?

  /// Frozen or trained.
  public let mode: Mode
  /// Added to the variance.
  public var epsilon: Double
  /// The share of the new batch in the running statistics.
  public let momentum: Double
  /// Whether running statistics stay as they are in training mode too: for batches that are not what will be predicted.
  public var keepsStatistics = false
  /// Whether a fixed norm is folded into the convolution before it, which saves two passes over the map.
  public var isFolded = true

  /// A norm that passes its input through: mean 0, variance 1, weight 1, bias 0.
  public init(_ channels: Int, mode: Mode = .trained, epsilon: Double = 1e-5, momentum: Double = 0.1) {
    self.mode = mode
    self.epsilon = epsilon
    self.momentum = momentum
    weight = Parameter(.ones([channels]), isTrained: mode == .trained)
    bias = Parameter(.zeros([channels]), isTrained: mode == .trained)
    runningMean = Buffer(.zeros([channels]))
    runningVar = Buffer(.ones([channels]))
    numBatchesTracked = mode == .trained ? Buffer(.zeros([], .int64)) : nil
  }

  /// Whether the output depends on the batch.
  var usesBatchStatistics: Bool { mode == .trained && isTraining }
  /// Whether it is a fixed map now that may be folded into a convolution.
  var isFixed: Bool { isFolded && !usesBatchStatistics }

  public override func callAsFunction(_ input: Tensor) -> Tensor { self(input, .none) }

  /// The norm and an activation behind it.
  public func callAsFunction(_ input: Tensor, _ activation: Activation) -> Tensor {
    if mode == .frozen {
      let (scale, shift) = affine()
      let map = input * scale.to(input.elementType).reshaped(1, -1, 1, 1)
      return map.addedInPlace(shift.to(input.elementType).reshaped(1, -1, 1, 1)).activatedInPlace(activation)
    }
    precondition(
      !isTraining || input.count > input.size(1),
      "batch norm of \(input) in training: one value a channel has no variance; wanted are more images or a larger map")
    if isTraining, !keepsStatistics, let count = numBatchesTracked?.value {
      if let shared { shared.count(self) } else { count.addInPlace(1) }
    }
    return input.batchNormalized(
      weight: weight.value, bias: bias.value, runningMean: runningMean.value, runningVariance: runningVar.value,
      training: isTraining, momentum: keepsStatistics ? 0 : momentum, epsilon: epsilon, activation: activation)
  }

  /// The fixed map x · scale + shift, each [C], that the running statistics make. Without gradients it is made once for as long as
  /// they and the weights stay as they are: its five small operations are more than a GPU does meanwhile.
  func affine() -> (scale: Tensor, shift: Tensor) {
    guard !weight.isTrained, !bias.isTrained else { return madeAffine() }
    return fixedMap.map(of: [weight.value, bias.value, runningMean.value, runningVar.value], epsilon: epsilon) {
      madeAffine()
    }
  }

  private func madeAffine() -> (scale: Tensor, shift: Tensor) {
    let scale = weight.value * (runningVar.value + epsilon).power(-0.5)
    return (scale, bias.value - runningMean.value * scale)
  }
}

/// A convolution, the batch norm behind it and what follows.
///
/// Where the norm is a fixed map and may be folded, its scale goes into the convolution's weight and its shift becomes
/// the bias: the same function of the weights, so gradients are the same, without two passes over the map.
public func convolve(
  _ input: Tensor, _ convolution: Convolution, _ norm: BatchNorm, _ activation: Activation = .none
) -> Tensor {
  guard norm.isFixed, convolution.bias == nil else { return norm(convolution(input), activation) }
  // No convolution keeps its output for the gradient, so the activation may be written over it.
  return convolution.applied(to: input, folding: norm).activatedInPlace(activation)
}

extension Module {
  /// The batch norms whose statistics are learned.
  public func trainedNorms() -> [BatchNorm] {
    modules().compactMap { $0 as? BatchNorm }.filter { $0.mode == .trained }
  }

  /// Sets whether fixed batch norms in this module are folded into convolutions.
  public func setNormFolding(_ folded: Bool) {
    for case let norm as BatchNorm in modules() { norm.isFolded = folded }
  }

  /// Sets the epsilon of every batch norm in this module: state dicts do not carry it.
  public func setNormEpsilon(_ epsilon: Double) {
    for case let norm as BatchNorm in modules() { norm.epsilon = epsilon }
  }
}
