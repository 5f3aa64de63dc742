import Annotations

/// One true object of one image, as mask evaluation sees it.
struct TruthMask: JudgedTruth {
  var image: Int
  var category: Int
  /// The `area` of the file, which decides whether the object is small, medium or large.
  var area: Double
  var isCrowd: Bool
  var isIgnored: Bool
  var hasIDZero: Bool
  var box: PixelBox
  /// Its runs, and the block that they are in.
  var mask: MaskRuns.Mask
  var block: Int
}

/// One detection of one image, as mask evaluation sees it.
struct DetectedMask: JudgedDetection {
  var image: Int
  var category: Int
  var area: Double
  var score: Double
  /// Nil where it was not looked for: no object of its class is in its image.
  var box: PixelBox?
}

/// Overlaps of masks: by their runs, and only where their boxes overlap.
struct MaskOverlaps: ObjectOverlaps {
  let truth: [TruthMask]
  let blocks: [MaskRuns]
  let detections: [DetectedMask]
  /// The masks of the detections.
  let found: FoundMasks

  func makeScratch() -> MaskRuns { MaskRuns() }

  func fill(
    _ overlaps: inout [Double], detections entries: [EvaluationGroups.Detection],
    truths: UnsafeBufferPointer<EvaluationGroups.Truth>, _ scratch: inout MaskRuns
  ) {
    for (row, entry) in entries.enumerated() {
      let index = Int(entry.index)
      var own: MaskRuns.Mask?
      let box = box(of: index, &scratch)
      for (column, object) in truths.enumerated() {
        let place = row * truths.count + column
        let other = Int(object.index)
        overlaps[place] = 0
        guard box.overlaps(truth[other].box) else { continue }
        let mask = own ?? found.mask(index, &scratch)
        own = mask
        overlaps[place] = scratch.overlap(
          of: mask, with: truth[other].mask, in: blocks[truth[other].block], isCrowd: object.isCrowd)
      }
    }
  }

  /// The box of a detection, from its mask where it is not known.
  func box(of index: Int, _ scratch: inout MaskRuns) -> PixelBox {
    if let box = detections[index].box { return box }
    let mask = found.mask(index, &scratch)
    return scratch.box(of: mask)
  }
}
