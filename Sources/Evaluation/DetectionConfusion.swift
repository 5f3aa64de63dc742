import Documents

/// Which class objects were detected as, at one threshold on the score.
///
/// In each image the detections that score more than the threshold go by falling score, twice: first each takes the free object of
/// its class that it overlaps most, then those left over take what is left over of other classes; the least overlap is 0.5. What is
/// left then is missed, or on background. Crowds and difficult objects are not counted, nor is what covers one of its class.
public struct DetectionConfusion: Sendable, Equatable {
  /// A pair that occurs: what objects are, and what they were detected as.
  public struct Cell: Sendable, Equatable {
    /// The place of the true class; K for background.
    public var row: Int
    /// The place of the detected class; K for missed.
    public var column: Int
    /// How often it occurs, at least once.
    public var count: Int
  }

  /// The classes, K.
  public let categories: [EvaluatedCategory]
  /// Detections count that score more than this.
  public let threshold: Double
  /// The pairs that occur by row, then column: of thousands of classes few are taken for each other.
  public let cells: [Cell]

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
    let side = categories.count + 1
    /// By row · side + column.
    var counts: [Int: Int] = [:]
    func count(_ row: Int, _ column: Int) { counts[row * side + column, default: 0] += 1 }
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
      let order = ScoreOrder.falling(found[image] ?? []) { detections[$0].score }
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
        if take(detection, ofItsClass: true) != nil { count(own, own) } else { rest.append(detection) }
      }
      for detection in rest {
        let isCovered = present.contains {
          (truth[$0].isCrowd || truth[$0].isIgnored) && truth[$0].category == detections[detection].category
            && overlap(detection, $0) >= Self.leastOverlap
        }
        if isCovered { continue }
        let row = take(detection, ofItsClass: false).flatMap { indices[truth[$0].category] } ?? categories.count
        count(row, indices[detections[detection].category] ?? 0)
      }
      for object in free { count(indices[truth[object].category] ?? 0, categories.count) }
    }
    cells = counts.sorted { $0.key < $1.key }.map { Cell(row: $0.key / side, column: $0.key % side, count: $0.value) }
  }

  private static let leastOverlap = 0.5

  /// All pairs: K + 1 rows, the true classes and background; K + 1 columns, the detected classes and missed. For few classes.
  public var matrix: [[Int]] {
    var matrix = Array(repeating: Array(repeating: 0, count: categories.count + 1), count: categories.count + 1)
    for cell in cells { matrix[cell.row][cell.column] = cell.count }
    return matrix
  }

  /// The objects of a class that count, detected as whatever.
  public func objectCount(row: Int) -> Int { cells.reduce(0) { $1.row == row ? $0 + $1.count : $0 } }

  /// The classes that are taken for each other, the most frequent first; equal ones in the order of the classes.
  public var confusions: [Cell] {
    cells.filter { $0.row != $0.column && max($0.row, $0.column) < categories.count }
      .sorted { ($1.count, $0.row, $0.column) < ($0.count, $1.row, $1.column) }
  }

  /// For `evaluate errors --json`.
  public var json: JSON {
    [
      "threshold": JSON(threshold), "overlap": JSON(Self.leastOverlap),
      "rows": .array(categories.map { JSON($0.name) } + ["background"]),
      "columns": .array(categories.map { JSON($0.name) } + ["missed"]),
      "cells": .array(cells.map { .array([JSON($0.row), JSON($0.column), JSON($0.count)]) }),
    ]
  }
}
