import Training

/// The ways of learning that `seg-train` offers, by their names.
public enum SegmentationMethods: MethodRegistry {
  /// What recipes of segmenters say their task is.
  public static let taskName = "segmentation"

  /// The settings type of every method; a method is added here and nowhere else.
  public static let all: [any SegmentationMethodSettings.Type] = [
    SupervisedSegmentation.Settings.self, PlainSelfTraining.Settings.self, ST.Settings.self, STPlusPlus.Settings.self,
    PiModel.Settings.self, TemporalEnsembling.Settings.self, SegmentationMeanTeacher.Settings.self,
    CutMixMeanTeacher.Settings.self, ClassMixTraining.Settings.self, FixMatch.Settings.self, PseudoSeg.Settings.self,
    CrossPseudoSupervision.Settings.self, DualTeacher.Settings.self, UniMatch.Settings.self, UniMatchV2.Settings.self,
  ]

  /// `tools/benchmark methods`; of methods in stages the last stage's step.
  public static let costs: [String: MethodCost] = [
    "supervised": MethodCost(1, 1), "self-training": MethodCost(1, 1, trainings: 2),
    "st": MethodCost(1, 1, trainings: 2),
    "st++": MethodCost(1, 1, trainings: 3),
    "pi-model": MethodCost(1, 2.1), "temporal-ensembling": MethodCost(1, 1.2), "mean-teacher": MethodCost(2, 1.2),
    "cutmix-mean-teacher": MethodCost(2, 1.2), "classmix": MethodCost(2, 1.2), "fixmatch": MethodCost(1, 1.2),
    "pseudo-seg": MethodCost(1, 1.3), "cps": MethodCost(2, 2.4), "dual-teacher": MethodCost(3, 1.8),
    "unimatch": MethodCost(1, 2.2), "unimatch-v2": MethodCost(2, 1.8),
  ]

  /// `segmentation`.
  public static var task: String? { taskName }
  /// The settings type of every method.
  public static var settings: [any RunMethodSettings.Type] { all }

  /// Pre-training of the encoder.
  public static var firstStages: [(choice: String, summary: String)] { PretrainingSettings.summaries }

  /// The settings type of a method; nil where there is none of that name.
  public static func settings(named name: String) -> (any SegmentationMethodSettings.Type)? {
    all.first { $0.init().name == name }
  }
}
