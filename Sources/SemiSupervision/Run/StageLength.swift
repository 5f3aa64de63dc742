import Training

/// How long a stage is that trains a network before a run's own steps.
public struct StageLength: Equatable, Sendable {
  /// Its steps; 0 for as many as the run's own.
  public var steps: Int
  /// Images that a step of it takes.
  public let stepImages: Int
  /// The least number of steps that it can do with.
  public let least: Int

  /// A stage's length.
  public init(steps: Int, stepImages: Int, least: Int = 1) {
    self.steps = steps
    self.stepImages = stepImages
    self.least = least
  }
}

extension RunSettings {
  /// Steps of each stage that trains a network, the run's own last.
  public var stepsOfStages: [Int] {
    stages.map { $0.steps > 0 ? $0.steps : trainer.steps } + [trainer.steps]
  }

  /// Images that go through training, in all stages together.
  public var allImages: Int {
    zip(stepsOfStages, stages.map(\.stepImages) + [method.stepImages.total]).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The settings with stages and own steps of other lengths, in the ratio that they have, so that all together see as many images
  /// as whole steps can.
  ///
  /// - Throws: For so few images that a stage could not do with its steps.
  public func seeing(_ images: Int) throws(RunError) -> Self {
    let factor = Double(images) / Double(allImages)
    var settings = self
    var left = images
    for (place, stage) in stages.enumerated() {
      let steps = Int((Double(stepsOfStages[place]) * factor).rounded())
      guard steps >= stage.least else { throw tooFew(images, stage: place + 1, steps: steps, least: stage.least) }
      settings.stages[place].steps = steps
      left -= steps * stage.stepImages
    }
    let own = Int((Double(left) / Double(method.stepImages.total)).rounded())
    guard own >= 1 else { throw tooFew(images, stage: stages.count + 1, steps: own, least: 1) }
    settings.trainer.steps = own
    return settings
  }

  private func tooFew(_ images: Int, stage: Int, steps: Int, least: Int) -> RunError {
    let place = stages.isEmpty ? "" : " for stage \(stage) of \(stages.count + 1) that train"
    return .data(
      "\(images) images are \(max(0, steps)) \(steps == 1 ? "step" : "steps")\(place), \(least) or more are wanted: a longer"
        + " budget")
  }
}
