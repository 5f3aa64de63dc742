/// A true object as average precision sees it, whatever its shape.
protocol JudgedTruth: Sendable {
  var image: Int { get }
  var category: Int { get }
  var area: Double { get }
  var isCrowd: Bool { get }
  var isIgnored: Bool { get }
  var hasIDZero: Bool { get }
}

/// A detection as average precision sees it, whatever its shape.
protocol JudgedDetection: Sendable {
  var image: Int { get }
  var category: Int { get }
  var area: Double { get }
  var score: Double { get }
}

/// Objects and detections by class, and within a class by image: the order in which they are judged.
///
/// Shapes stay where they are; `index` leads to them.
struct EvaluationGroups: Sendable {
  /// An object: where it was given, the place of its image, and the ranges of area in which it is wanted.
  struct Truth: Sendable {
    var index: Int32
    var image: Int32
    /// Bit `a`: to be found in range of area `a`.
    var wanted: UInt8
    var isCrowd: Bool
    /// Taken by a detection, but never counted as found (``PycocotoolsQuirk/zeroObjectID``).
    var isNeverFound: Bool
  }

  /// A detection: where it was given, the place of its image, and the ranges that its area lies in.
  struct Detection: Sendable {
    var score: Double
    var index: Int32
    var image: Int32
    /// Bit `a`: its own area lies in range `a`.
    var areas: UInt8
  }

  private let truths: [Truth]
  private let truthStarts: [Int]
  private let detections: [Detection]
  private let detectionStarts: [Int]

  /// The objects of a class by ascending image; within an image as they were given.
  func truths(ofClass index: Int) -> ArraySlice<Truth> { truths[truthStarts[index]..<truthStarts[index + 1]] }

  /// The detections of a class by ascending image; within an image as they were given.
  func detections(ofClass index: Int) -> ArraySlice<Detection> {
    detections[detectionStarts[index]..<detectionStarts[index + 1]]
  }

  /// Sorts by two counting sorts; what is of other classes or images is left out.
  ///
  /// - Precondition: scores are finite.
  init<T: JudgedTruth, D: JudgedDetection>(
    truth: [T], detections found: [D], categories: [EvaluatedCategory], images: [Int]?, parity: EvaluationParity
  ) {
    let images = IdentifierIndex(images ?? truth.map(\.image) + found.map(\.image))
    let classes = IdentifierIndex(categories.map(\.id))
    // Where a class is given twice the first place counts; categories need not be sorted.
    var firsts = [Int32](repeating: -1, count: classes.identifiers.count)
    for (place, category) in categories.enumerated().reversed() { firsts[Int(classes[category.id])] = Int32(place) }

    let classPlaces = firsts
    func sorted(
      _ count: Int, _ key: @Sendable (Int) -> (image: Int, category: Int)
    ) -> (order: [Int32], starts: [Int]) {
      let imageKeys = Blocks.map(count) { images[key($0).image] }
      let classKeys = Blocks.map(count) { index in
        let place = classes[key(index).category]
        return imageKeys[index] < 0 || place < 0 ? -1 : classPlaces[Int(place)]
      }
      let byImage = CountingSort.order(of: imageKeys, keyCount: images.identifiers.count)
      return CountingSort.order(of: classKeys, keyCount: categories.count, after: byImage)
    }

    let (truthOrder, truthStarts) = sorted(truth.count) { (truth[$0].image, truth[$0].category) }
    truths = truthOrder.map { index in
      let object = truth[Int(index)]
      let isIgnored = object.isCrowd || object.isIgnored && parity == .corrected
      return Truth(
        index: index, image: images[object.image],
        wanted: isIgnored ? 0 : AveragePrecision.areaBits(object.area), isCrowd: object.isCrowd,
        isNeverFound: object.hasIDZero && parity == .strict)
    }
    self.truthStarts = truthStarts

    let (order, starts) = sorted(found.count) { (found[$0].image, found[$0].category) }
    detections = Blocks.map(order.count) { place in
      let index = order[place]
      let box = found[Int(index)]
      precondition(box.score.isFinite, "AveragePrecision: a score is \(box.score), expected a finite number")
      return Detection(
        score: box.score, index: index, image: images[box.image], areas: AveragePrecision.areaBits(box.area))
    }
    detectionStarts = starts
  }
}
