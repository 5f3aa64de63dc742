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
      let step = TinySegmentation.step(index)
      method.trainedModels[0].optimizer.clearGradients()
      method.losses(for: TinySegmentation.batch(index, for: method.views, isLabeled: false), at: step).total.backward()
      method.trainedModels[0].optimizer.step(learningRate: 0.05)
      method.modelsDidUpdate(at: step)
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

  @Test(
    "the sub-model's loss is that of the teacher's sure pixels in the view that is asked for, some branches left out")
  func implicit() throws {
    for view in DualTeacher.Settings.ImplicitView.allCases {
      let (network, same) = (TinySegmentation.network(), TinySegmentation.network())
      network.train()
      let batch = TinySegmentation.batch(2, isLabeled: false)
      let step = TinySegmentation.step(0)
      let losses = try method(network) {
        ($0.unlabeledWeight, $0.implicitView, $0.dropPath, $0.threshold) = (0, view, 0.8, 0.4)
      }.losses(for: batch, at: step)
      let found = try #require(losses.terms.first { $0.name == "implicit_segmentation" })
      #expect(found.weight == 0.2 && network.dropPath == 0)
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
