import Testing
import Torch

@testable import Training

@Suite struct StepProfileTests {
  private func spin(_ milliseconds: Int) {
    let end = ContinuousClock.now + .milliseconds(milliseconds)
    while ContinuousClock.now < end {}
  }

  @Test("parts add up to the whole: one within another counts for itself alone")
  func addsUp() {
    let profile = StepProfile()
    let step = Step(index: 0, stepsPerEpoch: 1, imagesPerStep: 1, seed: 1, profile: profile)
    let begun = ContinuousClock.now
    let result = step.part("outer") {
      spin(20)
      for _ in 0..<2 { step.part("inner") { spin(10) } }
      return 7
    }
    let whole = (ContinuousClock.now - begun) / .seconds(1)
    #expect(result == 7 && profile.parts.map(\.name) == ["outer", "inner"])
    #expect(profile.parts.allSatisfy { $0.seconds >= 0.02 })
    let sum = profile.parts.reduce(0) { $0 + $1.seconds }
    #expect(sum <= whole && sum > 0.99 * whole)
  }

  @Test("a part that fails is counted and passes its error on")
  func failing() {
    let profile = StepProfile()
    #expect(throws: RunError.self) {
      try profile.measure("loader") {
        spin(5)
        throw RunError.data("nothing left")
      }
    }
    #expect((profile.parts.first?.seconds ?? 0) >= 0.005)
  }

  @Test("a run with a profile names the parts of its steps, and ends with the weights of one without")
  func run() throws {
    let toy = try ToyRun()
    let (plain, profiled) = (toy.trainer(), toy.trainer())
    let profile = StepProfile(counter: WorkCounter(peak: .init(float32: 1e9, bytes: 1e9)))
    profiled.profile = profile
    for _ in 0..<toy.settings.steps { try plain.takeStep() }
    try profiled.run()
    #expect(ToyRun.digest(plain) == ToyRun.digest(profiled))
    #expect(
      profile.parts.map(\.name) == [
        "loader", "losses", "backward", "clipping", "optimizer", "average", StepProfile.besideName,
      ])
    let work = Dictionary(uniqueKeysWithValues: profile.parts.map { ($0.name, $0.work) })
    // Student and teacher forward; backward the weight's gradient of the convolution and both of the linear layer.
    let (forward, backward) = (work["losses"]?.flops ?? 0, work["backward"]?.flops ?? 0)
    #expect(forward > backward && backward > forward / 2 && work["optimizer"]?.flops == 0)
    let sum = profile.parts.reduce(0) { $0 + $1.work.bytes }
    #expect(sum == profile.operators.reduce(0) { $0 + $1.work.bytes } && sum > 0)
  }
}
