import Training

/// The ways of learning that `detect-train` offers, by their names.
public enum DetectionMethods: MethodRegistry {
  /// The settings type of every method; a method is added here and nowhere else.
  public static let all: [any DetectionMethodSettings.Type] = [
    Supervised.Settings.self, SelfTraining.Settings.self, MeanTeacher.Settings.self, UnbiasedTeacher.Settings.self,
    SoftTeacher.Settings.self,
  ]

  /// `tools/benchmark methods`; of self-training the last stage's step.
  public static let costs: [String: MethodCost] = [
    "supervised": MethodCost(1, 1), "self-training": MethodCost(1, 1, trainings: 2), "mean-teacher": MethodCost(2, 1.4),
    "unbiased-teacher": MethodCost(2, 1.6), "soft-teacher": MethodCost(2, 1.6),
  ]

  /// None: recipes without a task are of detection.
  public static var task: String? { nil }
  /// The settings type of every method.
  public static var settings: [any RunMethodSettings.Type] { all }

  /// The settings type of a method; nil where there is none of that name.
  public static func settings(named name: String) -> (any DetectionMethodSettings.Type)? {
    all.first { $0.init().name == name }
  }
}
