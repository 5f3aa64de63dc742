import Documents

/// COCO's average precision of boxes or masks, of any choice of the images, from one matching.
///
/// A matching knows its own image only, so its verdicts stay what they are when an image is drawn twice or not at all: only the counts
/// along the curve change. Whole numbers are added, so with every image once the figures are those of ``AveragePrecision``, but
/// for the order in which means are added up.
public struct ResampledObjects: ResampledFigures {
  /// Which overlaps the average precision is the mean of.
  public enum Metric: String, Sendable, CaseIterable {
    case AP
    case AP50
    case AP75

    /// The places of the overlaps among the ten.
    var overlaps: Range<Int> {
      switch self {
      case .AP: 0..<AveragePrecision.iouThresholds.count
      case .AP50: 0..<1
      case .AP75: 5..<6
      }
    }
  }

  /// The images that are drawn from.
  public let imageCount: Int
  /// The names of the classes.
  public let parts: [String]
  private let classes: [Curve]
  private let metric: Metric

  /// Matches the boxes of all images, each class on a core of its own.
  public init(_ boxes: BoxEvaluation, metric: Metric = .AP) {
    self.init(
      truth: boxes.truth, detections: boxes.detections,
      overlaps: BoxOverlaps(truth: boxes.truth, detections: boxes.detections), categories: boxes.categories,
      images: boxes.images, parity: boxes.parity, metric: metric)
  }

  /// Matches the masks of all images, each class on a core of its own.
  public init(_ masks: MaskEvaluation, metric: Metric = .AP) {
    self.init(
      truth: masks.truth, detections: masks.detections,
      overlaps: masks.overlaps,
      categories: masks.categories, images: masks.images, parity: masks.parity, metric: metric)
  }

  private init<T: JudgedTruth, D: JudgedDetection, O: ObjectOverlaps>(
    truth: [T], detections: [D], overlaps: O, categories: [EvaluatedCategory], images: [Int],
    parity: EvaluationParity, metric: Metric
  ) {
    let groups = EvaluationGroups(
      truth: truth, detections: detections, categories: categories, images: images, parity: parity)
    imageCount = Set(images).count
    parts = categories.map(\.name)
    self.metric = metric
    classes = parallelMap(count: categories.count) { index in
      let truths = groups.truths(ofClass: index)
      let matches = GreedyMatcher.match(
        truths: truths, detections: groups.detections(ofClass: index), limit: 100, overlaps: overlaps)
      return Curve(truths: truths, verdicts: matches.verdicts, overlaps: metric.overlaps)
    }
  }

  /// The mean average precision and that of each class; NaN where the images chosen have no object.
  public func figures(_ weights: UnsafeBufferPointer<Int32>) -> [Double] {
    let each = classes.map { $0.averagePrecision(weights) }
    let known = each.filter { !$0.isNaN }
    return [known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count)] + each
  }
}

/// The detections of one class by falling score, and what each found.
private struct Curve: Sendable {
  /// A detection that finds something at an overlap, or does not count there.
  private struct Event {
    /// Its place among those whose sum of weights is kept.
    var mark: Int32
    var image: Int32
    var isRight: Bool
  }

  /// The images of all detections, by falling score.
  private var images: [Int32] = []
  /// The places in `images` after which the sum of weights is kept.
  private var marks: [Int32] = []
  /// By overlap.
  private var events: [[Event]]
  /// The images with objects to be found, and their number there.
  private var wanted: [(image: Int32, count: Int32)] = []

  init(
    truths: ArraySlice<EvaluationGroups.Truth>, verdicts: [ClassMatches.Verdict], overlaps: Range<Int>
  ) {
    // Bit 0: of all areas.
    for object in truths where object.wanted & 1 != 0 {
      if wanted.last?.image == object.image {
        wanted[wanted.count - 1].count += 1
      } else {
        wanted.append((object.image, 1))
      }
    }
    events = overlaps.map { _ in [] }
    let order = ScoreOrder.descending(verdicts.count) { verdicts[$0].score }.map(Int.init)
    let bits = overlaps.reduce(UInt16(0)) { $0 | 1 << UInt16($1) }
    images.reserveCapacity(order.count)
    for (place, index) in order.enumerated() {
      let (matched, ignored) = (verdicts[index].matched[0], verdicts[index].ignored[0])
      images.append(verdicts[index].image)
      guard (matched | ignored) & bits != 0 else { continue }
      for (row, overlap) in overlaps.enumerated() where (matched | ignored) & 1 << UInt16(overlap) != 0 {
        events[row].append(
          Event(
            mark: Int32(marks.count), image: verdicts[index].image, isRight: ignored & 1 << UInt16(overlap) == 0))
      }
      marks.append(Int32(place))
    }
  }

  /// The mean over the overlaps and 101 recalls; NaN where no object is wanted in the images chosen.
  func averagePrecision(_ weights: UnsafeBufferPointer<Int32>) -> Double {
    let total = wanted.reduce(0) { $0 + Int($1.count) * Int(weights[Int($1.image)]) }
    guard total > 0 else { return .nan }
    let needed = Self.needed(of: total)
    let longest = events.map(\.count).max() ?? 0
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: marks.count) { seen in
      withUnsafeTemporaryAllocation(of: (right: Int, precision: Double).self, capacity: longest) { found in
        sumWeights(weights, into: seen)
        var sum = 0.0
        for row in events.indices { sum += area(events[row], weights, seen, needed, found) }
        return sum / Double(events.count * needed.count)
      }
    }
  }

  /// The detections up to each mark.
  private func sumWeights(_ weights: UnsafeBufferPointer<Int32>, into seen: UnsafeMutableBufferPointer<Int>) {
    images.withUnsafeBufferPointer { images in
      var (sum, start) = (0, 0)
      for (place, mark) in marks.enumerated() {
        for detection in start...Int(mark) { sum &+= Int(weights[Int(images[detection])]) }
        start = Int(mark) + 1
        seen[place] = sum
      }
    }
  }

  /// The sum over the recalls of the highest precision at that recall or above.
  private func area(
    _ events: [Event], _ weights: UnsafeBufferPointer<Int32>, _ seen: UnsafeMutableBufferPointer<Int>,
    _ needed: [Int], _ found: UnsafeMutableBufferPointer<(right: Int, precision: Double)>
  ) -> Double {
    var (right, ignored, count) = (0, 0, 0)
    for event in events {
      let weight = Int(weights[Int(event.image)])
      if weight == 0 { continue }
      if event.isRight {
        right += weight
        let judged = Double(seen[Int(event.mark)] - ignored)
        found[count] = (right, Double(right) / (judged + Double.ulpOfOne))
        count += 1
      } else {
        ignored += weight
      }
    }
    guard count > 0 else { return 0 }
    var (sum, highest, point) = (0.0, 0.0, needed.count - 1)
    while point >= 0, needed[point] > right { point -= 1 }
    for place in stride(from: count - 1, through: 0, by: -1) {
      highest = max(highest, found[place].precision)
      let before = place > 0 ? found[place - 1].right : -1
      while point >= 0, needed[point] > before {
        sum += highest
        point -= 1
      }
    }
    return sum
  }

  /// How many objects must be found for each recall to be reached.
  private static func needed(of total: Int) -> [Int] {
    AveragePrecision.recallThresholds.map { recall in
      var count = max(0, Int(recall * Double(total)) - 1)
      while Double(count) / Double(total) < recall { count += 1 }
      return count
    }
  }
}
