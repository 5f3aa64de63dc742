/// Why detections are wrong and objects not found, and what each kind of error costs of the average precision.
///
/// Source: Bolya et al., "TIDE: A General Toolbox for Identifying Object Detection Errors", ECCV 2020. In each image the best 100
/// detections of all classes go by falling score; each takes the free object of its class that it overlaps most, by
/// ``Rules/rightOverlap`` or more. A detection that takes none has one error, the first that applies:
/// - *localisation*: the best overlap with an object of its class lies between the two overlaps of the rules;
/// - *classification*: it overlaps an object of another class by the right overlap or more;
/// - *duplicate*: it overlaps an object of its class by that much, but a surer detection has taken it;
/// - *background*: it overlaps nothing by more than the background overlap;
/// - *both*: none of these, so the place is half right and the class wrong.
///
/// An object that no detection took is *missed*, unless a localisation or classification error is about it.
///
/// The cost of a kind is the average precision after it is mended, minus the one before. Mending gives the surest
/// classification or localisation error about a free object the object's class and place, so that it is right; all other errors of
/// the kind are removed; missed objects are no longer wanted.
///
/// Differences from `tidecv` 1.0.1:
/// - Classes without a wanted object are no part of the mean, as in COCO; there they count 0 once something is detected as them.
/// - What lies in a crowd or on a difficult object is neither right nor wrong and has no error; there it can be mended, too.
/// - Equal scores keep one order, that of images and files, before and after mending; there wrong ones go first after it.
public struct ErrorAnalysis: Sendable {
  /// A kind of error.
  public enum Kind: String, Sendable, CaseIterable {
    case classification
    case localisation
    case both
    case duplicate
    case background
    case missed

    /// What it is, in a few words.
    public var explanation: String {
      switch self {
      case .classification: "at an object, named as another class"
      case .localisation: "its class, the box too far off"
      case .both: "wrong class and the box off"
      case .duplicate: "the object is already found"
      case .background: "where nothing is labelled"
      case .missed: "object without a detection that comes near"
      }
    }
  }

  /// The numbers of the rules.
  public struct Rules: Sendable, Equatable {
    /// A detection that overlaps an object of its class by this is right.
    public var rightOverlap = 0.5
    /// What overlaps nothing by more than this is on background.
    public var backgroundOverlap = 0.1
    /// The detections of an image that are looked at, of all classes.
    public var limit = 100

    /// The paper's.
    public init() {}
  }

  /// What became of a detection.
  public enum Verdict: Sendable, Equatable {
    /// It found an object: its place among the given.
    case right(truth: Int)
    /// It has an error, which is about an object where there is one near.
    case wrong(Kind, truth: Int?)
    /// It lies in a crowd or on a difficult object.
    case ignored
    /// It is not among the best of its image, or of a class or image that is not judged.
    case leftOut
  }

  /// What became of an object.
  public enum Fate: Sendable, Equatable {
    /// A detection found it.
    case found
    /// None did, but a localisation or classification error is about it.
    case nearlyFound
    /// Nothing came near.
    case missed
    /// It is a crowd or difficult, or of a class or image that is not judged.
    case notWanted
  }

  /// Of each detection, in the order given.
  public internal(set) var verdicts: [Verdict]
  /// Of each object, in the order given.
  public internal(set) var fates: [Fate]
  /// The mean average precision at the right overlap, by this matching; -1 where no object is wanted.
  public internal(set) var AP = -1.0
  /// How often each kind occurs.
  public internal(set) var counts: [Kind: Int] = [:]
  /// The average precision that each kind costs.
  public internal(set) var costs: [Kind: Double] = [:]
  /// What all wrong detections cost: with all of them behind the right ones.
  public internal(set) var falsePositiveCost = 0.0
  /// What all objects that were not found cost: with none of them wanted.
  public internal(set) var falseNegativeCost = 0.0
  /// The rules.
  public let rules: Rules

  /// Judges detections against true objects.
  ///
  /// - Parameters:
  ///   - images: the images to judge; nil for all that occur.
  ///   - overlap: of a detection and an object by their places: intersection over union, over a crowd the share of the detection
  ///     inside; nil for that of the boxes.
  /// - Precondition: scores are finite.
  public init(
    truth: [TruthBox], detections: [DetectedBox], categories: [EvaluatedCategory], images: [Int]? = nil,
    rules: Rules = Rules(), overlap: ((_ detection: Int, _ truth: Int) -> Double)? = nil
  ) {
    self.rules = rules
    verdicts = Array(repeating: .leftOut, count: detections.count)
    fates = Array(repeating: .notWanted, count: truth.count)
    let classes = Set(categories.map(\.id))
    let judged = images.map(Set.init)
    func isJudged(_ image: Int, _ category: Int) -> Bool {
      classes.contains(category) && judged?.contains(image) ?? true
    }
    let objects = Dictionary(
      grouping: truth.indices.filter { isJudged(truth[$0].image, truth[$0].category) }, by: { truth[$0].image })
    let found = Dictionary(
      grouping: detections.indices.filter { isJudged(detections[$0].image, detections[$0].category) },
      by: { detections[$0].image })
    let overlap = overlap ?? { detections[$0].overlap(with: truth[$1]) }
    var order: [Int] = []
    /// The detection that would be right about an object if its error were mended.
    var owners: [Int: Int] = [:]
    for image in Set(objects.keys).union(found.keys).sorted() {
      let best = ScoreOrder.falling(found[image] ?? []) { detections[$0].score }.prefix(rules.limit)
      judge(Array(best), objects[image] ?? [], truth, detections, overlap, &owners)
      order += best
    }
    measure(order.filter { verdicts[$0] != .ignored }, truth, detections, owners)
  }

  /// Judges one image: its detections by falling score, and its objects.
  private mutating func judge(
    _ found: [Int], _ objects: [Int], _ truth: [TruthBox], _ detections: [DetectedBox],
    _ overlap: (Int, Int) -> Double, _ owners: inout [Int: Int]
  ) {
    let wanted = objects.filter { !truth[$0].isCrowd && !truth[$0].isIgnored }
    for object in wanted { fates[object] = .missed }
    let overlaps = found.map { detection in wanted.map { overlap(detection, $0) } }
    for (row, detection) in found.enumerated() {
      let free = wanted.indices.filter {
        truth[wanted[$0]].category == detections[detection].category && fates[wanted[$0]] != .found
      }
      guard let best = Self.best(of: free, overlaps[row]), overlaps[row][best] >= rules.rightOverlap else { continue }
      verdicts[detection] = .right(truth: wanted[best])
      fates[wanted[best]] = .found
    }
    for (row, detection) in found.enumerated() where verdicts[detection] == .leftOut {
      let category = detections[detection].category
      let isIgnored = objects.contains {
        fates[$0] == .notWanted && truth[$0].category == category && overlap(detection, $0) > rules.rightOverlap
      }
      if isIgnored {
        verdicts[detection] = .ignored
        continue
      }
      let own = wanted.indices.filter { truth[wanted[$0]].category == category }
      let other = wanted.indices.filter { truth[wanted[$0]].category != category }
      let (kind, place) = kind(
        overlaps[row], own: own, other: other, taken: own.filter { fates[wanted[$0]] == .found })
      let object = place.map { wanted[$0] }
      verdicts[detection] = .wrong(kind, truth: object)
      guard let object, kind == .localisation || kind == .classification, fates[object] != .found else { continue }
      fates[object] = .nearlyFound
      if owners[object] == nil { owners[object] = detection }
    }
  }

  /// The error of a detection with these overlaps, and the object that it is about.
  private func kind(_ overlaps: [Double], own: [Int], other: [Int], taken: [Int]) -> (Kind, Int?) {
    func best(_ places: [Int]) -> (place: Int, overlap: Double)? {
      Self.best(of: places, overlaps).map { ($0, overlaps[$0]) }
    }
    if let best = best(own), (rules.backgroundOverlap...rules.rightOverlap).contains(best.overlap) {
      return (.localisation, best.place)
    }
    if let best = best(other), best.overlap >= rules.rightOverlap { return (.classification, best.place) }
    if let best = best(taken), best.overlap >= rules.rightOverlap { return (.duplicate, best.place) }
    guard let best = best(own + other), best.overlap > rules.backgroundOverlap else { return (.background, nil) }
    return (.both, best.place)
  }

  /// The place with the largest overlap, the first of equals.
  private static func best(of places: [Int], _ overlaps: [Double]) -> Int? {
    places.max { (overlaps[$0], -$0) < (overlaps[$1], -$1) }
  }
}
