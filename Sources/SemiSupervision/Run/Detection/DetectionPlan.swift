import Documents
import Reporting
import Samples
import Training
import Views

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
    let words = RunWords(settings, length: length)
    return [words.data, words.steps] + settings.method.plan(for: length)
      + [weakViews, strongViews, words.rate, words.judging(selectedBy: settings.selectedBy.rawValue)].compactMap { $0 }
  }

  private var weakViews: String {
    let views = settings.views
    let teacher = max(views.shortSideFrom, views.teacherShortSideFrom)
    let larger = teacher > views.shortSideFrom && readsUnlabeled ? " (unlabelled from \(teacher))" : ""
    let color =
      views.labeledColor == .always || (views.labeledColor == .asMethod && readsUnlabeled)
      ? "; labelled ones get one of nine colour operations" : ""
    return "weak views: shorter side \(views.shortSideFrom) to \(views.shortSideTo)\(larger), longer side at most "
      + "\(views.longSide), mirrored \(RunWords.share(views.mirrorProbability))" + color
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
    let parts = all.filter { $0.probability > 0 }.map { "\($0.words) \(RunWords.share($0.probability))" }
    return parts.isEmpty ? "nothing beside resize and mirror" : parts.joined(separator: "; ")
  }

  private var readsUnlabeled: Bool { settings.method.views.unlabeled.images > 0 }
}
