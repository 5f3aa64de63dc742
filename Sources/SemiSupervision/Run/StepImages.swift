import Reporting
import Training

/// Images of each kind that a step takes.
public struct StepImages: Equatable, Sendable, CustomStringConvertible {
  /// Labelled images.
  public var labeled: Int
  /// Unlabelled images; 0 for a method that reads none.
  public var unlabeled: Int

  /// Numbers of images.
  public init(labeled: Int, unlabeled: Int = 0) {
    self.labeled = labeled
    self.unlabeled = unlabeled
  }

  /// Images of both kinds.
  public var total: Int { labeled + unlabeled }

  /// The least numbers in the same ratio.
  public var unit: StepImages {
    var (divisor, rest) = (labeled, unlabeled)
    while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
    return StepImages(labeled: labeled / max(1, divisor), unlabeled: unlabeled / max(1, divisor))
  }

  /// So many times as many.
  public func times(_ factor: Int) -> StepImages {
    StepImages(labeled: labeled * factor, unlabeled: unlabeled * factor)
  }

  /// `count` images, shared in the ratio of these.
  ///
  /// - Throws: For a number that cannot be shared so; with the nearest that can.
  public func shared(_ count: Int) throws(RunError) -> StepImages {
    let unit = self.unit
    guard count >= 1, count % unit.total == 0 else {
      let below = count / unit.total * unit.total
      let nearest = (below > 0 ? "\(below) or " : "") + "\(below + unit.total)"
      throw .data(
        "--batch \(count): a step shares its images \(unit.labeled) labelled to \(unit.unlabeled) unlabelled, so a"
          + " multiple of \(unit.total) is wanted; the nearest: \(nearest)")
    }
    return unit.times(count / unit.total)
  }

  /// One of `count` equal parts; nil where these cannot be shared out so.
  public func sharedOut(among count: Int) -> StepImages? {
    guard count >= 1, labeled % count == 0, unlabeled % count == 0 else { return nil }
    return StepImages(labeled: labeled / count, unlabeled: unlabeled / count)
  }

  /// Into how many micro-batches of `size` images these are shared out.
  ///
  /// - Throws: For a size that is not that of equal parts; with those that are.
  public func microBatches(of size: Int) throws(RunError) -> Int {
    let parts = total / unit.total
    let sizes = (1...parts).filter { parts % $0 == 0 }.map { $0 * unit.total }
    guard sizes.contains(size) else {
      throw .data(
        "--micro-batch \(size): a step of \(self) images is shared out evenly in micro-batches of "
          + sizes.map(String.init).joined(separator: ", "))
    }
    return total / size
  }

  /// `4`, or `5 (1 labelled, 4 unlabelled)`.
  public var description: String {
    unlabeled == 0 ? "\(labeled)" : "\(total) (\(labeled) labelled, \(unlabeled) unlabelled)"
  }
}

extension RunSettings {
  /// The settings with other images a step: steps, and what happens at which of them, stay the recipe's.
  ///
  /// - Parameter accumulation: Micro-batches that they are shared out among; nil for as many as before.
  public func taking(_ images: StepImages, accumulation: Int? = nil) -> Self {
    var settings = self
    if settings.run.recipeStepImages == 0 { settings.run.recipeStepImages = method.stepImages.total }
    settings.method.stepImages = images
    settings.trainer.accumulation = accumulation ?? trainer.accumulation
    return settings
  }

  /// Images of each kind that are in memory at a time.
  public var microBatch: StepImages {
    guard let part = method.stepImages.sharedOut(among: trainer.accumulation) else {
      preconditionFailure(
        "\(method.stepImages) images a step: expected a number that divides them, got \(trainer.accumulation)")
    }
    return part
  }

  /// How a step's images are shared out; nil where they are taken at once.
  var microBatchNote: String? {
    guard trainer.accumulation > 1 else { return nil }
    return "accumulation: each step's \(method.stepImages) images are taken as \(trainer.accumulation) micro-batches of"
      + " \(microBatch), whose gradients are averaged"
  }

  /// That nothing is mixed where a method would; nil where it can.
  var mixNote: String? {
    guard method.mixesImages, microBatch.unlabeled == 1 else { return nil }
    return "warning: one unlabelled image at a time: \(method.name) mixes images of one"
      + (trainer.accumulation > 1 ? " micro-batch" : " step") + ", so none is mixed; 2 or more are wanted"
  }

  /// What the images a step change against the recipe; nil where they are the recipe's.
  var stepImagesNote: String? {
    let (images, recipe) = (method.stepImages, run.recipeStepImages)
    guard recipe > 0, images.total != recipe else { return nil }
    let seen = trainer.steps * images.total
    let rate = optimizer.learningRate
    let scaled = NumberText.short(rate * Double(images.total) / Double(recipe))
    let asMany = max(1, (trainer.steps * recipe + images.total / 2) / images.total)
    return "batch: \(images) images a step, the recipe has \(recipe); \(trainer.steps) steps see \(seen) images in"
      + " place of \(trainer.steps * recipe) (--steps \(asMany) sees as many); the learning rate stays"
      + " \(NumberText.short(rate)) (the linear scaling rule takes \(scaled): --set optimizer.learning_rate=\(scaled))"
  }
}
