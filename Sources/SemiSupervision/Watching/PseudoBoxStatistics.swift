import Detection
import Documents
import Samples
import Torch

/// What a teacher passed on over some steps, counted: boxes by class and filter, and the scores of all that it found.
struct PseudoBoxStatistics: Equatable, Sendable {
  /// Equal parts of 0…1 by which scores are counted.
  static let bins = 20
  /// The same of the best score of an image.
  static let bestBins = 100

  /// Unlabelled images that were looked at, each time one was.
  private(set) var images = 0
  /// By filter, in the order of ``PseudoBoxes/Purpose``, and class from label 1: boxes that passed.
  private(set) var passed: [[Int]]
  /// By class from label 1 and score: all boxes that the teacher found.
  private(set) var scores: [[Int]]
  /// Images by the best score in them; those in which nothing was found have 0.
  private(set) var bestScores: [Int]

  private static let purposes = PseudoBoxes.Purpose.allCases

  /// Nothing counted.
  init(classCount: Int) {
    passed = Self.purposes.map { _ in Array(repeating: 0, count: classCount) }
    scores = Array(repeating: Array(repeating: 0, count: Self.bins), count: classCount)
    bestScores = Array(repeating: 0, count: Self.bestBins)
  }

  /// Counts a step.
  mutating func add(_ step: TaughtStep) {
    for (place, purpose) in Self.purposes.enumerated() {
      for found in step.found {
        for label in found.labels.gathered(step.filters.passes(purpose, found).trueIndices()).integers {
          passed[place][label - 1] += 1
        }
      }
    }
    for found in step.detections { add(Array(zip(found.scores.doubles, found.labels.integers))) }
  }

  /// Counts an image of which all boxes are learnt by the class loss whose score is above that of their class.
  mutating func add(_ found: [(score: Double, label: Int)], above least: [Double]) {
    for (score, label) in found where score > least[label - 1] {
      for place in passed.indices { passed[place][label - 1] += 1 }
    }
    add(found)
  }

  private mutating func add(_ found: [(score: Double, label: Int)]) {
    images += 1
    var best = 0.0
    for (score, label) in found where score.isFinite {
      scores[label - 1][Self.bin(score, of: Self.bins)] += 1
      best = max(best, score)
    }
    bestScores[Self.bin(best, of: Self.bestBins)] += 1
  }

  private static func bin(_ score: Double, of count: Int) -> Int {
    min(count - 1, max(0, Int(score * Double(count))))
  }

  /// Boxes that passed a filter, by class from label 1.
  func passed(_ purpose: PseudoBoxes.Purpose) -> [Int] {
    Self.purposes.firstIndex(of: purpose).map { passed[$0] } ?? []
  }

  /// The median of the best scores of images, to the middle of a hundredth; nil without images.
  static func median(ofBest counts: [Int]) -> Double? {
    let images = counts.reduce(0, +)
    var below = 0
    for (bin, count) in counts.enumerated() where count > 0 {
      below += count
      if 2 * below >= images { return (Double(bin) + 0.5) / Double(counts.count) }
    }
    return nil
  }

  // MARK: In files

  /// Counts by the names of classes.
  func json(classes: [String]) -> JSON {
    func byClass(_ values: [JSON]) -> JSON { .object(JSONObject(Array(zip(classes, values)))) }
    var members = JSONObject([("images", JSON(images))])
    for (purpose, counts) in zip(Self.purposes, passed) { members["\(purpose)"] = byClass(counts.map { JSON($0) }) }
    members["scores"] = byClass(scores.map { .array($0.map { JSON($0) }) })
    members["bestScores"] = .array(bestScores.map { JSON($0) })
    return .object(members)
  }

  /// Goes on from what ``json(classes:)`` made; nil for something else.
  init?(_ json: JSON?, classes: [String]) {
    func counts(_ json: JSON?, _ wanted: Int) -> [Int]? {
      let values = json?.array?.compactMap(\.int)
      return values?.count == wanted ? values : nil
    }
    guard let json, let images = json["images"]?.int, let best = counts(json["bestScores"], Self.bestBins) else {
      return nil
    }
    self.init(classCount: classes.count)
    self.images = images
    bestScores = best
    for (index, name) in classes.enumerated() {
      for (place, purpose) in Self.purposes.enumerated() {
        guard let count = json["\(purpose)"]?[name]?.int else { return nil }
        passed[place][index] = count
      }
      guard let row = counts(json["scores"]?[name], Self.bins) else { return nil }
      scores[index] = row
    }
  }
}

/// The objects of the labelled images, to compare pseudo-boxes with.
struct LabeledCounts: Equatable, Sendable {
  /// Images.
  let images: Int
  /// Objects by class from label 1.
  let objects: [Int]

  /// Counts of a pool.
  init(images: Int, objects: [Int]) {
    self.images = images
    self.objects = objects
  }

  /// Counts of the labelled images of a run.
  init(_ labeled: LabeledPool) { self.init(images: labeled.pool.count, objects: labeled.objectsByClass) }
}
