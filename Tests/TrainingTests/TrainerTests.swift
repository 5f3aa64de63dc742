import Documents
import Layers
import Reporting
import Samples
import TestSupport
import Testing
import Torch

@testable import Training

@Suite(.serialized) struct TrainerTests {
  init() { Engine.threadCount = 1 }

  @Test("the loss falls, and the same seed gives the same weights for any number of workers")
  func learns() throws {
    var toy = try ToyRun()
    toy.settings.steps = 60
    let trainer = toy.trainer()
    var totals: [Double] = []
    for _ in 0..<60 { totals.append(try trainer.takeStep().total) }
    let early: Double = totals.prefix(10).reduce(0, +)
    let late: Double = totals.suffix(10).reduce(0, +)
    #expect(late < 0.7 * early)
    let other = toy.trainer(workers: 0)
    for _ in 0..<60 { try other.takeStep() }
    #expect(ToyRun.digest(trainer) == ToyRun.digest(other))
    let reseeded = toy.trainer(seed: 4)
    for _ in 0..<60 { try reseeded.takeStep() }
    #expect(ToyRun.digest(trainer) != ToyRun.digest(reseeded))
  }

  @Test(
    "20 steps equal 10, a save, everything built anew, and 10 more, to the bit and in the middle of an epoch",
    arguments: OptimizerSettings.Algorithm.allCases)
  func resume(algorithm: OptimizerSettings.Algorithm) throws {
    var toy = try ToyRun()
    toy.optimizer.algorithm = algorithm
    let whole = toy.trainer()
    for _ in 0..<20 { try whole.takeStep() }

    let first = toy.trainer()
    for _ in 0..<10 { try first.takeStep() }
    #expect(10 % first.source.stepsPerEpoch != 0)
    let checkpoints = Checkpoints(run: try toy.runFolder("run-\(algorithm)"))
    try checkpoints.saveLast(first.snapshot())
    for _ in 0..<3 { try first.takeStep() }  // steps that are lost

    let second = toy.trainer(workers: 1)
    try second.restore(checkpoints.loadLast())
    #expect(second.stepsDone == 10)
    var reports: [StepReport] = []
    for _ in 0..<10 { reports.append(try second.takeStep()) }
    #expect(ToyRun.digest(second) == ToyRun.digest(whole))
    #expect(second.method.epochsBegun == whole.method.epochsBegun)
    #expect(second.isComplete && reports.last?.step.index == 19)
  }

  @Test("a step whose loss is not finite moves nothing, is counted with its images, and the next goes on")
  func notFinite() throws {
    let toy = try ToyRun()
    let trainer = toy.trainer()
    trainer.method.brokenSteps = [1]
    try trainer.takeStep()
    let before = ToyRun.digest(trainer)
    let report = try trainer.takeStep()
    #expect(report.skip?.terms == ["loss 'class'"])
    #expect(report.skip?.images.count == 3)
    #expect(trainer.skippedSteps == 1 && trainer.stepsDone == 2)
    // The running means of batch normalization have seen the batch; parameters have not moved.
    let parameters = trainer.method.student.namedParameters().map(\.parameter.value.floats)
    #expect(before != "" && parameters.allSatisfy { $0.allSatisfy(\.isFinite) })
    #expect(try trainer.takeStep().skip == nil)
  }

  @Test("batch statistics that are not finite end the run, since they would spoil every later step")
  func diverged() throws {
    let toy = try ToyRun()
    let trainer = toy.trainer()
    try trainer.takeStep()
    trainer.method.student.norm.runningMean.value.fillInPlace(.nan)
    trainer.method.brokenSteps = [1]
    #expect(
      errorMessage { try trainer.takeStep() }
        == "step 1: 'student.norm.running_mean' is no longer finite (images: 0.png, 1.png, 3.png), the run cannot go "
        + "on; start it again with a lower learning rate")
  }

  @Test("too many such steps in a row end the run with their names, also across a resume")
  func notFiniteLimit() throws {
    var toy = try ToyRun()
    toy.settings.notFiniteLimit = 4
    let first = toy.trainer()
    first.method.brokenSteps = Set(2..<20)
    for _ in 0..<4 { try first.takeStep() }
    let checkpoints = Checkpoints(run: try toy.runFolder())
    try checkpoints.saveLast(first.snapshot())
    let second = toy.trainer()
    second.method.brokenSteps = Set(2..<20)
    try second.restore(checkpoints.loadLast())
    let message = errorMessage { try second.run() }
    #expect(message?.hasPrefix("step 5: loss 'class' not finite for the 4th time in a row (images: ") == true)
    #expect(second.stepsDone == 6)
  }

  @Test("a gradient norm limit scales the step, and the report has the norm before")
  func clipping() throws {
    var toy = try ToyRun()
    toy.settings.gradientClip = .at(1e-6)
    toy.optimizer.warmupImages = 0
    toy.optimizer.weightDecay = 0
    let trainer = toy.trainer()
    let before = trainer.method.student.namedParameters().map(\.parameter.value.floats)
    let report = try trainer.takeStep()
    #expect(report.gradientNorms[0].value > 1e-3)
    let after = trainer.method.student.namedParameters().map(\.parameter.value.floats)
    let moved = zip(before, after).flatMap { zip($0, $1).map { abs($0 - $1) } }.max() ?? 1
    #expect(moved > 0 && moved <= 1e-6 * 0.05 * 1.01)
  }

  @Test("a run reports, evaluates, saves and stops when asked; the next part continues in the same files")
  func wholeRun() throws {
    let toy = try ToyRun()
    let run = try toy.runFolder()
    let silent = Console(descriptor: -1)
    func go(_ trainer: Trainer<ToyMethod, SampleStream>, resumedAt: Int?, stopAt: Int) throws -> EvaluationObserver {
      let columns = EvaluationObserver.columns(trainer.predictors, judge: ToyJudge())
      let reporter = RunReporter(run: run, every: 5, judgedColumns: columns, resumedAt: resumedAt, console: silent)
      let checkpoints = Checkpoints(run: run, metadata: ["classes": "[\"a\"]"])
      let evaluation = EvaluationObserver(ToyJudge(), every: 4, checkpoints: checkpoints, reporter: reporter)
      trainer.observers = [
        reporter, evaluation, CheckpointObserver(checkpoints, every: 100) { reporter.flush() },
      ]
      trainer.isStopRequested = { trainer.stepsDone >= stopAt }
      try trainer.run()
      return evaluation
    }
    let first = toy.trainer()
    _ = try go(first, resumedAt: nil, stopAt: 13)
    #expect(first.stepsDone == 13)
    #expect(
      try Folder.names(in: run.checkpoints) == [
        "best-student.safetensors", "best.safetensors", "last.safetensors", "resume-13.safetensors",
      ])
    let second = toy.trainer()
    try second.restore(Checkpoints(run: run).loadLast())
    let evaluation = try go(second, resumedAt: 13, stopAt: 1000)
    #expect(second.isComplete)
    #expect(evaluation.results.map(\.step) == [16, 20])
    let whole = toy.trainer()
    for _ in 0..<20 { try whole.takeStep() }
    #expect(ToyRun.digest(second) == ToyRun.digest(whole))

    let history = try MetricHistory(folder: run.path)
    #expect(history.points("loss").map(\.x) == [5, 10, 13, 15, 20])
    #expect(history.points("validation.teacher.size").map(\.x) == [4, 8, 12, 16, 20])
    #expect(evaluation.bests.map(\.name) == ["teacher", "student"])
    let best = try #require(evaluation.bests.first)
    let sizes = history.points("validation.teacher.size").map(\.y)
    #expect(abs(best.value - (sizes.max() ?? 0)) < 1e-12)
    let weights = try SafetensorsFile.read(run.bestCheckpoint)
    #expect(weights.metadata["selected_by"] == "validation.teacher.size" && weights.metadata["classes"] == "[\"a\"]")
    let net = ToyNet(seed: 9)
    #expect(try Checkpoints(run: run).loadSelected(into: net) == run.bestCheckpoint)
    #expect(abs(net.first.weight.value.norm().scalar - best.value) < 1e-12)
  }

  /// Judges by figures given beforehand, in the order of the evaluations and of the predictors in them.
  private final class ListedJudge: Judge {
    let selectedBy = "AP"
    let figureNames = ["AP"]
    var values: [Double]
    init(_ values: [Double]) { self.values = values }
    func judge(_ predictor: any Predictor) throws -> Judgement {
      let value = values.removeFirst()
      return Judgement(figures: [Figure("AP", value)], json: ["AP": JSON(value)])
    }
  }

  @Test("the best weights of each model are kept by its own figure, also across a resume")
  func bestOfEach() throws {
    let toy = try ToyRun()
    let run = try toy.runFolder()
    let checkpoints = Checkpoints(run: run)
    func go(_ trainer: Trainer<ToyMethod, SampleStream>, _ values: [Double], stopAt: Int) throws -> EvaluationObserver {
      let evaluation = EvaluationObserver(ListedJudge(values), every: 4, checkpoints: checkpoints, reporter: nil)
      trainer.observers = [evaluation, CheckpointObserver(checkpoints, every: 100)]
      trainer.isStopRequested = { trainer.stepsDone >= stopAt }
      try trainer.run()
      return evaluation
    }
    // Teacher, student; after steps 4, 8, then 12, 16, 20.
    let first = toy.trainer()
    _ = try go(first, [0.2, 0.5, 0.3, 0.4], stopAt: 8)
    let second = toy.trainer()
    try second.restore(checkpoints.loadLast())
    let evaluation = try go(second, [0.1, 0.45, 0.6, 0.2, 0.6, 0.5], stopAt: 20)
    #expect(evaluation.bests.map(\.name) == ["teacher", "student"])
    #expect(evaluation.bests.map(\.step) == [16, 4] && evaluation.bests.map(\.value) == [0.6, 0.5])
    #expect(evaluation.bests[1].figures == ["teacher": ["AP": 0.2], "student": ["AP": 0.5]])

    let whole = toy.trainer()
    for _ in 0..<4 { try whole.takeStep() }
    let student = try SafetensorsFile.read(run.bestCheckpoint(ofOther: "student"))
    #expect(student.metadata["predictor"] == "student" && student.metadata["step"] == "4")
    #expect(student.metadata["selected_by"] == "validation.student.AP")
    func norm(_ weights: StoredWeights) throws -> Double {
      let net = ToyNet(seed: 9)
      try net.load(StateDict(weights), source: "file")
      return net.first.weight.value.norm().scalar
    }
    #expect(try norm(student) == whole.method.student.first.weight.value.norm().scalar)
    let best = try SafetensorsFile.read(run.bestCheckpoint)
    #expect(best.metadata["predictor"] == "teacher" && best.metadata["step"] == "16")
  }

  @Test("bad images are listed in skipped.json and the run goes on")
  func skippedImages() throws {
    let toy = try ToyRun()
    var images = toy.pool.images
    images[2].path += ".gone"
    let run = try toy.runFolder()
    let trainer = toy.trainer(pool: ImagePool(name: "labeled", images: images))
    trainer.observers = [RunReporter(run: run, every: 5, console: Console(descriptor: -1))]
    try trainer.run()
    #expect(trainer.isComplete)
    let file = try MappedFile(path: run.skippedFile)
    let list = try file.withBytes { try JSON(parsing: $0, file: run.skippedFile) }
    #expect(list.array?.count == 1)
    #expect(list.array?.first?["image"]?.string == images[2].path)
  }

  @Test("a dry run does everything once and says so")
  func dryRun() throws {
    let toy = try ToyRun()
    let lines = try DryRun.perform(in: toy.runFolder(), judge: ToyJudge()) { toy.trainer() }
    #expect(lines[0] == "method toy, seed 3")
    #expect(lines[1] == "20 steps of 3 images: 60 images, 6.667 epochs of 3 steps")
    #expect(lines.contains { $0.hasPrefix("one step: class ") })
    #expect(lines.contains { $0.hasPrefix("one evaluation of teacher: size ") })
    #expect(lines.last == "one resume: the weights came back equal, and the next step ran")
  }
}
