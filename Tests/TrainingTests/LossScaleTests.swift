import Documents
import Reporting
import TestSupport
import Testing
import Torch

@testable import Training

@Suite(.serialized) struct LossScaleTests {
  init() { Engine.threadCount = 1 }

  @Test("doubles after 2000 steps without overflow, halves at one, and does not fall below 1")
  func rule() {
    var scale = LossScale(4)
    for _ in 0..<1999 { scale.hold() }
    #expect(scale.value == 4)
    scale.hold()
    #expect(scale.value == 8)
    for _ in 0..<1999 { scale.hold() }
    #expect(scale.back() && scale.value == 4)
    // Counting begins anew.
    for _ in 0..<1999 { scale.hold() }
    #expect(scale.value == 4)
    #expect(scale.back() && scale.back() && scale.value == 1)
    #expect(!scale.back() && scale.value == 1)
    #expect(LossScale(scale.state) == scale && LossScale(nil) == nil && LossScale(["value": JSON(0.5)]) == nil)
  }

  @Test("changes no bit where gradients have exponents enough", arguments: OptimizerSettings.Algorithm.allCases)
  func exact(algorithm: OptimizerSettings.Algorithm) throws {
    var toy = try ToyRun()
    toy.optimizer.algorithm = algorithm
    let (plain, scaled) = (toy.trainer(), toy.trainer(lossScale: LossScale()))
    for _ in 0..<10 {
      let (one, other) = (try plain.takeStep(), try scaled.takeStep())
      #expect(one.gradientNorms == other.gradientNorms && one.total == other.total)
    }
    #expect(ToyRun.digest(plain) == ToyRun.digest(scaled))
  }

  @Test("a step that overflows moves nothing and halves the scale; a resumed run goes on with the scale it had")
  func overflow() throws {
    let toy = try ToyRun()
    let largest = 0x1p127  // in float32 a gradient of 2 overflows
    let trainer = toy.trainer(lossScale: LossScale(largest))
    // What batch norm remembers changes with every batch; what is trained does not.
    let before = trainer.method.student.namedParameters().map(\.parameter.value.floats)
    let report = try trainer.takeStep()
    #expect(
      report.skip?.terms == ["gradient of 'student' at a loss scale of \(NumberText.short(largest)), which is halved"])
    #expect(trainer.method.student.namedParameters().map(\.parameter.value.floats) == before)
    #expect(trainer.lossScale?.value == largest / 2)
    while try trainer.takeStep().skip != nil {}
    // Such steps are counted, but are no sign of a run that goes nowhere.
    #expect(trainer.skippedSteps == trainer.stepsDone - 1)
    let checkpoints = Checkpoints(run: try toy.runFolder())
    try checkpoints.saveLast(trainer.snapshot())
    let resumed = toy.trainer(lossScale: LossScale())
    try resumed.restore(checkpoints.loadLast())
    #expect(resumed.lossScale == trainer.lossScale && resumed.lossScale != LossScale())
    for _ in 0..<3 { _ = (try trainer.takeStep(), try resumed.takeStep()) }
    #expect(ToyRun.digest(trainer) == ToyRun.digest(resumed))
  }

  @Test("float16 alone asks for a scale, and is refused on a CPU")
  func precisions() {
    #expect([Precision.float32, .bfloat16].allSatisfy { $0.lossScale == nil } && Precision.float16.lossScale != nil)
    #expect(Precision.float16.computeType == .float16)
    #expect(
      errorMessage { _ = try Precision.float16.resolved(on: .cpu) }
        == "precision float16: for GPUs, cpu would be slower; float32, bfloat16 or auto is wanted")
  }
}
