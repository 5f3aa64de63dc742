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

    /// What it lays over the defaults, which are those of the release.
    var overlay: SettingsPreset {
      switch self {
      case .released: SettingsPreset(rawValue, "")
      case .paper:
        SettingsPreset(
          rawValue,
          """
          method:
            memory_ramp: false
            jitter: {noise: uniform, size: mean}
            normalization: {classes: objects_and_background, boxes: objects, over: image}
          """)
      case .mmdetection:
        SettingsPreset(
          rawValue,
          """
          method:
            memory_ramp: false
            memory_buffers: false
            teacher_proposals: evaluation
            batches: {composition: fixed}
          views:
            strong_augmentation:
              color_magnitudes: tenths
              color_magnitude_from: 0
              color_magnitude_to: 10
              geometry_magnitudes: tenths
              shear_factor: tan
              shear_axes: one
              fill: 128
              erase_count_to: 5
          """)
      }
    }
  }
}
