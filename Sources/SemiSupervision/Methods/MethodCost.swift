import Reporting

/// What a method costs beside supervised training, as it was measured.
public struct MethodCost: Sendable, Equatable {
  /// Networks that are held.
  public let networks: Int
  /// The time of a step over that of a supervised one with as many images.
  public let step: Double

  /// How often a network is trained, one after the other.
  public let trainings: Int

  /// A cost; the figures of the list are those of docs/benchmarks.md.
  init(_ networks: Int, _ step: Double, trainings: Int = 1) {
    (self.networks, self.step, self.trainings) = (networks, step, trainings)
  }

  /// In words.
  var words: String {
    (networks == 1 ? "one network" : "\(networks) networks")
      + (trainings == 1 ? "" : ", \(trainings) trainings one after the other")
      + (step == 1 ? "" : ", a step takes \(NumberText.fixed(step, 1)) times a supervised one of as many images")
  }
}
