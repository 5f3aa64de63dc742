import Documents
import Reporting
import Samples
import Training

/// What a run is going to do, in words: what `--explain` shows above the settings.
struct DetectionPlan<Method: DetectionMethodSettings> {
  private let settings: DetectionSettings<Method>
  private let length: RunLength

  init(_ settings: DetectionSettings<Method>) {
    self.settings = settings
    length = settings.length
  }

  /// A sentence a line, without the end of one.
  var lines: [String] {
    [data, steps] + settings.method.plan(for: length) + [weakViews, strongViews, rate, judging].compactMap { $0 }
  }

  private var data: String {
    let run = settings.run
    let sources = [
      ("labelled", run.labeled), ("unlabelled", run.unlabeled), ("validation", run.validation), ("test", run.test),
      ("audit", run.audit),
    ]
    let named = sources.filter { $0.1.isGiven }.map { name, source in
      "\(name) \(source.source)" + (source.list.isEmpty ? "" : " (list \(source.list))")
    }
    return "data: " + (named.isEmpty ? "none is named" : named.joined(separator: "; "))
  }

  private var steps: String {
    let images = settings.method.stepImages
    let seen = length.steps * length.imagesPerStep
    let scale = NumberText.short(length.timeScale)
    return "length: \(length.steps) steps of \(images) see \(seen) images"
      + (settings.trainer.accumulation == 1
        ? "" : ", \(settings.trainer.accumulation) micro-batches of \(settings.microBatch) a step")
      + (length.timeScale == 1 ? "" : "; times of the recipe, in images, are taken \(scale) times")
  }

  private var weakViews: String {
    let views = settings.views
    let teacher = max(views.shortSideFrom, views.teacherShortSideFrom)
    let larger = teacher > views.shortSideFrom && readsUnlabeled ? " (unlabelled from \(teacher))" : ""
    let color =
      views.labeledColor == .always || (views.labeledColor == .asMethod && readsUnlabeled)
      ? "; labelled ones get one of nine colour operations" : ""
    return "weak views: shorter side \(views.shortSideFrom) to \(views.shortSideTo)\(larger), longer side at most "
      + "\(views.longSide), mirrored \(share(views.mirrorProbability))" + color
  }

  private var strongViews: String? {
    let views = settings.method.views
    guard views.labeled.strong + views.unlabeled.strong > 0 else { return nil }
    let strong = settings.views.strongAugmentation
    return "strong views: " + (settings.views.sharesGeometry ? "the weak view of the image, changed further: " : "")
      + strongParts(strong)
  }

  /// What is drawn for a strong view beside its size and mirroring, in its order; what never happens is left out.
  private func strongParts(_ strong: StrongAugmentationSettings) -> String {
    func inTenths(_ isRounded: Bool) -> String { isRounded ? " in tenths" : "" }
    let (jitter, blur) = (strong.jitter, strong.blur)
    let changes = [jitter.brightness, jitter.contrast, jitter.saturation, jitter.hue].map { NumberText.short($0) }
    let axes = strong.shearAxes == .both ? "both axes" : "one axis"
    let all: [(probability: Double, words: String)] =
      [
        (
          strong.colorProbability,
          "one of nine colour operations, magnitudes \(strong.colorMagnitudeFrom) to \(strong.colorMagnitudeTo)"
            + inTenths(strong.colorMagnitudes == .tenths) + ","
        ),
        (
          strong.geometryProbability,
          "moved up to \(NumberText.short(100 * strong.translation)) %, turned up to "
            + "\(NumberText.short(strong.rotation))° or sheared along \(axes) up to \(NumberText.short(strong.shear))°"
            + inTenths(strong.geometryMagnitudes == .tenths) + ","
        ),
        (
          jitter.probability,
          "brightness, contrast, saturation and hue changed by up to \(changes.joined(separator: ", ")) in random order"
        ), (strong.greyProbability, "grey"),
        (
          blur.probability,
          "blurred by \(NumberText.short(blur.deviationFrom)) to \(NumberText.short(blur.deviationTo)) pixels"
        ), (strong.eraseProbability, "\(strong.eraseCountFrom) to \(strong.eraseCountTo) rectangles erased"),
      ] + strong.noise.probabilities.map { ($0, "a rectangle of noise") }
    let parts = all.filter { $0.probability > 0 }.map { "\($0.words) \(share($0.probability))" }
    return parts.isEmpty ? "nothing beside resize and mirror" : parts.joined(separator: "; ")
  }

  private var readsUnlabeled: Bool { settings.method.views.unlabeled.images > 0 }

  private func share(_ probability: Double) -> String {
    probability == 1 ? "always" : probability == 0 ? "never" : "in \(NumberText.short(100 * probability)) % of views"
  }

  private var rate: String {
    let optimizer = settings.optimizer
    let peak = NumberText.short(optimizer.learningRate)
    let warmup = length.steps(ofImages: optimizer.warmupImages)
    let after =
      switch optimizer.decay {
      case .constant: "stays"
      case .step:
        "is multiplied by \(NumberText.short(optimizer.decayFactor)) at steps "
          + optimizer.milestones.map { "\(Int((Double(length.steps) * $0).rounded()))" }.joined(separator: ", ")
      case .polynomial: "falls to 0 with the power \(NumberText.short(optimizer.power))"
      case .cosine: "falls to \(NumberText.short(optimizer.learningRate * optimizer.finalShare)) by half a cosine"
      }
    return "learning rate (\(optimizer.algorithm)): "
      + (warmup > 0 ? "rises to \(peak) over \(warmup) steps, then " : "\(peak), ") + after
  }

  private var judging: String {
    let run = settings.run
    guard run.validation.isGiven || run.overfit > 0 else {
      return "judged: nothing on the way; the last weights are kept" + (run.test.isGiven ? " and judged on test" : "")
    }
    let every = settings.trainer.evaluateEvery
    return "judged: on validation " + (every > 0 ? "every \(every) steps and at the end" : "at the end")
      + "; \(settings.selectedBy.rawValue) selects" + (run.test.isGiven ? "; the selected weights once on test" : "")
  }
}

extension DetectionSettings {
  /// The run's length beside that of its recipe.
  var length: RunLength {
    let images = method.views.imagesPerStep
    return RunLength(
      steps: trainer.steps, recipeSteps: run.recipeSteps == 0 ? trainer.steps : run.recipeSteps, imagesPerStep: images,
      recipeImagesPerStep: run.recipeStepImages == 0 ? images : run.recipeStepImages)
  }

  /// What the run is going to do, a sentence a line.
  public var plan: [String] { DetectionPlan(self).lines }
}
