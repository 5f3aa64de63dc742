import Documents

/// What thresholds on the score would let through of detections, and how much of that is right: what a threshold for
/// pseudo-labels is chosen by.
///
/// A detection is right that finds an object of its class with an overlap (IoU) of at least 0.5, each object once, the detections
/// with the highest scores first (COCO's greedy matching). One that finds a crowd or an object that does not count is neither
/// right nor wrong, and not counted. Like a filter of pseudo-boxes, a threshold lets through what scores more than it.
public struct ScoreThresholds: Sendable, Equatable {
  /// What is let through by one threshold.
  public struct Kept: Sendable, Equatable {
    /// The threshold.
    public var score: Double
    /// Detections that pass.
    public var count: Int
    /// How many of them are right.
    public var right: Int
    /// The objects there are to be found.
    public var objects: Int

    /// The share of what passes that is right; -1 where nothing passes.
    public var precision: Double { count == 0 ? -1 : Double(right) / Double(count) }
    /// The share of objects found; -1 where there are none.
    public var recall: Double { objects == 0 ? -1 : Double(right) / Double(objects) }

    /// The harmonic mean of precision and recall, 2 · right / (kept + objects); -1 where there is neither.
    public var f1: Double { count + objects == 0 ? -1 : 2 * Double(right) / Double(count + objects) }

    var json: JSON {
      [
        "score": JSON(score), "kept": JSON(count), "objects": JSON(objects), "precision": JSON(precision),
        "recall": JSON(recall),
      ]
    }
  }

  /// A class with its thresholds.
  public struct Class: Sendable, Equatable {
    /// The class.
    public var category: EvaluatedCategory
    /// At each of the thresholds that were asked for.
    public var kept: [Kept]
    /// The lowest threshold above which the wanted share is right; nil where there is none.
    public var advised: Kept?
    /// The threshold with the greatest ``Kept/f1``, the highest of equals; nil where nothing is right.
    public var best: Kept?
  }

  /// All classes together, at each of the thresholds that were asked for.
  public private(set) var all: [Kept]
  /// Each class by itself.
  public private(set) var classes: [Class]
  /// The one threshold for all classes with the greatest ``Kept/f1``, the highest of equals; nil where nothing is right.
  public private(set) var best: Kept?
  /// The share that was wanted to be right.
  public let wantedPrecision: Double

  /// Counts what thresholds let through.
  ///
  /// - Parameters:
  ///   - truth: The objects.
  ///   - detections: What was found; scores are finite.
  ///   - categories: The classes.
  ///   - images: The images that are judged; nil for all that occur.
  ///   - scores: The thresholds to look at.
  ///   - wantedPrecision: What the advice for each class keeps to, 0…1.
  public init(
    truth: [TruthBox], detections: [DetectedBox], categories: [EvaluatedCategory], images: [Int]? = nil,
    scores: [Double], wantedPrecision: Double
  ) {
    self.init(
      truth: truth, detections: detections, overlaps: BoxOverlaps(truth: truth, detections: detections),
      categories: categories, images: images, scores: scores, wantedPrecision: wantedPrecision)
  }

  /// The same for objects of any shape.
  init<T: JudgedTruth, D: JudgedDetection, O: ObjectOverlaps>(
    truth: [T], detections: [D], overlaps: O, categories: [EvaluatedCategory], images: [Int]?, scores: [Double],
    wantedPrecision: Double
  ) {
    self.wantedPrecision = wantedPrecision
    let groups = EvaluationGroups(
      truth: truth, detections: detections, categories: categories, images: images, parity: .corrected)
    var everything: [(score: Double, isRight: Bool)] = []
    var objects = 0
    let classes = categories.indices.map { index in
      let outcome = GreedyMatcher.match(
        truths: groups.truths(ofClass: index), detections: groups.detections(ofClass: index), limit: 100,
        overlaps: overlaps)
      // Bit 0: an overlap of 0.5; the first range of area: all.
      let counted = ScoreOrder.falling(outcome.verdicts.filter { $0.ignored[0] & 1 == 0 }, score: \.score)
        .map { (score: $0.score, isRight: $0.matched[0] & 1 != 0) }
      func kept(_ score: Double) -> Kept {
        let passing = counted.prefix { $0.score > score }
        return Kept(
          score: score, count: passing.count, right: passing.count { $0.isRight }, objects: outcome.truthCount)
      }
      everything += counted
      objects += outcome.truthCount
      return Class(
        category: categories[index], kept: scores.map(kept),
        advised: Self.lowest(counted, objects: outcome.truthCount, wantedPrecision),
        best: Self.best(counted, objects: outcome.truthCount))
    }
    self.classes = classes
    best = Self.best(ScoreOrder.falling(everything) { $0.score }, objects: objects)
    all = scores.indices.map { place in
      classes.map { $0.kept[place] }.reduce(into: Kept(score: scores[place], count: 0, right: 0, objects: 0)) {
        $0.count += $1.count
        $0.right += $1.right
        $0.objects += $1.objects
      }
    }
  }

  /// The lowest of the scores (falling) at which enough of what lies above is right.
  private static func lowest(_ counted: [(score: Double, isRight: Bool)], objects: Int, _ wanted: Double) -> Kept? {
    all(counted, objects: objects).last { Double($0.right) >= wanted * Double($0.count) }
  }

  /// The highest of the scores (falling) above which precision and recall are best balanced.
  private static func best(_ counted: [(score: Double, isRight: Bool)], objects: Int) -> Kept? {
    var best: Kept?
    for kept in all(counted, objects: objects) where kept.right > 0 && kept.f1 > best?.f1 ?? 0 { best = kept }
    return best
  }

  /// What each threshold keeps that divides the scores (falling) differently: each score, and one below all of them.
  private static func all(_ counted: [(score: Double, isRight: Bool)], objects: Int) -> [Kept] {
    var right = 0
    return counted.enumerated().compactMap { place, detection in
      right += detection.isRight ? 1 : 0
      guard place + 1 < counted.count else {
        // Below the lowest score lies 0, or where scores need not be positive the next number.
        let least = detection.score > 0 ? 0 : detection.score.nextDown
        return Kept(score: least, count: place + 1, right: right, objects: objects)
      }
      let next = counted[place + 1].score
      // Equal scores pass together.
      return next < detection.score ? Kept(score: next, count: place + 1, right: right, objects: objects) : nil
    }
  }

  /// For `--json`.
  public var json: JSON {
    let categories = classes.map(\.category)
    return [
      "overlap": 0.5, "wantedPrecision": JSON(wantedPrecision), "all": .array(all.map(\.json)),
      "classes": categories.json { .array(classes[$0].kept.map(\.json)) },
      "advised": categories.json { classes[$0].advised?.json ?? .null },
      "best": categories.json { classes[$0].best?.json ?? .null },
      "bestOfAll": best?.json ?? .null,
    ]
  }
}
