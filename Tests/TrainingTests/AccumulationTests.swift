import Layers
import Randomness
import Samples
import TestSupport
import Testing
import Torch

@testable import Training

/// Steps whose images are shared out among micro-batches of three.
@Suite(.serialized) struct AccumulationTests {
  init() { Engine.threadCount = 1 }

  /// Sums of float32 in another order.
  private static let otherOrder: Float = 1e-6

  private func parameters(_ trainer: Trainer<ToyMethod, SampleStream>) -> [[Float]] {
    trainer.method.student.namedParameters().map { $0.parameter.value.floats }
  }

  @Test("a step moves the weights by the mean gradient of its micro-batches, each with draws of its own")
  func meanGradient() throws {
    var toy = try ToyRun()
    toy.settings.accumulation = 3
    toy.settings.gradientClip = .off
    toy.optimizer.warmupImages = 0
    toy.optimizer.weightDecay = 0
    let trainer = toy.trainer()
    let before = parameters(trainer)
    let report = try trainer.takeStep()

    let apart = toy.trainer()
    let entries = apart.method.student.namedParameters()
    var sums = entries.map { [Float](repeating: 0, count: $0.parameter.value.count) }
    var totals: [Double] = []
    for index in 0..<3 {
      let step = Step(index: 0, stepsPerEpoch: 1, imagesPerStep: 9, seed: 3).at(microBatch: index)
      let losses = apart.method.losses(for: try apart.source.next(), at: step)
      totals.append(losses.total.scalar)
      apart.models[0].optimizer.clearGradients()
      losses.total.backward()
      for (place, entry) in entries.enumerated() {
        let gradient = try #require(entry.parameter.value.gradient).floats
        sums[place] = zip(sums[place], gradient).map { $0 + $1 }
      }
    }
    let rate = Float(apart.models[0].learningRate(at: 0))
    for (old, (new, sum)) in zip(before, zip(parameters(trainer), sums)) {
      let wanted = zip(old, sum).map { $0 - rate * $1 / 3 }
      #expect(zip(new, wanted).allSatisfy { abs($0 - $1) <= Self.otherOrder })
      #expect(new != old)
    }
    #expect(abs(report.total - totals.reduce(0, +) / 3) < 1e-6)
    #expect(Set(totals).count == 3)
  }

  @Test("micro-batches draw different numbers, the first those of a step that is not shared out")
  func draws() {
    let step = Step(index: 5, stepsPerEpoch: 2, imagesPerStep: 4, seed: 11)
    var keyed = SeededGenerator(seed: 11, stream: 0x73_7465_70, 5, 2)
    let plain = Tensor.normal([8], using: Generator(seed: keyed.next())).floats
    #expect(Tensor.normal([8], using: step.makeGenerator(2)).floats == plain)
    let drawn = (0..<4).map { Tensor.normal([8], using: step.at(microBatch: $0).makeGenerator(2)).floats }
    #expect(drawn[0] == plain && Set(drawn).count == 4)
  }

  @Test("images, epochs, schedules and the method's updates count whole steps")
  func wholeSteps() throws {
    var toy = try ToyRun(images: 20)
    toy.optimizer.warmupImages = 24
    let plain = toy.trainer()
    toy.settings.accumulation = 2
    let shared = toy.trainer()
    #expect((plain.stepsPerEpoch, shared.stepsPerEpoch) == (7, 4))
    let steps = try (0..<4).map { _ in try shared.takeStep() }
    #expect(steps.map(\.imagesSeen) == [6, 12, 18, 24])
    #expect(steps.map(\.step.epoch) == [0, 0, 0, 0])
    #expect(try shared.takeStep().step.epoch == 1)
    #expect(shared.method.updates == [0, 1, 2, 3, 4] && shared.method.epochsBegun == 2)
    // The warm-up is over after as many images, which are half as many steps.
    #expect(shared.models[0].schedule.warmupSteps == 4 && plain.models[0].schedule.warmupSteps == 8)
    #expect(shared.source.position == 10)
  }

  @Test("20 steps equal 10, a save, everything built anew, and 10 more, to the bit")
  func resume() throws {
    var toy = try ToyRun()
    toy.settings.accumulation = 2
    let whole = toy.trainer()
    for _ in 0..<20 { try whole.takeStep() }
    let first = toy.trainer()
    for _ in 0..<10 { try first.takeStep() }
    let checkpoints = Checkpoints(run: try toy.runFolder())
    try checkpoints.saveLast(first.snapshot())
    let second = toy.trainer(workers: 0)
    try second.restore(checkpoints.loadLast())
    for _ in 0..<10 { try second.takeStep() }
    #expect(ToyRun.digest(second) == ToyRun.digest(whole))
  }

  @Test("a micro-batch that is not finite skips its whole step, names its images, and the next step is as ever")
  func notFinite() throws {
    var toy = try ToyRun()
    toy.settings.accumulation = 3
    let trainer = toy.trainer()
    trainer.method.brokenSteps = [0]
    trainer.method.brokenMicroBatch = 1
    let before = parameters(trainer)
    let report = try trainer.takeStep()
    let skip = try #require(report.skip)
    #expect(skip.terms == ["loss 'class'"])
    let stream = toy.trainer().source
    let batches = try (0..<3).map { _ in try stream.next().imageNames }
    #expect(skip.images == batches[1])
    #expect(parameters(trainer) == before && trainer.method.updates.isEmpty)
    #expect(trainer.skippedSteps == 1 && trainer.source.position == 3)
    #expect(trainer.models[0].optimizer.parameters.allSatisfy { $0.parameter.value.gradient == nil })
    #expect(try trainer.takeStep().skip == nil)
    #expect(parameters(trainer) != before)
  }

  @Test("a loss scale, a power of 2, changes no weight of accumulated steps")
  func lossScale() throws {
    var toy = try ToyRun()
    toy.settings.accumulation = 2
    let (plain, scaled) = (toy.trainer(), toy.trainer(lossScale: LossScale(1024.0)))
    for _ in 0..<6 {
      try plain.takeStep()
      try scaled.takeStep()
    }
    #expect(ToyRun.digest(plain) == ToyRun.digest(scaled))
  }

  @Test("a profile's parts hold all micro-batches of a step")
  func profile() throws {
    var toy = try ToyRun()
    toy.settings.accumulation = 2
    let trainer = toy.trainer()
    let profile = StepProfile()
    trainer.profile = profile
    _ = try profile.measureStep { try trainer.takeStep() }
    #expect(
      profile.parts.map(\.name)
        == ["loader", "losses", "backward", "clipping", "optimizer", "average", StepProfile.besideName])
  }
}
