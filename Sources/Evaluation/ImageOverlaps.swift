import Documents

/// The overlaps of all detections and objects of each image, whatever their classes: average precision needs those of one class only.
struct ImageOverlaps: Sendable {
  /// One image: overlaps by detection, then object.
  private struct Table: Sendable {
    var width: Int
    var values: [Double]
  }

  /// Of each detection its table and row, of each object its table and column.
  private var rows: [(table: Int, row: Int)]
  private var columns: [(table: Int, column: Int)]
  private let tables: [Table]

  /// Computes them, each image on a core of its own.
  init<T: JudgedTruth, D: JudgedDetection, O: ObjectOverlaps>(truth: [T], detections: [D], overlaps: O) {
    let objects = Dictionary(grouping: truth.indices, by: { truth[$0].image })
    let found = Dictionary(grouping: detections.indices, by: { detections[$0].image })
    let images = Set(objects.keys).union(found.keys).sorted()
    tables = parallelMap(count: images.count) { place in
      let truths = (objects[images[place]] ?? []).map { index in
        EvaluationGroups.Truth(
          index: Int32(index), image: Int32(place), wanted: 1, isCrowd: truth[index].isCrowd, isNeverFound: false)
      }
      let entries = (found[images[place]] ?? []).map { index in
        EvaluationGroups.Detection(score: detections[index].score, index: Int32(index), image: Int32(place), areas: 1)
      }
      var values = [Double](repeating: 0, count: truths.count * entries.count)
      var scratch = overlaps.makeScratch()
      if !values.isEmpty {
        truths.withUnsafeBufferPointer { overlaps.fill(&values, detections: entries, truths: $0, &scratch) }
      }
      return Table(width: truths.count, values: values)
    }
    rows = Array(repeating: (0, 0), count: detections.count)
    columns = Array(repeating: (0, 0), count: truth.count)
    for (table, image) in images.enumerated() {
      for (row, detection) in (found[image] ?? []).enumerated() { rows[detection] = (table, row) }
      for (column, object) in (objects[image] ?? []).enumerated() { columns[object] = (table, column) }
    }
  }

  /// The overlap of a detection and an object by their places; 0 where they are of different images.
  func of(_ detection: Int, _ object: Int) -> Double {
    let ((table, row), (other, column)) = (rows[detection], columns[object])
    return table == other ? tables[table].values[row * tables[table].width + column] : 0
  }
}
