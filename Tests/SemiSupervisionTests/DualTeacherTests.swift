import Layers
import Segmentation
import Testing
import Torch

@testable import Samples
@testable import SemiSupervision
@testable import Training

/// Dual Teacher: whose turn moves whom, and the student without some of its branches.
@Suite struct DualTeacherTests {
  private func method(
    _ network: SegmentationNetwork, _ change: (inout DualTeacher.Settings) -> Void = { _ in }
  ) throws -> DualTeacher {
    var settings = DualTeacher.Settings()
    change(&settings)
    return DualTeacher(
      network, settings: settings, loss: try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu),
      optimizer: OptimizerSettings(), length: TinySegmentation.length)
  }

  private func weights(_ model: Module) -> Tensor {
    concatenate(model.namedParameters().map { $0.parameter.value.detached().flattened() }).copied()
  }

  private func takeStep(_ index: Int, of method: DualTeacher) {
    let step = TinySegmentation.step(index)
    method.trainedModels[0].optimizer.clearGradients()
    method.losses(for: TinySegmentation.batch(index, for: method.views, isLabeled: false), at: step).total.backward()
    method.trainedModels[0].optimizer.step(learningRate: 0.05)
    method.modelsDidUpdate(at: step)
  }

  @Test("only the teacher on duty moves; it becomes the student with its turn, then their mean")
  func turns() throws {
    let network = TinySegmentation.network()
    network.train()
    let method = try method(network)
    let models = method.predictors.map(\.predictor.model)
    #expect(method.predictors.map(\.name) == ["student", "teacher-1", "teacher-2"])
    let start = weights(network)
    var students: [Tensor] = []
    for index in 0..<6 {
      takeStep(index, of: method)
      students.append(weights(network))
      if index == 0 { #expect(weights(models[1]).isEqual(to: students[0])) }
      if index == 1 {
        #expect((weights(models[1]) - (students[0] + students[1]) / 2).abs().max().scalar < 1e-6)
      }
      // The second teacher's turn begins with the fifth step.
      if index == 3 { #expect(weights(models[2]).isEqual(to: start)) }
    }
    let mean = students[..<4].dropFirst().reduce(students[0]) { $0 + $1 } / 4
    #expect((weights(models[1]) - mean).abs().max().scalar < 1e-6)
    #expect((weights(models[2]) - (students[4] + students[5]) / 2).abs().max().scalar < 1e-6)
  }

  @Test("a teacher forgets by its limit, and begins anew with its next turn: written out for a limit of a half")
  func restarts() throws {
    let network = TinySegmentation.network()
    network.train()
    // 1 − 4 / 8 at four images a step.
    let method = try method(network) { ($0.memoryImages, $0.implicitWeight) = (8, 0) }
    var students: [Tensor] = []
    for index in 0..<10 {
      takeStep(index, of: method)
      students.append(weights(network))
      let teachers = method.predictors.dropFirst().map { weights($0.predictor.model) }
      if index == 7 {
        for (number, teacher) in teachers.enumerated() {
          let turn = students[4 * number..<4 * number + 4]
          let wanted = zip(turn, [0.125, 0.125, 0.25, 0.5]).map { $0 * $1 }.reduce(Tensor.zeros(students[0].shape)) {
            $0 + $1
          }
          #expect((teacher - wanted).abs().max().scalar < 1e-6)
        }
      }
      // The third turn is the first teacher's again, which has forgotten its first one.
      if index == 8 { #expect(teachers[0].isEqual(to: students[8])) }
      if index == 9 { #expect((teachers[0] - (students[8] + students[9]) / 2).abs().max().scalar < 1e-6) }
    }
  }

  @Test("where it drops branches for the sub-model alone no other pass loses any, whatever the network does by itself")
  func paper() throws {
    let batch = TinySegmentation.batch(2, isLabeled: false)
    for dropsAlways in [false, true] {
      let (network, same) = (TinySegmentation.network(.segformerB0), TinySegmentation.network(.segformerB0))
      [network, same].forEach { $0.train() }
      #expect(network.dropPath == 0.1)
      let losses = try method(network) {
        ($0.unlabeledWeight, $0.dropPath, $0.dropsAlways) = (0, 0.8, dropsAlways)
      }.losses(for: batch, at: TinySegmentation.step(0))
      same.dropPath = dropsAlways ? 0.8 : 0
      let pass = JointPass(same, batch.labeledWeak[0], [], at: TinySegmentation.step(0))
      let loss = try PixelLossSettings().makeLoss(pixels: [1, 1, 1], on: .cpu)
      let wanted = try #require(pass.terms(loss, batch.labeledWeak[0], of: same).first).value
      #expect(try #require(losses.terms.first).value.isEqual(to: wanted))
      #expect(network.dropPath == 0.1)
    }
  }

  @Test(
    "the sub-model's loss is that of the teacher's sure pixels in the view that is asked for, some branches left out",
    arguments: [SegmentationNetworkKind.fcnLight, .fcn, .segformerB0])
  func implicit(kind: SegmentationNetworkKind) throws {
    for view in DualTeacher.Settings.ImplicitView.allCases {
      let (network, same) = (TinySegmentation.network(kind), TinySegmentation.network(kind))
      let usual = network.dropPath
      network.train()
      let batch = TinySegmentation.batch(2, isLabeled: false)
      let step = TinySegmentation.step(0)
      let losses = try method(network) {
        ($0.unlabeledWeight, $0.implicitView, $0.dropPath, $0.threshold) = (0, view, 0.8, 0.4)
      }.losses(for: batch, at: step)
      let found = try #require(losses.terms.first { $0.name == "implicit_segmentation" })
      #expect(found.weight == 0.2 && network.dropPath == usual)
      let (weak, strong) = (batch.unlabeledWeak[0], batch.unlabeledStrong[0])
      same.evaluate()
      let said = withoutGradients { same(weak.images).logits.softmax(1) }
      same.train()
      same.dropPath = 0.8
      // The labelled pass has drawn on its own; running statistics play no part in training mode.
      let images = view == .weak ? weak.images : strong.images
      let logits = same(images, dropoutFrom: step.makeGenerator(7)).logits.logSoftmax(1).detached()
      let (best, classes) = said.max(1)
      var valid = try #require(weak.validity)
      if view == .strong { valid = valid .& (try #require(strong.validity)) }
      let isSure = (best .>= 0.4).to(.float32) * valid.to(.float32)
      let picked = -logits.picked(classes.unsqueezed(1), axis: 1).squeezed(1)
      let wanted = ((picked * isSure).sum() / valid.to(.float32).sum()).scalar
      #expect(abs(found.value.scalar - wanted) < 1e-4, "\(found.value.scalar), \(wanted)")
      #expect(isSure.sum().scalar > 0 && isSure.sum().scalar < valid.to(.float32).sum().scalar)
    }
  }

  @Test("the paper's numbers are a preset; a key that was set stays")
  func preset() throws {
    typealias Run = SegmentationSettings<DualTeacher.Settings>
    let paper = try Run.resolved([], assignments: ["method.preset=paper", "method.implicit_view=strong"]).method
    #expect(paper.order == .drawn && !paper.dropsAlways && paper.implicitView == .strong)
    let released = try Run.resolved([], assignments: []).method
    #expect(released.order == .alternating && released.dropsAlways && released.implicitView == .strong)
  }
}
