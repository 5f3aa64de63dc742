/// How much detections and objects of one image and class overlap, for one kind of shape.
protocol ObjectOverlaps: Sendable {
  /// What is kept from one image to the next for its storage.
  associatedtype Scratch
  /// Storage for one class.
  func makeScratch() -> Scratch

  /// Intersections over unions; over a crowd, intersections over the detection.
  ///
  /// - Parameters:
  ///   - detections: those of the image, best first.
  ///   - truths: the objects of the image.
  ///   - overlaps: gets the overlap of detection `d` and object `g` at `d * truths.count + g`; it is long enough.
  func fill(
    _ overlaps: inout [Double], detections: [EvaluationGroups.Detection],
    truths: UnsafeBufferPointer<EvaluationGroups.Truth>, _ scratch: inout Scratch)
}

/// Overlaps of boxes.
struct BoxOverlaps: ObjectOverlaps {
  let truth: [TruthBox]
  let detections: [DetectedBox]

  func makeScratch() {}

  func fill(
    _ overlaps: inout [Double], detections found: [EvaluationGroups.Detection],
    truths: UnsafeBufferPointer<EvaluationGroups.Truth>, _ scratch: inout Void
  ) {
    var place = 0
    for entry in found {
      let detection = detections[Int(entry.index)]
      for object in truths {
        overlaps[place] = detection.overlap(with: truth[Int(object.index)])
        place += 1
      }
    }
  }
}
