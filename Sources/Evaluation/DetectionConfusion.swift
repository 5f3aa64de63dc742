import Documents

/// Which class objects were detected as, at one threshold on the score.
///
/// In each image the detections that score more than the threshold go by falling score, twice: first each takes the free object of
/// its class that it overlaps most, then those left over take what is left over of other classes; the least overlap is 0.5. What is
/// left then is missed, or on background. Crowds and difficult objects are not counted, nor is what covers one of its class.
public struct DetectionConfusion: Sendable, Equatable {
  /// The classes, K.
  public let categories: [EvaluatedCategory]
  /// Detections count that score more than this.
  public let threshold: Double
  /// K + 1 rows, the true classes and background; K + 1 columns, the detected classes and missed.
  public private(set) var counts: [[Int]]

  /// Counts detections against true objects.
  ///
  /// - Parameters:
  ///   - images: the images to judge; nil for all that occur.
  ///   - overlap: of a detection and an object by their places; nil for that of the boxes.
  public init(
    truth: [TruthBox], detections: [DetectedBox], categories: [EvaluatedCategory], images: [Int]? = nil,
    threshold: Double, overlap: ((_ detection: Int, _ truth: Int) -> Double)? = nil
  ) {
    (self.categories, self.threshold) = (categories, threshold)
    counts = Array(repeating: Array(repeating: 0, count: categories.count + 1), count: categories.count + 1)
    let indices = Dictionary(categories.enumerated().map { ($1.id, $0) }) { first, _ in first }
    let judged = images.map(Set.init)
    let overlap = overlap ?? { detections[$0].overlap(with: truth[$1]) }
    let found = Dictionary(
      grouping: detections.indices.filter {
        detections[$0].score > threshold && indices[detections[$0].category] != nil
      }, by: { detections[$0].image })
    let objects = Dictionary(
      grouping: truth.indices.filter { indices[truth[$0].category] != nil }, by: { truth[$0].image })
    for image in Set(found.keys).union(objects.keys) where judged?.contains(image) ?? true {
      let order = (found[image] ?? []).sorted { (-detections[$0].score, $0) < (-detections[$1].score, $1) }
      let present = objects[image] ?? []
      var free = present.filter { !truth[$0].isCrowd && !truth[$0].isIgnored }
      func take(_ detection: Int, ofItsClass isSame: Bool) -> Int? {
        let near = free.filter {
          (truth[$0].category == detections[detection].category) == isSame
            && overlap(detection, $0) >= Self.leastOverlap
        }
        guard let best = near.max(by: { (overlap(detection, $0), -$0) < (overlap(detection, $1), -$1) }) else {
          return nil
        }
        free.removeAll { $0 == best }
        return best
      }
      var rest: [Int] = []
      for detection in order {
        let own = indices[detections[detection].category] ?? 0
        if take(detection, ofItsClass: true) != nil { counts[own][own] += 1 } else { rest.append(detection) }
      }
      for detection in rest {
        let isCovered = present.contains {
          (truth[$0].isCrowd || truth[$0].isIgnored) && truth[$0].category == detections[detection].category
            && overlap(detection, $0) >= Self.leastOverlap
        }
        if isCovered { continue }
        let row = take(detection, ofItsClass: false).flatMap { indices[truth[$0].category] } ?? categories.count
        counts[row][indices[detections[detection].category] ?? 0] += 1
      }
      for object in free { counts[indices[truth[object].category] ?? 0][categories.count] += 1 }
    }
  }

  private static let leastOverlap = 0.5

  /// The classes that are taken for each other, the most frequent first; equal ones in the order of the classes.
  public var confusions: [(truth: Int, detected: Int, count: Int)] {
    categories.indices.flatMap { row in
      categories.indices.filter { $0 != row && counts[row][$0] > 0 }.map { (row, $0, counts[row][$0]) }
    }.enumerated().sorted { (-$0.element.2, $0.offset) < (-$1.element.2, $1.offset) }.map(\.element)
  }

  /// For `evaluate errors --json`.
  public var json: JSON {
    [
      "threshold": JSON(threshold), "overlap": JSON(Self.leastOverlap),
      "rows": .array(categories.map { JSON($0.name) } + ["background"]),
      "columns": .array(categories.map { JSON($0.name) } + ["missed"]),
      "counts": .array(counts.map { .array($0.map { JSON($0) }) }),
    ]
  }
}
