// A student, and a teacher that is its average: what every method with these two does alike.
//
// Labelled images are learnt as ever. Of unlabelled images the teacher looks at a weak view; what it finds with a high score
// are pseudo-boxes, carried to a strong view of the same image, which the student learns. How it learns them is the method's.
//
// Source: Mean Teacher (Tarvainen and Valpola, 2017) for the average; Soft Teacher (Xu et al., ICCV 2021), section 3.1, for
// the end-to-end training of a detector with it.

import Detection
import Documents
import Layers
import Samples
import Torch
import Training

/// What the teacher says about the unlabelled images of a step.
struct Teaching {
  /// What the teacher saw.
  let weak: ViewBatch
  /// What the student is to see.
  let strong: ViewBatch
  /// The teacher's pyramid of the weak views.
  let features: [Tensor]
  /// The candidates of each image.
  let found: [PseudoBoxes]
  /// What lets candidates through to a loss.
  let filters: PseudoBoxFilters
  /// Where the step's time is measured, and what it draws comes from.
  let step: Step

  /// The candidates that pass the filter of a loss, in pixels of the strong views.
  func targets(_ purpose: PseudoBoxes.Purpose) -> [DetectionTarget] {
    step.part("pseudo-boxes") {
      zip(found, zip(weak.views, strong.views)).map { boxes, views in
        boxes.targets(for: purpose, filters, from: views.0, to: views.1)
      }
    }
  }

  /// What chooses anchors and regions of the unlabelled images.
  var sampler: BalancedSampler { BalancedSampler(generator: step.makeGenerator(1)) }
}

/// The two models of a method, with what is remembered between steps.
public final class TeacherStudent<Settings: TeacherSettings> {
  /// The model that is trained.
  let student: FasterRCNN
  /// Its average.
  let average: AveragedModel<FasterRCNN>
  /// The student with its optimizer.
  let trainedModels: [TrainedModel]
  let settings: Settings
  private let norms: [BatchNorm]
  private var burnIn: BurnIn
  private var watch = PseudoLabelWatch()
  private var adaptive: AdaptiveThresholds?
  /// What the last step's teacher passed on; nil while unlabelled images are not learnt from.
  private(set) var taught: TaughtStep?

  /// The average as a detector.
  var teacher: FasterRCNN { average.model }

  /// A teacher that starts as a copy of `student`.
  init(_ student: FasterRCNN, settings: Settings, optimizer: OptimizerSettings, length: RunLength) {
    self.student = student
    self.settings = settings
    norms = settings.countsStrongViews ? [] : student.trainedNorms()
    average = AveragedModel(
      of: student, memoryImages: length.images(settings.memoryImages), hasRamp: settings.memoryRamp,
      hasBuffers: settings.memoryBuffers)
    trainedModels = [optimizer.trained("student", student, for: length)]
    burnIn = BurnIn(images: length.images(settings.burnInImages), endingAtAP: settings.burnInAP.value)
    if settings.thresholds.policy == .adaptive {
      adaptive = AdaptiveThresholds(settings.thresholds.adaptive, classCount: student.classCount)
    }
  }

  /// The judged model first.
  var predictors: [(name: String, predictor: any Predictor)] {
    let both: [(name: String, predictor: any Predictor)] = [("teacher", teacher), ("student", student)]
    return settings.judged == .teacher ? both : both.reversed()
  }

  /// Whether a step learns labels alone.
  func isBurningIn(at step: Step) -> Bool { burnIn.isOn(at: step) }

  /// The losses of a step: those of the labelled images, and those of the unlabelled ones times their weight.
  ///
  /// - Parameter learn: The losses of the unlabelled images, from the strong views and what the teacher says.
  func losses(for batch: SampleBatch, at step: Step, learn: (Teaching) -> DetectorLosses) -> Losses {
    taught = nil
    var losses = Losses()
    let labeled = step.part("student, labelled") {
      student.labeledLosses(batch, strongViews: settings.labeledStrongViews, at: step)
    }
    for (name, value) in labeled.named() { losses.add(name, value) }
    if isBurningIn(at: step) {
      // The same names in every step, so that the columns of the log do not change.
      add(.zero(like: batch.unlabeledWeak[0].images), to: &losses)
      report([], PseudoBoxFilters(settings.thresholds), to: &losses)
    } else {
      let (teaching, detections) = teach(batch.unlabeledWeak[0], batch.unlabeledStrong[0], at: step)
      let values = step.part("student, unlabelled") {
        norms.forEach { $0.keepsStatistics = true }
        defer { norms.forEach { $0.keepsStatistics = false } }
        return learn(teaching)
      }
      add(values, to: &losses)
      look(at: teaching, detections, values: values, losses: &losses)
      taught = TaughtStep(
        weak: teaching.weak, strong: teaching.strong, detections: detections, found: teaching.found,
        filters: teaching.filters)
    }
    return losses
  }

  private func add(_ values: DetectorLosses, to losses: inout Losses) {
    for (name, value) in values.named("unlabeled") { losses.add(name, value, weight: settings.unlabeledWeight) }
  }

  /// Lets the teacher look at the weak views.
  ///
  /// - Returns: What it says, and all that it found.
  private func teach(_ weak: ViewBatch, _ strong: ViewBatch, at step: Step) -> (Teaching, [Detections]) {
    let images = ImageBatch(weak)
    let (features, detections) = withoutGradients {
      step.part("teacher") {
        let features = teacher.features(images)
        return (
          features,
          teacher.detections(features, images: images, limits: settings.teacherProposals.limits(teacher.settings))
        )
      }
    }
    let thresholds = settings.thresholds
    adaptive?.observe(detections)
    let found = step.part("pseudo-boxes") {
      PseudoBoxes.candidates(
        of: detections, above: thresholds.leastScore, teacher: teacher.roiHeads, features: features, images: images,
        jitter: thresholds.boxFilter == .uncertainty ? settings.jitterForFilter : nil, using: step.makeGenerator(2))
    }
    let teaching = Teaching(
      weak: weak, strong: strong, features: features, found: found,
      filters: PseudoBoxFilters(thresholds, classScores: adaptive?.classScores), step: step)
    return (teaching, detections)
  }

  private func look(
    at teaching: Teaching, _ detections: [Detections], values: DetectorLosses, losses: inout Losses
  ) {
    let passed = report(teaching.found, teaching.filters, to: &losses)
    let lines = watch.look(
      images: teaching.found.count, passed: passed,
      best: { detections.map { $0.count == 0 ? 0 : $0.scores.max().scalar }.max() ?? 0 },
      threshold: settings.thresholds.classScore,
      lossIsZero: settings.unlabeledWeight == 0
        || stack(values.named().map { $0.value.detached() }).abs().sum().scalar == 0,
      teacherEqualsStudent: { average.equalsSource })
    lines.forEach { losses.warn($0) }
  }

  /// Candidates an image, and how many of them pass the filter of each loss.
  ///
  /// - Returns: How many of all images pass the class filter.
  @discardableResult private func report(
    _ found: [PseudoBoxes], _ filters: PseudoBoxFilters, to losses: inout Losses
  ) -> Int {
    func mean(_ count: Int) -> Double { Double(count) / Double(max(1, found.count)) }
    losses.report("pseudo.candidates", mean(found.reduce(0) { $0 + $1.count }))
    var passed: [PseudoBoxes.Purpose: Int] = [:]
    for purpose in PseudoBoxes.Purpose.allCases {
      let count = found.reduce(0) { $0 + $1.count(passing: purpose, filters) }
      losses.report("pseudo.\(purpose)", mean(count))
      passed[purpose] = count
    }
    if let adaptive {
      let scores = adaptive.classScores.map { min($0, settings.thresholds.classScore) }
      losses.report("pseudo.least_threshold", scores.min() ?? 0)
      losses.report("pseudo.greatest_threshold", scores.max() ?? 0)
    }
    return passed[.classes] ?? 0
  }

  /// Ends the burn-in where the judged model is as good as it is to become.
  func modelsWereJudged(_ judgements: [(name: String, judgement: Judgement)]) {
    burnIn.modelWasJudged(judgements.first?.judgement)
  }

  /// Whether the burn-in has ended, what the watch has seen, the scores behind adaptive thresholds, and the teacher, unless it
  /// is judged and saved as such.
  var state: MethodState {
    var values = JSONObject([("burnInHasEnded", burnIn.state), ("watch", watch.state)])
    if let adaptive { values["scores"] = adaptive.state }
    let isSaved = settings.judged == .teacher
    return MethodState(tensors: isSaved ? StateDict([]) : teacher.stateDict().addingPrefix("teacher."), values: values)
  }

  /// Goes on from a saved state.
  func restore(_ state: MethodState) throws {
    guard burnIn.restore(state.values["burnInHasEnded"]) else {
      throw RunError.data("the state of method '\(settings.name)' does not say whether the burn-in has ended")
    }
    watch = PseudoLabelWatch(state.values["watch"])
    if settings.judged == .student {
      do {
        try teacher.load(state.tensors.removingPrefix("teacher."), source: "the teacher of method '\(settings.name)'")
      } catch {
        throw RunError.data("the state of method '\(settings.name)' has no teacher: \(error.report.summary)")
      }
    }
    guard adaptive?.restore(state.values["scores"] ?? .null) ?? true else {
      throw RunError.data("the state of method '\(settings.name)' has no scores of these classes for its thresholds")
    }
  }
}
