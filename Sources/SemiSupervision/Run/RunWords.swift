import Reporting
import Samples
import Training

/// What a plan says of a run whatever its task, in words.
struct RunWords {
  private let settings: any RunSettings
  private let length: RunLength

  init(_ settings: some RunSettings, length: RunLength) {
    self.settings = settings
    self.length = length
  }

  /// Where the images are.
  var data: String {
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

  /// How long it is.
  var steps: String {
    let images = settings.method.stepImages
    let seen = length.steps * length.imagesPerStep
    let scale = NumberText.short(length.timeScale)
    return "length: \(length.steps) steps of \(images) see \(seen) images"
      + (settings.trainer.accumulation == 1
        ? "" : ", \(settings.trainer.accumulation) micro-batches of \(settings.microBatch) a step")
      + (length.timeScale == 1 ? "" : "; times of the recipe, in images, are taken \(scale) times")
  }

  /// What moves the weights, and how fast.
  var rate: String {
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

  /// When models are judged, and what selects.
  func judging(selectedBy figure: String) -> String {
    let run = settings.run
    guard run.validation.isGiven || run.overfit > 0 else {
      return "judged: nothing on the way; the last weights are kept" + (run.test.isGiven ? " and judged on test" : "")
    }
    let every = settings.trainer.evaluateEvery
    return "judged: on validation " + (every > 0 ? "every \(every) steps and at the end" : "at the end")
      + "; \(figure) selects" + (run.test.isGiven ? "; the selected weights once on test" : "")
  }

  /// How often something happens.
  static func share(_ probability: Double) -> String {
    probability == 1 ? "always" : probability == 0 ? "never" : "in \(NumberText.short(100 * probability)) % of views"
  }
}
