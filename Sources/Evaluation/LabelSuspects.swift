import Annotations

/// Labelled boxes that a trained detector contradicts, and places where it misses a label.
///
/// Nothing here says that a label is wrong: it says where to look first. Rules, with the names of ``Rules``:
/// - *wrong class*: a detection of another class that scores `confidentScore` or more overlaps the label by `sameOverlap` or
///   more, no detection of the label's class that scores as much does, and the detection does not fit a label of its own class.
/// - *missing label*: a detection that scores `confidentScore` or more overlaps no label by `touchingOverlap` or more,
///   and does not cover half or more of a label of its class (that one it has found, if badly).
/// - *badly placed*: a detection of the label's class that scores `confidentScore` or more, with an uncertainty of the box below
///   `boxUncertainty`, overlaps the label by `touchingOverlap` or more and less than `placedOverlap`; the label has no detection
///   of its class that fits better, and the detection no label.
/// - *not found*: no detection of any class that scores `lowScore` or more overlaps the label by `foundOverlap` or more.
///
/// A label has one suspicion at most, the first of *wrong class*, *badly placed*, *not found*; a detection is held against one
/// label at most. Crowds and difficult objects are not suspected, and detections within crowds miss no label.
public struct LabelSuspects: Sendable {
  /// What is contradicted.
  public enum Kind: String, Sendable, CaseIterable {
    case wrongClass = "wrong class"
    case missingLabel = "missing label"
    case notFound = "not found"
    case badlyPlaced = "badly placed"
  }

  /// The numbers of the rules; overlaps are intersections over unions.
  public struct Rules: Sendable, Equatable {
    /// From this score on a detection contradicts.
    public var confidentScore = 0.8
    /// Below this score a detection does not even speak for a label.
    public var lowScore = 0.2
    /// Both mean the same object.
    public var sameOverlap = 0.5
    /// Both lie at the same place, more or less.
    public var touchingOverlap = 0.3
    /// A box is where it should be.
    public var placedOverlap = 0.6
    /// There is something at the label's place.
    public var foundOverlap = 0.1
    /// Boxes that the detector is surer of than this are held against labels.
    public var boxUncertainty = 0.02

    /// The defaults.
    public init() {}
  }

  /// A labelled box.
  public struct Label: Sendable, Equatable {
    /// The object's id.
    public var id: Int
    /// Its class, as detections count them; nil for one that the detector does not know.
    public var classIndex: Int?
    /// Where it is.
    public var box: Box
    /// Whether it is a crowd or difficult.
    public var isExempt = false
    /// Whether it stands for a group.
    public var isCrowd = false

    /// A label.
    public init(id: Int, classIndex: Int?, box: Box, isExempt: Bool = false, isCrowd: Bool = false) {
      (self.id, self.classIndex, self.box) = (id, classIndex, box)
      (self.isExempt, self.isCrowd) = (isExempt || isCrowd, isCrowd)
    }
  }

  /// A detected box.
  public struct Detection: Sendable, Equatable {
    /// Its class.
    public var classIndex: Int
    /// Where it is.
    public var box: Box
    /// In 0…1.
    public var score: Double
    /// The spread of its sides in units of its size; nil where it was not measured.
    public var uncertainty: Double?

    /// A detection.
    public init(classIndex: Int, box: Box, score: Double, uncertainty: Double? = nil) {
      (self.classIndex, self.box, self.score, self.uncertainty) = (classIndex, box, score, uncertainty)
    }
  }

  /// One suspicion.
  public struct Suspect: Sendable, Equatable {
    /// What is contradicted.
    public var kind: Kind
    /// The image.
    public var image: Int
    /// The label; nil for a missing one.
    public var label: Label?
    /// The detection; nil for a label that was not found.
    public var detection: Detection?
    /// How much the two overlap; 0 where there is one alone.
    public var overlap = 0.0
    /// What the suspicions are ordered by: the detection's score; for a label that was not found the share of its class's
    /// labels that were, since a class that is mostly missed says nothing.
    public var confidence: Double
  }

  /// The suspicions, the surest first; equal ones by image and place.
  public private(set) var suspects: [Suspect] = []
  /// Labels that were looked at.
  public private(set) var labelCount = 0
  /// Labels of classes that the detector does not know; they are not suspected.
  public private(set) var unknownCount = 0

  /// Looks for suspicions.
  ///
  /// - Parameter images: Each image's number, labels and detections, whatever their scores.
  public init(_ images: [(image: Int, labels: [Label], detections: [Detection])], rules: Rules = Rules()) {
    var (found, all) = ([Int: Int](), [Int: Int]())
    for (image, labels, detections) in images {
      let match = LabelMatch(labels: labels, detections: detections, rules: rules)
      suspects += match.suspects(of: image)
      labelCount += labels.count
      unknownCount += labels.count { $0.classIndex == nil }
      for (place, label) in labels.enumerated() {
        guard let classIndex = label.classIndex, !label.isExempt else { continue }
        all[classIndex, default: 0] += 1
        if match.isFound(place) { found[classIndex, default: 0] += 1 }
      }
    }
    for place in suspects.indices where suspects[place].kind == .notFound {
      guard let classIndex = suspects[place].label?.classIndex else { continue }
      suspects[place].confidence = Double(found[classIndex] ?? 0) / Double(all[classIndex] ?? 1)
    }
    suspects = ScoreOrder.falling(suspects, score: \.confidence)
  }

  /// How many there are of a kind.
  public func count(_ kind: Kind) -> Int { suspects.count { $0.kind == kind } }
}
