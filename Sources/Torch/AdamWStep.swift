import CTorch

/// One step of AdamW (Loshchilov & Hutter 2019) on lists of tensors, in PyTorch's order of operations.
public struct AdamWStep: Sendable {
  /// The rate of this step.
  public var learningRate: Double
  /// The decay's strength; it is multiplied by the rate.
  public var weightDecay: Double
  /// The memory of the means, and of the squares.
  public var betas: (Double, Double)
  /// 1 less the powers of the betas, by which young memories are corrected.
  public var corrections: (Double, Double)
  /// Added to the root of the squares.
  public var epsilon: Double

  /// The numbers of a step.
  public init(
    learningRate: Double, weightDecay: Double, betas: (Double, Double), corrections: (Double, Double), epsilon: Double
  ) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.betas = betas
    self.corrections = corrections
    self.epsilon = epsilon
  }

  /// Moves `values` along their gradients; means and squares are remembered for the next step. All lists have one length.
  public func move(_ values: [Tensor], gradients: [Tensor], means: [Tensor], squares: [Tensor]) {
    let isForKernel = zip(values, zip(means, squares)).allSatisfy { value, memory in
      value.device == .cpu && value.elementType == .float32 && value.isContiguous && memory.0.isContiguous
        && memory.1.isContiguous
    }
    if isForKernel {
      moveInOnePass(values, gradients: gradients, means: means, squares: squares)
    } else {
      moveByOperations(values, gradients: gradients, means: means, squares: squares)
    }
  }

  private func moveInOnePass(_ values: [Tensor], gradients: [Tensor], means: [Tensor], squares: [Tensor]) {
    let options = ct_adamw_options(
      learning_rate: learningRate, weight_decay: weightDecay, beta1: betas.0, beta2: betas.1,
      correction1: corrections.0, correction2: corrections.1, epsilon: epsilon)
    func handles(_ tensors: [Tensor]) -> [ct_tensor?] { tensors.map(\.handle) }
    withExtendedLifetime((values, gradients, means, squares)) {
      Engine.check(
        ct_adamw_step(
          handles(values), handles(gradients), handles(means), handles(squares), Int32(values.count), options),
        "a step of AdamW on \(values.count) tensors")
    }
  }

  func moveByOperations(_ values: [Tensor], gradients: [Tensor], means: [Tensor], squares: [Tensor]) {
    TensorList.multiplyInPlace(values, by: 1 - learningRate * weightDecay)
    TensorList.multiplyInPlace(means, by: betas.0)
    TensorList.addInPlace(means, gradients, scale: 1 - betas.0)
    TensorList.multiplyInPlace(squares, by: betas.1)
    TensorList.addProductInPlace(squares, gradients, gradients, scale: 1 - betas.1)
    let denominators = TensorList.squareRoots(squares)
    TensorList.multiplyInPlace(denominators, by: 1 / corrections.1.squareRoot())
    TensorList.addInPlace(denominators, epsilon)
    TensorList.addQuotientInPlace(values, means, over: denominators, scale: -learningRate / corrections.0)
  }
}
