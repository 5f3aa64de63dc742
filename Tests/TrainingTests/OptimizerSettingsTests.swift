import Layers
import TestSupport
import Testing
import Torch

@testable import Training

@Suite("OptimizerSettings") struct OptimizerSettingsTests {
  private final class TwoParts: Module, HeadedNetwork {
    let backbone = Linear(3, 3, using: Generator(seed: 1))
    let head = Linear(3, 2, using: Generator(seed: 2))
    let backbonePrefix = "backbone."
  }

  private static let length = RunLength(steps: 10, recipeSteps: 10, imagesPerStep: 4)

  private static func moves(_ settings: OptimizerSettings) -> [String: Tensor] {
    let model = TwoParts()
    let trained = settings.trained("student", model, for: length)
    let before = model.namedParameters().map { ($0.name, $0.parameter.value.detached().copied()) }
    for _ in 0..<2 {
      for entry in model.namedParameters() { entry.parameter.value.gradient = .ones(entry.parameter.value.shape) }
      trained.optimizer.step(learningRate: 0.1)
    }
    return Dictionary(
      uniqueKeysWithValues: zip(before, model.namedParameters()).map {
        ($0.0, $1.parameter.value.detached() - $0.1)
      })
  }

  @Test("the head's factor multiplies its learning rate alone", arguments: OptimizerSettings.Algorithm.allCases)
  func headFactor(algorithm: OptimizerSettings.Algorithm) throws {
    var settings = OptimizerSettings()
    settings.algorithm = algorithm
    settings.weightDecay = 0
    let plain = Self.moves(settings)
    settings.headLearningRateFactor = 10
    let moves = Self.moves(settings)
    for (name, move) in moves {
      let wanted = try #require(plain[name]) * (name.hasPrefix("head.") ? 10 : 1)
      #expect((move - wanted).abs().max().scalar < 1e-5, "\(name)")
      #expect(move.abs().min().scalar > 0)
    }
  }

  @Test("without a factor all parameters are one group, in their order")
  func oneGroup() {
    let model = TwoParts()
    var settings = OptimizerSettings()
    #expect(settings.trained("student", model, for: Self.length).optimizer.groups.count == 1)
    settings.headLearningRateFactor = 4
    let groups = settings.trained("student", model, for: Self.length).optimizer.groups
    #expect(groups.map(\.learningRateFactor) == [1, 4])
    #expect(
      groups.map { $0.parameters.map(\.name) } == [
        ["backbone.weight", "backbone.bias"], ["head.weight", "head.bias"],
      ])
    #expect(groups.map(\.weightDecay) == [1e-4, 1e-4])
  }

  private final class WithNorms: Module, HeadedNetwork {
    let backbone = Linear(3, 3, using: Generator(seed: 1))
    let headNorm = LayerNorm(3)
    let headMapNorm = BatchNorm(3)
    let head = Linear(3, 2, using: Generator(seed: 2))
    let backbonePrefix = "backbone."
  }

  @Test("norms are not decayed where the settings say so, and everything else is, at its own rate")
  func norms() {
    let model = WithNorms()
    var settings = OptimizerSettings()
    (settings.algorithm, settings.weightDecay, settings.headLearningRateFactor) = (.adamw, 0.01, 10)
    settings.decaysNorms = false
    let optimizer = settings.trained("student", model, for: Self.length).optimizer
    let before = Dictionary(
      uniqueKeysWithValues: model.namedParameters().map { ($0.name, $0.parameter.value.detached().copied()) })
    for entry in model.namedParameters() { entry.parameter.value.gradient = .zeros(entry.parameter.value.shape) }
    optimizer.step(learningRate: 0.5)
    // Without a gradient a step of AdamW is the decay alone: 1 − rate · decay.
    for entry in model.namedParameters() {
      let factor = entry.name.hasPrefix("head.") ? 0.95 : entry.name.hasPrefix("backbone.") ? 0.995 : 1
      let wanted = before[entry.name].map { $0 * factor } ?? .zeros([1])
      #expect((entry.parameter.value.detached() - wanted).abs().max().scalar < 1e-6, "\(entry.name)")
    }
    #expect(optimizer.parameters.count == model.namedParameters().count)
    settings.headLearningRateFactor = 1
    let groups = settings.trained("student", model, for: Self.length).optimizer.groups
    #expect(groups.map(\.weightDecay) == [0.01, 0] && groups.map(\.parameters.count) == [4, 4])
  }

  @Test("a factor for a model that names no backbone ends the program, as it would do nothing")
  func noBackbone() async {
    await #expect(processExitsWith: .failure) {
      var settings = OptimizerSettings()
      settings.headLearningRateFactor = 2
      _ = settings.trained(
        "student", Linear(2, 2, using: Generator(seed: 1)), for: RunLength(steps: 1, recipeSteps: 1, imagesPerStep: 1))
    }
    #expect(
      errorMessage { _ = try OptimizerSettings.resolved(assignments: ["head_learning_rate_factor=0"]) }
        == "--set head_learning_rate_factor=0: 'head_learning_rate_factor' is '0', it must be more than 0")
  }

  @Test("a polynomial decay is taken before a step: the first step has the full rate, the last a little")
  func polynomial() {
    var settings = OptimizerSettings()
    settings.decay = .polynomial
    let schedule = settings.schedule(for: Self.length)
    #expect(schedule.factor(at: 0) == 1)
    for (step, wanted) in [(1, 0.909533), (5, 0.535887), (9, 0.125893)] {
      #expect(abs(schedule.factor(at: step) - wanted) < 1e-6)
    }
  }
}
