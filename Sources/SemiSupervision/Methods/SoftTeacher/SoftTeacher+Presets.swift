import Training

extension SoftTeacher {
  /// Whose numbers the method has by default; every difference is a setting of its own, so that each can be set alone.
  public enum Preset: String, Codable, CaseIterable, Sendable {
    /// The code released with the paper.
    case released
    /// The paper, where its text and its code differ: normalization, jitter and its unit, no ramp.
    case paper
    /// mmdetection 3.3.
    case mmdetection

    /// The defaults of a run with it.
    var defaults: DetectionSettings<Settings> {
      var run = DetectionSettings<Settings>()
      run.method.preset = self
      switch self {
      case .released: break
      case .paper:
        run.method.memoryRamp = false
        run.method.jitter.noise = .uniform
        run.method.jitter.size = .mean
        run.method.normalization.classes = .objectsAndBackground
        run.method.normalization.boxes = .objects
        run.method.normalization.over = .image
      case .mmdetection:
        run.method.memoryRamp = false
        run.method.memoryBuffers = false
        run.method.teacherProposals = .evaluation
        run.method.batches.composition = .fixed
        run.views.strongAugmentation.colorMagnitudes = .tenths
        run.views.strongAugmentation.colorMagnitudeFrom = 0
        run.views.strongAugmentation.colorMagnitudeTo = 10
        run.views.strongAugmentation.geometryMagnitudes = .tenths
        run.views.strongAugmentation.shearFactor = .tan
        run.views.strongAugmentation.shearAxes = .one
        run.views.strongAugmentation.fill = 128
        run.views.strongAugmentation.eraseCountTo = 5
      }
      return run
    }
  }
}
