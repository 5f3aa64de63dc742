import Training

/// The ways of learning that `detect-train` offers, by their names.
public enum DetectionMethods {
  /// The settings type of every method; a method is added here and nowhere else.
  public static let all: [any DetectionMethodSettings.Type] = [
    Supervised.Settings.self, SelfTraining.Settings.self, MeanTeacher.Settings.self, UnbiasedTeacher.Settings.self,
    SoftTeacher.Settings.self,
  ]

  /// Their names, the plainest first.
  public static var names: [String] { all.map { $0.init().name } }

  /// The settings type of a method; nil where there is none of that name.
  public static func settings(named name: String) -> (any DetectionMethodSettings.Type)? {
    all.first { $0.init().name == name }
  }
}
