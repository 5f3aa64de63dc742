import Layers

/// Which optimizer moves a model, and its schedule. Times are in images seen, so they hold for any batch size.
public struct OptimizerSettings: Settings {
  /// The rules that exist.
  public enum Algorithm: String, Codable, CaseIterable, Sendable {
    case sgd, adamw
  }

  /// What the learning rate does after the warm-up.
  public enum Decay: String, Codable, CaseIterable, Sendable {
    case constant, step, polynomial, cosine
  }

  /// The rule.
  public var algorithm = Algorithm.sgd
  /// Step size, after warm-up.
  public var learningRate = 0.02
  /// The learning rate of what is not the backbone over that of the backbone.
  public var headLearningRateFactor = 1.0
  /// Share of the last step that is kept (SGD).
  public var momentum = 0.9
  /// Looks ahead along the momentum (SGD).
  public var nesterov = false
  /// L2 penalty (SGD) or decay (AdamW).
  public var weightDecay = 1e-4
  /// Whether weights and biases of norms are decayed too.
  public var decaysNorms = true
  /// Averaging of the gradient (AdamW).
  public var beta1 = 0.9
  /// Averaging of its square (AdamW).
  public var beta2 = 0.999
  /// Images over which the rate rises linearly from `warmupFactor` of itself.
  public var warmupImages = 0
  /// The rate at the first step over the full one.
  public var warmupFactor = 0.001
  /// What follows.
  public var decay = Decay.constant
  /// Shares of the run at which a step decay multiplies the rate by `decayFactor`.
  public var milestones = [0.6667, 0.8889]
  /// See `milestones`.
  public var decayFactor = 0.1
  /// Exponent of a polynomial decay: × (1 − steps done / steps)^power, so the first step has the full rate.
  public var power = 0.9
  /// Share of the rate that a cosine decay ends at.
  public var finalShare = 0.0

  /// The defaults.
  public init() {}

  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("learning_rate", learningRate > 0, "more than 0"),
      SettingsRule("head_learning_rate_factor", headLearningRateFactor > 0, "more than 0"),
      SettingsRule("momentum", (0..<1).contains(momentum), "in 0..<1"),
      SettingsRule("weight_decay", weightDecay >= 0, "0 or more"),
      SettingsRule("beta1", (0..<1).contains(beta1), "in 0..<1"),
      SettingsRule("beta2", (0..<1).contains(beta2), "in 0..<1"),
      SettingsRule("warmup_images", warmupImages >= 0, "0 or more"),
      SettingsRule("warmup_factor", (0...1).contains(warmupFactor), "between 0 and 1"),
      SettingsRule("milestones", milestones.allSatisfy { (0...1).contains($0) }, "a list of shares between 0 and 1"),
      SettingsRule("decay_factor", decayFactor > 0, "more than 0"),
      SettingsRule("power", power > 0, "more than 0"),
      SettingsRule("final_share", (0...1).contains(finalShare), "between 0 and 1"),
    ]
  }

  /// The optimizer of parameter groups, whose weight decay is the caller's.
  public func makeOptimizer(_ groups: [ParameterGroup]) -> any Optimizer {
    switch algorithm {
    case .sgd: SGD(groups, momentum: momentum, nesterov: nesterov)
    case .adamw: AdamW(groups, beta1: beta1, beta2: beta2)
    }
  }

  /// The schedule of a run of a certain length.
  public func schedule(for length: RunLength) -> LearningRateSchedule {
    let shape: LearningRateSchedule.Decay =
      switch decay {
      case .constant: .constant
      case .step: .step(milestones: milestones.map { Int((Double(length.steps) * $0).rounded()) }, factor: decayFactor)
      case .polynomial: .polynomial(power: power)
      case .cosine: .cosine(final: finalShare)
      }
    return LearningRateSchedule(
      warmupSteps: length.steps(ofImages: warmupImages), warmupFactor: warmupFactor, decay: shape,
      totalSteps: length.steps)
  }

  /// A model with all its trained parameters in one group, or in several: of the backbone and the head where they have
  /// learning rates of their own, and in each of norms where these are not decayed.
  ///
  /// - Precondition: With a factor other than 1 the model says what its backbone is.
  public func trained(_ name: String, _ model: Module, for length: RunLength) -> TrainedModel {
    TrainedModel(
      name: name, model: model, optimizer: makeOptimizer(groups(of: model)), learningRate: learningRate,
      schedule: schedule(for: length))
  }

  private func groups(of model: Module) -> [ParameterGroup] {
    guard headLearningRateFactor != 1 else { return groups(of: model.namedParameters(), factor: 1, in: model) }
    guard let parts = (model as? any HeadedNetwork)?.parametersByPart() else {
      preconditionFailure("head_learning_rate_factor: a \(type(of: model)) does not say what its backbone is")
    }
    return groups(of: parts.backbone, factor: 1, in: model)
      + groups(of: parts.head, factor: headLearningRateFactor, in: model)
  }

  private func groups(of parameters: [NamedParameter], factor: Double, in model: Module) -> [ParameterGroup] {
    let isNorm = decaysNorms ? [] : model.normParameters()
    func group(_ norms: Bool, decay: Double) -> ParameterGroup {
      ParameterGroup(
        parameters.filter { isNorm.contains(ObjectIdentifier($0.parameter)) == norms }, learningRateFactor: factor,
        weightDecay: decay)
    }
    return [group(false, decay: weightDecay)] + (decaysNorms ? [] : [group(true, decay: 0)])
  }
}

/// How long a run is, and how the times of its recipe turn into steps.
///
/// A recipe's times are in images seen, for the length the recipe names. A run that is made shorter or longer, in steps
/// or in images a step, scales all of them by one factor, so that they keep their share of it.
public struct RunLength: Sendable, Equatable {
  /// Steps of the run.
  public let steps: Int
  /// Images of all streams that one step takes.
  public let imagesPerStep: Int
  /// Length of this run over that of its recipe, both in images.
  public let timeScale: Double

  /// A run of `steps` after a recipe of `recipeSteps`.
  ///
  /// - Parameter recipeImagesPerStep: Images that a step of the recipe takes; nil for as many as here.
  public init(steps: Int, recipeSteps: Int, imagesPerStep: Int, recipeImagesPerStep: Int? = nil) {
    let recipeImages = recipeImagesPerStep ?? imagesPerStep
    precondition(
      steps >= 1 && recipeSteps >= 1 && imagesPerStep >= 1 && recipeImages >= 1,
      "RunLength: expected counts of 1 or more")
    self.steps = steps
    self.imagesPerStep = imagesPerStep
    timeScale = Double(steps * imagesPerStep) / Double(recipeSteps * recipeImages)
  }

  /// A recipe's time, in images, as this run has it.
  public func images(_ recipeImages: Int) -> Int { Int((Double(recipeImages) * timeScale).rounded()) }

  /// A recipe's time, in images, as steps of this run.
  public func steps(ofImages recipeImages: Int) -> Int {
    Int((Double(recipeImages) * timeScale / Double(imagesPerStep)).rounded())
  }
}
