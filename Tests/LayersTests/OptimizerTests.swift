import TestSupport
import Testing
import Torch

@testable import Layers

/// What a rule that is held to PyTorch's is made of.
struct OptimizerCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let make: @Sendable ([ParameterGroup]) -> any Optimizer

  static let all = [
    OptimizerCase(testDescription: "sgd") { SGD($0, momentum: 0) },
    OptimizerCase(testDescription: "momentum") { SGD($0, momentum: 0.9) },
    OptimizerCase(testDescription: "nesterov") { SGD($0, momentum: 0.9, nesterov: true) },
    OptimizerCase(testDescription: "adamw") { AdamW($0, beta1: 0.8, beta2: 0.95, epsilon: 1e-6) },
  ]
}

@Suite("Optimizers") struct OptimizerTests {
  static let shapes = [("first.weight", [3, 4]), ("first.bias", [3]), ("second.weight", [2, 3])]

  static func parameters() -> [NamedParameter] {
    shapes.map { NamedParameter(name: $0.0, parameter: Parameter(LayersGolden.values($0.0, $0.1))) }
  }

  static func groups(_ parameters: [NamedParameter]) -> [ParameterGroup] {
    [
      ParameterGroup([parameters[0], parameters[2]], weightDecay: 0.05),
      ParameterGroup([parameters[1]], learningRateFactor: 2, weightDecay: 0),
    ]
  }

  static func giveGradients(_ parameters: [NamedParameter], step: Int) {
    for entry in parameters {
      let shape = entry.parameter.value.shape
      entry.parameter.value.gradient = LayersGolden.values("\(entry.name) gradient \(step) weight", shape)
    }
  }

  @Test(
    "steps are PyTorch's, with weight decay, two rates and a parameter that starts late", arguments: OptimizerCase.all)
  func golden(rule: OptimizerCase) {
    let parameters = Self.parameters()
    let optimizer = rule.make(Self.groups(parameters))
    for step in 0..<4 {
      Self.giveGradients(parameters, step: step)
      if step == 0 && rule.testDescription != "adamw" { parameters[2].parameter.value.gradient = nil }
      optimizer.step(learningRate: 0.1 / Double(1 + step))
      for entry in parameters {
        let wanted = LayersGolden.tensor("\(rule.testDescription).\(step).\(entry.name)")
        #expect(LayersGolden.areClose(entry.parameter.value.detached(), wanted), "step \(step), \(entry.name)")
      }
    }
  }

  @Test("AdamW in one pass is AdamW by the engine's operations, for any number of elements and layout of gradients")
  func onePass() {
    func lists(_ type: ElementType) -> [[Tensor]] {
      let shapes = [[7], [20_000], [6, 5, 3, 3], [1], [0]]
      return (0..<4).map { list in
        shapes.enumerated().map { index, shape in
          let values = Tensor.normal(shape, using: Generator(seed: UInt64(10 * list + index)))
          return (list == 3 ? values * values : values).to(type)
        }
      }
    }
    let (one, other) = (lists(.float32), lists(.float64))
    let step = AdamWStep(
      learningRate: 0.1, weightDecay: 0.3, betas: (0.8, 0.95), corrections: (0.2, 0.05), epsilon: 1e-6)
    let laidOut = one[1].map { $0.rank == 4 ? $0.channelsLast() : $0 }
    step.move(one[0], gradients: laidOut, means: one[2], squares: one[3])
    step.move(other[0], gradients: other[1], means: other[2], squares: other[3])
    for list in [0, 2, 3] {
      for (found, wanted) in zip(one[list], other[list]) where wanted.count > 0 {
        #expect((found.to(.float64) - wanted).abs().max().scalar <= 1e-5 * max(1, wanted.abs().max().scalar))
      }
    }
  }

  @Test("a restored state goes on to the bit", arguments: OptimizerCase.all)
  func restoring(rule: OptimizerCase) throws {
    let (whole, halved) = (Self.parameters(), Self.parameters())
    var optimizers = [rule.make(Self.groups(whole)), rule.make(Self.groups(halved))]
    for step in 0..<6 {
      if step == 3 {
        let saved = optimizers[1].state
        let copy = OptimizerState(
          tensors: StateDict(saved.tensors.entries.map { ($0.name, $0.tensor.copied()) }), step: saved.step)
        optimizers[1] = rule.make(Self.groups(halved))
        try optimizers[1].restore(copy)
      }
      for (parameters, optimizer) in zip([whole, halved], optimizers) {
        Self.giveGradients(parameters, step: step)
        optimizer.step(learningRate: 0.1)
      }
    }
    for (a, b) in zip(whole, halved) { #expect(a.parameter.value.isEqual(to: b.parameter.value)) }
  }

  @Test("a state of other parameters is refused")
  func foreignState() {
    let optimizer = SGD(Self.groups(Self.parameters()))
    let state = OptimizerState(tensors: StateDict([("momentum.other", .ones([1]))]), step: 1)
    let message = errorMessage { try optimizer.restore(state) }
    #expect(message == "the saved optimizer state has momentum.other [1], which fits no parameter")
  }

  @Test("parameters that are not trained are left out of their group")
  func frozen() {
    let parameters = Self.parameters()
    parameters[1].parameter.isTrained = false
    #expect(ParameterGroup(parameters, weightDecay: 0).parameters.map(\.name) == ["first.weight", "second.weight"])
  }

  @Test("gradients are clipped to a norm over all parameters, and cleared")
  func clipping() {
    let parameters = Self.parameters()
    let optimizer = SGD([ParameterGroup(parameters, weightDecay: 0)])
    #expect(optimizer.gradientNorm() == 0)
    for entry in parameters { entry.parameter.value.gradient = .full(entry.parameter.value.shape, 2) }
    #expect(abs(optimizer.gradientNorm() - (21.0 * 4).squareRoot()) < 1e-5)
    #expect(abs(optimizer.clipGradients(toNorm: 100) - (21.0 * 4).squareRoot()) < 1e-5)
    #expect(parameters[0].parameter.value.gradient?.max().scalar == 2)
    optimizer.clipGradients(toNorm: 1)
    #expect(abs(optimizer.gradientNorm() - 1) < 1e-5)
    optimizer.clearGradients()
    #expect(parameters.allSatisfy { $0.parameter.value.gradient == nil })
  }
}

@Suite("LearningRateSchedule") struct LearningRateScheduleTests {
  @Test(
    "factors are those of PyTorch's schedulers",
    arguments: [
      ("step", LearningRateSchedule(decay: .step(milestones: [20, 30], factor: 0.1), totalSteps: 40)),
      (
        "warmup_step",
        LearningRateSchedule(warmupSteps: 10, decay: .step(milestones: [20, 30], factor: 0.1), totalSteps: 40)
      ), ("polynomial", LearningRateSchedule(decay: .polynomial(power: 0.9), totalSteps: 40)),
      ("cosine", LearningRateSchedule(decay: .cosine(final: 0.05), totalSteps: 40)),
    ])
  func golden(name: String, schedule: LearningRateSchedule) {
    for (step, wanted) in LayersGolden.file.doubles("schedule." + name).enumerated() {
      #expect(abs(schedule.factor(at: step) - wanted) < 1e-12, "step \(step)")
    }
  }

  @Test("past the end the last factor stays")
  func end() {
    #expect(LearningRateSchedule(decay: .cosine(final: 0.1), totalSteps: 10).factor(at: 99) == 0.1)
    #expect(LearningRateSchedule(decay: .polynomial(power: 0.9), totalSteps: 10).factor(at: 10) == 0)
    #expect(LearningRateSchedule(decay: .constant, totalSteps: 0).factor(at: 0) == 1)
  }
}
