// Dual Teacher: two teachers take turns, each an average of the student that begins anew with its turn and goes with a mix of its own.
//
// The idea: a single average of the weights soon says what the student says. Here one of two teachers is on duty for a turn; with the turn the
// strong augmentation changes too (CutMix or ClassMix), so that the student learns different things of different teachers. Beside it
// the student without some of its residual branches (stochastic depth) is to agree with the whole teacher: implicit consistency.
//
// Source: Switching Temporary Teachers (Na et al., NeurIPS 2023), section 3, and the released code's behaviour (ADE20K, SegFormer B1): turns are
// epochs of the labelled images; the teacher on duty follows at every step, by min(1 − 1/(i + 1), 0.99) with i from the turn's
// beginning, so that it is the student at first; an image's mixed pixels count as much as its share of pixels above 0.95.
//
// Differences from the source:
// - Strong views are drawn before they are mixed, by `views.strong_augmentation` with ST's numbers, cutout among them; the release changes mixed
//   images, by jitter, blur and a flip with numbers of each turn, and cuts nothing out.
// - Preset `released`, the default since its authors' tables come from that code, alternates the two mixes, gives the sub-model strong views and
//   drops branches in all passes; `paper` draws the mix at random, never the same twice, gives the sub-model weak views, and drops branches for
//   it alone, also where the network drops some by itself (SegFormer). Both average buffers too, with teachers in evaluation mode; the
//   release averages parameters alone and leaves its teachers in training mode.
// - The confidence is mixed as the labels are, and pixels without an image are left out by the unlabelled images' own masks: slips there.
// - A batch is weighed image by image in turns of ClassMix, too; there by one number.
// - A turn is a number of images (0: one pass over the labelled ones), as an epoch of few labelled images is too short to teach anything.

import Layers
import Samples
import Segmentation
import Torch
import Training

/// Trains a segmenter on labelled images, and on what teachers that take turns say about the others.
public final class DualTeacher: TrainingMethod, PixelLessonMethod {
  /// `dual-teacher`.
  public static let name = "dual-teacher"

  /// What is set.
  public let settings: Settings
  /// Which pixels are learnt.
  public let lessons: PixelLessons
  /// The student with its optimizer.
  public let trainedModels: [TrainedModel]
  private let student: SegmentationNetwork
  private let teachers: [AveragedModel<SegmentationNetwork>]
  private let turns: TeacherTurns
  private let loss: PixelLoss

  /// A method that trains `network`; its teachers start as copies.
  public init(
    _ network: SegmentationNetwork, settings: Settings, loss: PixelLoss, optimizer: OptimizerSettings,
    length: RunLength
  ) {
    self.settings = settings
    self.loss = loss
    student = network
    turns = TeacherTurns(
      images: length.images(settings.turnImages), teachers: settings.teachers, mixes: settings.pool.mixes,
      isDrawn: settings.order == .drawn)
    teachers = (0..<settings.teachers).map { _ in
      AveragedModel(of: network, memoryImages: length.images(settings.memoryImages))
    }
    lessons = PixelLessons(
      .init(
        threshold: settings.threshold, policy: settings.thresholdPolicy, weighting: settings.weighting,
        isBalanced: settings.balancesPseudoLabels, unlabeledWeight: settings.unlabeledWeight), loss: loss,
      classCount: network.classCount, length: length)
    trainedModels = [optimizer.trained("student", network, for: length)]
  }

  /// What the settings say.
  public var views: ViewRequest { settings.views }
  /// The student, which is judged, and the teachers.
  public var predictors: [(name: String, predictor: any Predictor)] {
    [("student", student)] + teachers.enumerated().map { ("teacher-\($0 + 1)", $1.model) }
  }

  /// The labelled loss, that of mixed images, and that of the sub-model. U unlabelled images.
  public func losses(for batch: SampleBatch, at step: Step) -> Losses {
    lessons.begin()
    let labeled = batch.labeledWeak[0]
    let turn = turns.turn(at: step)
    let usual = student.dropPath
    student.dropPath = settings.dropsAlways ? settings.dropPath : 0
    defer { student.dropPath = usual }
    var losses = Losses()
    guard settings.unlabeledWeight > 0 || settings.implicitWeight > 0 else {
      losses.add(JointPass(student, labeled, [], at: step).terms(loss, labeled, of: student))
      return losses
    }
    let (weak, strong) = (batch.unlabeledWeak[0], batch.unlabeledStrong[0])
    let teacher = teachers[turn.teacher]
    let said = lessons.labels(of: withoutGradients { teacher.model(weak.images).logits }, weak, at: step)
    var generator = step.makeHostGenerator(2)
    let visible = said.carried(from: weak, to: strong)
    let mix: PixelMix =
      switch turn.mix {
      case .cutMix: CutMix(of: strong, settings.cutMix, using: &generator).mix(on: strong.images.device)
      case .classMix:
        ClassMix.mix(
          of: visible.labels, identities: weak.views.map(\.image), classCount: student.classCount, using: &generator)
      }
    let (mixed, learnt) = (strong.showing(mix.mixed(strong.images)), visible.mixed(by: mix))
    let pass = JointPass(student, labeled, settings.unlabeledWeight > 0 ? [mixed.images] : [], at: step)
    losses.add(pass.terms(loss, labeled, of: student))
    if let logits = pass.others {
      let value = lessons.loss(logits, learnt)
      losses.add("unlabeled_segmentation", value, weight: settings.unlabeledWeight)
      lessons.look(
        said, weak, strong: mixed, logits: logits, learnt: learnt, value: value, losses: &losses,
        // A turn begins with the student, so that is asked only later.
        teacherEqualsStudent: { turn.index > 0 && teacher.equalsSource })
    }
    if settings.implicitWeight > 0 {
      student.dropPath = settings.dropPath
      let view = settings.implicitView == .weak ? weak : strong
      let logits = student(view.images, dropoutFrom: step.makeGenerator(7)).logits
      losses.add(
        "implicit_segmentation", lessons.loss(logits, said.carried(from: weak, to: view), weighting: .pixels),
        weight: settings.implicitWeight)
    }
    losses.report("teacher", Double(turn.teacher + 1))
    return losses
  }

  /// Moves the teacher on duty.
  public func modelsDidUpdate(at step: Step) {
    let turn = turns.turn(at: step)
    teachers[turn.teacher].update(
      after: settings.restarts ? turn.index : step.index + 1, imagesPerStep: step.imagesPerStep)
  }

  /// The teachers, and what pixels were like.
  public var state: MethodState {
    let lessons = lessons.state
    let saved = teachers.enumerated().flatMap { $1.model.stateDict().addingPrefix("teacher-\($0 + 1).").entries }
    return MethodState(tensors: StateDict(saved + lessons.tensors.entries), values: lessons.values)
  }

  /// Goes on from a saved state.
  public func restore(_ state: MethodState) throws {
    for (number, teacher) in teachers.enumerated() {
      let name = "teacher-\(number + 1)"
      do {
        try teacher.model.load(
          state.tensors.removingPrefix(name + "."), source: "\(name) of method '\(Self.name)'")
      } catch {
        throw RunError.data("the state of method '\(Self.name)' has no \(name): \(error.report.summary)")
      }
    }
    try lessons.restore(state, method: Self.name)
  }
}
