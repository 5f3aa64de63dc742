import Training

/// The ways of learning that `detect-train` offers, by their names.
public enum DetectionMethods: MethodRegistry {
  /// The settings type of every method; a method is added here and nowhere else.
  public static let all: [any DetectionMethodSettings.Type] = [
    Supervised.Settings.self, SelfTraining.Settings.self, MeanTeacher.Settings.self, UnbiasedTeacher.Settings.self,
    SoftTeacher.Settings.self,
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
