import Annotations
import Backbone
import Detection
import Documents
import Layers
@testable import Samples
import TestSupport
import Testing
import Torch
@testable import Training

@testable import SemiSupervision

@Suite struct SoftTeacherTests {
  private let unlabeledNames = [
    "unlabeled_classifier", "unlabeled_box_reg", "unlabeled_objectness", "unlabeled_rpn_box_reg",
  ]

  private func method(seed: UInt64 = 1, change: (inout SoftTeacher.Settings) -> Void = { _ in }) -> SoftTeacher {
    let student = TinyDetector.make(seed: seed)
    var settings = SoftTeacher.Settings()
    settings.unlabeledImages = 2
    change(&settings)
    return SoftTeacher(student, settings: settings, optimizer: OptimizerSettings(), length: TinyBatch.length)
  }

  private func teacher(of method: SoftTeacher) -> Module { method.predictors[0].predictor.model }
  private func student(of method: SoftTeacher) -> Module { method.trainedModels[0].model }

  private func batch(_ index: Int) -> SampleBatch { TinyBatch.make(index) }
  private func step(_ index: Int) -> Step { TinyBatch.step(index) }
  @discardableResult private func take(_ index: Int, of method: SoftTeacher) -> [Double] {
    TinyBatch.take(index, of: method)
  }
  private func areEqual(_ a: Module, _ b: Module) -> Bool { TinyBatch.areEqual(a, b) }

  @Test("the average is the plain mean at first and forgets later, as released at 40 images a step")
  func momentum() {
    func momentum(_ steps: Int) -> Double {
      AverageMemory.momentum(after: steps, imagesPerStep: 40, memoryImages: 40_000)
    }
    #expect([0, 1, 9, 49, 999, 5000].map(momentum) == [0, 0.5, 0.9, 0.98, 0.999, 0.999])
  }

  @Test("without the ramp the average forgets as fast from the first step on; without buffers they stay the first ones")
  func averageSettings() {
    #expect(
      AverageMemory.momentum(after: 1, imagesPerStep: 40, memoryImages: 40_000, hasRamp: false) == 0.999)
    let method = method { $0.memoryBuffers = false }
    func running(_ module: Module) -> [Tensor] {
      module.stateDict().entries.filter { $0.name.contains("running_mean") }.map { $0.tensor.detached() * 1 }
    }
    let before = running(teacher(of: method))
    take(0, of: method)
    #expect(zip(running(teacher(of: method)), before).allSatisfy { $0.isEqual(to: $1) })
    #expect(!zip(running(student(of: method)), before).allSatisfy { $0.isEqual(to: $1) })
    let weights = [teacher(of: method), student(of: method)].map { $0.namedParameters()[0].parameter.value.detached() }
    #expect((weights[0] - weights[1]).abs().max().scalar > 0)
  }

  @Test("where the student is judged, and saved as such, the teacher is saved with the method's state")
  func teacherOfJudgedStudent() throws {
    let (one, other) = (method { $0.judged = .student }, method(seed: 2) { $0.judged = .student })
    take(0, of: one)
    take(1, of: one)
    try other.restore(one.state)
    #expect(areEqual(one.predictors[1].predictor.model, other.predictors[1].predictor.model))
    #expect(method().state.tensors.entries.isEmpty)
    #expect(throws: RunError.self) { try other.restore(method().state) }
  }

  @Test("the model that the settings name is judged", arguments: JudgedModel.allCases)
  func judged(model: JudgedModel) {
    let names = method { $0.judged = model }.predictors.map(\.name)
    #expect(names.first == model.rawValue && names.count == 2)
  }

  @Test(
    "every measure of the background, filter of boxes and normalization gives finite losses that move the student",
    arguments: BackgroundMeasure.allCases, PseudoBoxes.Thresholds.BoxFilter.allCases)
  func choices(measure: BackgroundMeasure, filter: PseudoBoxes.Thresholds.BoxFilter) {
    for over in [LossNormalization.Extent.batch, .image] {
      let method = method {
        $0.background = measure
        $0.thresholds = .init(score: 0)
        $0.thresholds.boxFilter = filter
        $0.thresholds.boxUncertainty = 100
        $0.thresholds.boxScore = 0
        $0.normalization.classes = over == .image ? .objectsAndBackground : .weights
        $0.normalization.boxes = over == .image ? .objects : .regions
        $0.normalization.over = over
      }
      let losses = method.losses(for: batch(0), at: step(0))
      #expect(losses.values().allSatisfy { $0.isFinite && $0 > 0 }, "\(losses.values())")
      losses.total.backward()
      let gradients = student(of: method).namedParameters().compactMap { $0.parameter.value.gradient }
      #expect(!gradients.isEmpty && gradients.allSatisfy { $0.isFinite().isAllTrue })
      #expect((method.sheet?.found[0].uncertainty == nil) == (filter != .uncertainty))
    }
  }

  @Test("the teacher starts as the student, and after two steps is the mean of the three students so far, buffers too")
  func mean() throws {
    let method = method()
    #expect(areEqual(teacher(of: method), student(of: method)))
    var students = [student(of: method).stateDict().entries.map { $0.tensor.detached() * 1 }]
    for index in 0..<2 {
      take(index, of: method)
      students.append(student(of: method).stateDict().entries.map { $0.tensor.detached() * 1 })
    }
    for (place, entry) in teacher(of: method).stateDict().entries.enumerated()
    where entry.tensor.elementType.isFloatingPoint {
      let mean = (students[0][place] + students[1][place] + students[2][place]) / 3
      let scale = max(1, mean.abs().max().scalar)
      #expect((entry.tensor - mean).abs().max().scalar <= 1e-6 * scale, "\(entry.name)")
    }
  }

  @Test("no gradient reaches the teacher, and the unlabelled losses move the student")
  func gradients() throws {
    let method = method {
      $0.thresholds.candidateScore = 0
      $0.thresholds.proposalScore = 0
      $0.thresholds.classScore = 0
      $0.thresholds.boxUncertainty = 100
    }
    let losses = method.losses(for: batch(0), at: step(0))
    #expect(losses.terms.suffix(4).map(\.name) == unlabeledNames)
    #expect(losses.terms.suffix(4).allSatisfy { $0.weight == 4 })
    #expect(losses.values().allSatisfy { $0.isFinite && $0 >= 0 })
    for name in unlabeledNames {
      method.trainedModels[0].optimizer.clearGradients()
      let again = method.losses(for: batch(0), at: step(0))
      again.terms.first { $0.name == name }?.value.backward()
      let moved = student(of: method).namedParameters()
        .contains { $0.parameter.value.gradient.map { $0.norm().scalar > 0 } ?? false }
      #expect(moved, "\(name)")
    }
    #expect(teacher(of: method).namedParameters().allSatisfy { $0.parameter.value.gradient == nil })
    #expect(!teacher(of: method).isTraining)
  }

  @Test("where no box passes, background is still learnt and the box losses are exactly 0")
  func nothingPasses() {
    let method = method { $0.thresholds.candidateScore = 1 }
    let losses = method.losses(for: batch(0), at: step(0))
    let values = Dictionary(zip(losses.terms.map(\.name), losses.values())) { first, _ in first }
    #expect((values["unlabeled_classifier"] ?? 0) > 0 && (values["unlabeled_objectness"] ?? 0) > 0)
    #expect(values["unlabeled_box_reg"] == 0 && values["unlabeled_rpn_box_reg"] == 0)
    losses.total.backward()
    let gradients = student(of: method).namedParameters().compactMap { $0.parameter.value.gradient }
    #expect(gradients.allSatisfy { $0.isFinite().isAllTrue })
  }

  @Test("before the burn-in has ended only labels are learnt, under the same names")
  func burnIn() {
    let method = method { $0.burnInImages = 3 }
    let before = method.losses(for: batch(0), at: step(0))
    let after = method.losses(for: batch(1), at: step(1))
    #expect(before.terms.map(\.name) == after.terms.map(\.name))
    #expect(before.values().suffix(4).allSatisfy { $0 == 0 } && after.values().suffix(4).contains { $0 > 0 })
  }

  @Test("the burn-in ends before its images are seen where the judged model is good enough, and stays ended")
  func burnInByPrecision() throws {
    func learns(_ method: SoftTeacher, at index: Int) -> Bool {
      method.losses(for: batch(index), at: step(index)).values().suffix(4).contains { $0 > 0 }
    }
    func judged(_ value: Double, by method: SoftTeacher) {
      method.modelsWereJudged([("teacher", Judgement(figures: [Figure("AP", value)], json: .null))])
    }
    let method = method {
      $0.burnInImages = 30
      $0.burnInAP = .at(0.2)
    }
    #expect(!learns(method, at: 0))
    judged(0.19, by: method)
    #expect(!learns(method, at: 1) && method.sheet == nil)
    judged(0.2, by: method)
    #expect(learns(method, at: 2) && method.sheet?.found.count == 2)
    judged(0.1, by: method)
    #expect(learns(method, at: 3))
    let other = self.method { $0.burnInImages = 30 }
    #expect(!learns(other, at: 4))
    try other.restore(method.state)
    #expect(learns(other, at: 4))
  }

  @Test("strong views leave the running statistics alone, unless the settings want them counted")
  func statistics() {
    func statistics(_ change: (inout SoftTeacher.Settings) -> Void) -> [Tensor] {
      let method = method(change: change)
      _ = method.losses(for: batch(0), at: step(0))
      return student(of: method).stateDict().entries.filter { $0.name.contains("running") }.map(\.tensor)
    }
    func areEqual(_ a: [Tensor], _ b: [Tensor]) -> Bool { zip(a, b).allSatisfy { $0.isEqual(to: $1) } }
    let labeledAlone = statistics { $0.burnInImages = 100 }
    #expect(!labeledAlone.isEmpty && areEqual(statistics { _ in }, labeledAlone))
    #expect(!areEqual(statistics { $0.countsStrongViews = true }, labeledAlone))
  }

  @Test("a teacher that forgets at once equals the student, and it is said")
  func warns() {
    let method = method {
      $0.memoryImages = 1
      $0.thresholds.candidateScore = 1
    }
    var said: [String] = []
    for index in 0..<100 where said.isEmpty {
      said = method.losses(for: batch(index % 3), at: step(index)).warnings
      method.modelsDidUpdate(at: step(index))
    }
    #expect(said.count == 2 && said[0].hasPrefix("no pseudo-box has passed in 200 unlabelled images"))
    #expect(said.last?.hasPrefix("the teacher equals the student") == true)
  }

  @Test("a student whose weights are no numbers any more has losses that are none, and ends no program")
  func notANumber() {
    let method = method()
    method.trainedModels[0].optimizer.parameters[0].parameter.value.detached().fillInPlace(.nan)
    let values = method.losses(for: batch(0), at: step(0)).values()
    #expect(values.contains { $0.isNaN })
  }

  @Test("what is saved and restored takes the same next step, teacher and student")
  func restored() throws {
    let (one, other) = (method(), method(seed: 2))
    for index in 0..<2 { take(index, of: one) }
    try student(of: other).load(student(of: one).stateDict(), source: "memory")
    try teacher(of: other).load(teacher(of: one).stateDict(), source: "memory")
    try other.trainedModels[0].optimizer.restore(one.trainedModels[0].optimizer.state)
    try other.restore(one.state)
    #expect(take(2, of: one) == take(2, of: other))
    #expect(areEqual(student(of: one), student(of: other)) && areEqual(teacher(of: one), teacher(of: other)))
  }
}
