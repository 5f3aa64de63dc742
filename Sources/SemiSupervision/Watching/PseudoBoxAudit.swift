import Annotations
import Detection
import Documents
import Evaluation
import Samples
import Torch
import Views

/// How much of what a teacher passes on is right, counted over some steps by labels that the training does not see.
///
/// A pseudo-box is right that finds an object with an overlap (IoU) of at least 0.5 in pixels of its image: COCO's greedy matching,
/// as in ``ScoreThresholds``. For the class and the box filter the class must agree; objectness has no class. A background region
/// is wrong that overlaps an object, carried to the student's strong view, by as much: labelled, the object would have made it one.
struct PseudoBoxAudit: Equatable, Sendable {
  /// What passed a filter, and how much of it is right.
  struct Count: Equatable, Sendable {
    /// Boxes that passed.
    var kept = 0
    /// Those that are right.
    var right = 0
    /// Objects to be found.
    var objects = 0

    /// NaN where nothing passed.
    var precision: Double { Double(right) / Double(kept) }
    /// NaN where there are no objects.
    var recall: Double { Double(right) / Double(objects) }

    static func + (a: Count, b: Count) -> Count {
      Count(kept: a.kept + b.kept, right: a.right + b.right, objects: a.objects + b.objects)
    }
  }

  /// Regions learnt as background, and those among them that are objects: by number and by weight in the loss.
  struct Background: Equatable, Sendable {
    var regions = 0
    var wrong = 0
    var weight = 0.0
    var wrongWeight = 0.0

    /// The share of regions; NaN without any.
    var wrongShare: Double { Double(wrong) / Double(regions) }
    /// The share of weight; NaN without any.
    var wrongWeightShare: Double { wrongWeight / weight }
  }

  /// Images that were looked at, each time one was.
  private(set) var images = 0
  /// By class from label 1, for the class and the box filter; of objectness there is one for all.
  private(set) var counts: [PseudoBoxes.Purpose: [Count]]
  /// Nil until a method has handed over its background.
  private(set) var background: Background?

  private static let overlap = 0.5

  /// Nothing counted.
  init(classCount: Int) {
    counts = [
      .proposals: [Count()], .classes: Array(repeating: Count(), count: classCount),
      .boxes: Array(repeating: Count(), count: classCount),
    ]
  }

  /// What was counted before.
  init(images: Int, counts: [PseudoBoxes.Purpose: [Count]], background: Background?) {
    self.images = images
    self.counts = counts
    self.background = background
  }

  /// A filter's counts, all classes together.
  func total(_ purpose: PseudoBoxes.Purpose) -> Count { (counts[purpose] ?? []).reduce(Count(), +) }

  /// Counts the images of a step that the labels cover.
  ///
  /// - Returns: How many there are.
  @discardableResult mutating func add(_ step: TaughtStep, _ truth: HiddenTruth) -> Int {
    let covered = step.weak.views.enumerated().compactMap { place, view in
      truth.truth(of: view.image, as: place).map { (place: place, truth: $0) }
    }
    guard !covered.isEmpty else { return 0 }
    images += covered.count
    for purpose in PseudoBoxes.Purpose.allCases {
      let found = covered.map { ($0.place, boxes(passing: purpose, in: step, image: $0.place)) }
      add(found, purpose, covered.flatMap(\.truth), classCount: truth.classes.count)
    }
    if let regions = step.background {
      let weights = regions.weights.doubles
      var first = 0
      for (place, sample) in regions.samples.enumerated() {
        let own = weights[first..<first + sample.labels.count]
        first += sample.labels.count
        guard let objects = covered.first(where: { $0.place == place })?.truth else { continue }
        add(sample, Array(own), objects, in: step.strong.views[place].geometry)
      }
    }
    return covered.count
  }

  /// Counts boxes of whole images, all of which are learnt by every loss, where the labels cover the image.
  ///
  /// - Parameter found: Places in the unlabelled pool, and the boxes in pixels of the image.
  mutating func add(_ found: [(place: Int, boxes: [FoundBox])], _ truth: HiddenTruth) {
    let covered = found.compactMap { image in
      truth.truth(of: image.place, as: image.place).map { (image: image.place, boxes: image.boxes, truth: $0) }
    }
    images += covered.count
    for purpose in PseudoBoxes.Purpose.allCases {
      add(covered.map { ($0.image, $0.boxes) }, purpose, covered.flatMap(\.truth), classCount: truth.classes.count)
    }
  }

  /// The candidates of an image that pass a filter, in pixels of the image.
  private func boxes(passing purpose: PseudoBoxes.Purpose, in step: TaughtStep, image: Int) -> [FoundBox] {
    let found = step.found[image]
    let all = Detections(boxes: found.boxes, scores: found.scores, labels: found.labels)
    let kept = all.gathered(step.filters.passes(purpose, found).trueIndices())
    return DetectionReader.boxes(kept, in: step.weak.views[image])
  }

  private mutating func add(
    _ found: [(image: Int, boxes: [FoundBox])], _ purpose: PseudoBoxes.Purpose, _ truth: [TruthBox], classCount: Int
  ) {
    // Objectness knows one class of all objects.
    let classes = purpose == .proposals ? 1 : classCount
    func label(_ own: Int) -> Int { purpose == .proposals ? 1 : own }
    let detections = found.flatMap { image, boxes in
      boxes.map { box in
        DetectedBox(
          image: image, category: label(box.classIndex + 1), x: box.box.x0, y: box.box.y0, width: box.box.width,
          height: box.box.height, score: box.score)
      }
    }
    let objects = truth.map {
      var object = $0
      object.category = label($0.category)
      return object
    }
    let all = ScoreThresholds(
      truth: objects, detections: detections,
      categories: (1...classes).map { EvaluatedCategory(id: $0, name: "") }, scores: [-1], wantedPrecision: 1)
    counts[purpose] = zip(counts[purpose] ?? [], all.classes).map { count, found in
      found.kept.reduce(count) { $0 + Count(kept: $1.count, right: $1.right, objects: $1.objects) }
    }
  }

  /// Counts the background of an image; regions over crowds and objects that do not count are neither right nor wrong.
  private mutating func add(
    _ sample: RegionHeads.Sample, _ weights: [Double], _ truth: [TruthBox], in strong: ViewGeometry
  ) {
    var count = background ?? Background()
    let objects = truth.map { object in
      let box = strong.map.map(Box(x: object.x, y: object.y, width: object.width, height: object.height))
      return (
        box: box.clipped(toHeight: Double(strong.height), width: Double(strong.width)),
        isCounted: !object.isCrowd && !object.isIgnored
      )
    }
    let corners = sample.boxes.doubles
    for (region, label) in sample.labels.integers.enumerated() where label == 0 {
      let box = Box(
        x0: corners[4 * region], y0: corners[4 * region + 1], x1: corners[4 * region + 2], y1: corners[4 * region + 3])
      let met = objects.filter { $0.box.intersectionOverUnion(with: box) >= Self.overlap }
      let isWrong = met.contains(where: \.isCounted)
      guard isWrong || met.isEmpty else { continue }
      count.regions += 1
      count.weight += weights[region]
      if isWrong {
        count.wrong += 1
        count.wrongWeight += weights[region]
      }
    }
    background = count
  }
}
