import Documents

/// Pascal VOC's average precision of boxes.
///
/// Source: Everingham et al., IJCV 2010 and 2015, and the development kits of 2007 and 2012. Detections of a class go by falling
/// score through all images; each is held against the one object of its class in its image that it overlaps most (the first of
/// equals). It is right where the overlap is **more** than the least one and the object is still free; where the object is taken, it
/// is wrong, even if another free one overlaps enough, too. Difficult objects are neither wanted, nor is what finds them right or wrong.
/// Crowds (COCO), which VOC does not have, are taken like difficult objects.
///
/// Of equal scores the earlier detection goes first; the kit and its copies leave that to their sort.
public struct VOCAveragePrecision: Sendable, Equatable {
  /// How precision over recall becomes one number.
  public enum Curve: String, Sendable, CaseIterable {
    /// The area under the falling envelope (2010 and later).
    case area
    /// The mean of the highest precision at recalls of at least 0, 0.1 … 1 (2007).
    case elevenPoints = "eleven-point"
  }

  /// The figures of one class.
  public struct Class: Sendable, Equatable {
    /// The class.
    public var category: EvaluatedCategory
    /// Average precision, 0…1; -1 where no object is wanted.
    public var AP: Double
    /// Objects to be found.
    public var truthCount: Int
    /// Objects that are neither wanted nor held against a detector.
    public var ignoredCount: Int
    /// Detections that found an object.
    public var right: Int
    /// Detections that found none, or one that was taken.
    public var wrong: Int
    /// Precision and recall after each detection that counts, by falling score.
    public var curve: [Point]
  }

  /// What is reached with the detections of at least a score.
  public struct Point: Sendable, Equatable {
    /// The score.
    public var score: Double
    /// The share of objects found.
    public var recall: Double
    /// The share of detections that is right.
    public var precision: Double
  }

  /// The mean over classes with wanted objects; -1 where there is none.
  public let mAP: Double
  /// The classes in the order given.
  public let classes: [Class]
  /// How the curve was read.
  public let curve: Curve
  /// A detection must overlap by more than this.
  public let iouThreshold: Double

  /// Judges detections against true objects.
  ///
  /// - Parameters:
  ///   - images: the images to judge; nil for all that occur.
  /// - Precondition: scores are finite.
  public init(
    truth: [TruthBox], detections: [DetectedBox], categories: [EvaluatedCategory], images: [Int]? = nil,
    curve: Curve = .area, iouThreshold: Double = 0.5
  ) {
    (self.curve, self.iouThreshold) = (curve, iouThreshold)
    let judged = images.map(Set.init)
    let objects = Dictionary(grouping: truth.filter { judged?.contains($0.image) ?? true }, by: \.category)
    let found = Dictionary(grouping: detections.filter { judged?.contains($0.image) ?? true }, by: \.category)
    classes = parallelMap(count: categories.count) { index in
      let category = categories[index]
      return Self.judge(
        category, objects[category.id] ?? [], found[category.id] ?? [], curve: curve, iouThreshold: iouThreshold)
    }
    let known = classes.map(\.AP).filter { $0 >= 0 }
    mAP = known.isEmpty ? -1 : known.reduce(0, +) / Double(known.count)
  }

  private static func judge(
    _ category: EvaluatedCategory, _ objects: [TruthBox], _ found: [DetectedBox], curve: Curve, iouThreshold: Double
  ) -> Class {
    let places = Dictionary(grouping: objects.indices, by: { objects[$0].image })
    let wanted = objects.count { !$0.isCrowd && !$0.isIgnored }
    var taken = [Bool](repeating: false, count: objects.count)
    var result = Class(
      category: category, AP: -1, truthCount: wanted, ignoredCount: objects.count - wanted, right: 0, wrong: 0,
      curve: [])
    for detection in ScoreOrder.falling(found, score: \.score) {
      precondition(detection.score.isFinite, "VOCAveragePrecision: a score is \(detection.score)")
      var best: (overlap: Double, object: Int)?
      for place in places[detection.image] ?? [] {
        let overlap = detection.overlap(with: objects[place])
        if overlap > best?.overlap ?? -1 { best = (overlap, place) }
      }
      if let best, best.overlap > iouThreshold {
        if objects[best.object].isCrowd || objects[best.object].isIgnored { continue }
        if taken[best.object] { result.wrong += 1 } else { result.right += 1 }
        taken[best.object] = true
      } else {
        result.wrong += 1
      }
      result.curve.append(
        Point(
          score: detection.score, recall: wanted > 0 ? Double(result.right) / Double(wanted) : -1,
          precision: Double(result.right) / Double(result.right + result.wrong)))
    }
    if wanted > 0 { result.AP = curve == .area ? area(under: result.curve) : elevenPoints(of: result.curve) }
    return result
  }

  private static func area(under curve: [Point]) -> Double {
    var (envelope, area) = (0.0, 0.0)
    for index in curve.indices.reversed() {
      envelope = max(envelope, curve[index].precision)
      area += (curve[index].recall - (index > 0 ? curve[index - 1].recall : 0)) * envelope
    }
    return area
  }

  /// The recalls are the multiples of the number 0.1, as in the references: 3 · 0.1 is a little more than 3/10, so that a recall of
  /// exactly 3/10 does not reach the fourth point.
  private static func elevenPoints(of curve: [Point]) -> Double {
    (0...10).reduce(0) { sum, tenth in
      sum + (curve.lazy.filter { $0.recall >= Double(tenth) * 0.1 }.map(\.precision).max() ?? 0)
    } / 11
  }
}
