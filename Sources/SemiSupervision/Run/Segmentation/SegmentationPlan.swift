import Reporting
import Samples
import Training

/// What a segmentation run is going to do, in words: what `--explain` shows above the settings.
struct SegmentationPlan<Method: SegmentationMethodSettings> {
  private let settings: SegmentationSettings<Method>
  private let length: RunLength

  init(_ settings: SegmentationSettings<Method>) {
    self.settings = settings
    length = settings.length
  }

  /// A sentence a line, without the end of one.
  var lines: [String] {
    let words = RunWords(settings, length: length)
    return [words.data, words.steps]
      + settings.pretraining.plan(
        for: length, from: settings.initialWeights, hasUnlabeled: settings.run.unlabeled.isGiven)
      + settings.method.plan(for: length)
      + [weakViews, strongViews, words.rate, judging].compactMap { $0 }
  }

  private var weakViews: String {
    let views = settings.views
    let size =
      views.resize == .base ? "longer side \(views.baseSize)" : "own size"
    return
      "weak views: \(size) times \(NumberText.short(views.scaleFrom)) to \(NumberText.short(views.scaleTo)), a part of "
      + "\(views.cropWidth)×\(views.cropHeight), mirrored \(RunWords.share(views.mirrorProbability))"
  }

  private var strongViews: String? {
    guard settings.method.views.hasStrongViews else { return nil }
    let words =
      switch settings.views.strongAugmentation.policy {
      case .sda: sda
      case .randaugment, .ctaugment: settings.views.strongAugmentation.policyWords
      }
    return "strong views: " + (settings.views.sharesGeometry ? "the weak view of the image, changed further: " : "")
      + words
  }

  private var sda: String {
    let strong = settings.views.strongAugmentation
    let (jitter, blur, cutout) = (strong.jitter, strong.blur, strong.cutout)
    let changes = [jitter.brightness, jitter.contrast, jitter.saturation, jitter.hue].map { NumberText.short($0) }
    let all: [(probability: Double, words: String)] = [
      (
        jitter.probability,
        "brightness, contrast, saturation and hue changed by up to \(changes.joined(separator: ", ")) in random order"
      ), (strong.greyProbability, "grey"),
      (
        blur.probability,
        "blurred by \(NumberText.short(blur.deviationFrom)) to \(NumberText.short(blur.deviationTo)) pixels"
      ),
      (
        cutout.probability,
        "\(NumberText.short(100 * cutout.areaFrom)) to \(NumberText.short(100 * cutout.areaTo)) % covered with \(cutout.fill.rawValue), which is not learnt"
      ),
    ]
    let parts = all.filter { $0.probability > 0 }.map {
      "\($0.words) \(RunWords.share($0.probability))"
    }
    return parts.isEmpty ? "nothing beside" : parts.joined(separator: "; ")
  }

  private var judging: String {
    RunWords(settings, length: length).judging(selectedBy: settings.selectedBy.rawValue)
      + "; looks at the \(settings.evaluation.summary), absent classes \(settings.absentClasses.rawValue)"
  }
}
