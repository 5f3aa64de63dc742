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

/// One detection of one image, as mask evaluation sees it; its runs are read again when they are needed, since those of all
/// would take more memory than their text, and most are never compared.
struct DetectedMask: JudgedDetection {
  var image: Int
  var category: Int
  var area: Double
  var score: Double
  var box: PixelBox
}

/// Overlaps of masks: by their runs, and only where their boxes overlap.
struct MaskOverlaps: ObjectOverlaps {
  let truth: [TruthMask]
  let blocks: [MaskRuns]
  let detections: [DetectedMask]
  /// The masks of the detections.
  let segmentations: [Segmentation]
  let judged: JudgedImages
  let parity: EvaluationParity

  func makeScratch() -> MaskRuns { MaskRuns() }

  func fill(
    _ overlaps: inout [Double], detections found: [EvaluationGroups.Detection],
    truths: UnsafeBufferPointer<EvaluationGroups.Truth>, _ scratch: inout MaskRuns
  ) {
    for (row, entry) in found.enumerated() {
      let index = Int(entry.index)
      var own: MaskRuns.Mask?
      for (column, object) in truths.enumerated() {
        let place = row * truths.count + column
        let other = Int(object.index)
        overlaps[place] = 0
        guard detections[index].box.overlaps(truth[other].box) else { continue }
        let mask = own ?? mask(of: index, &scratch)
        own = mask
        overlaps[place] = scratch.overlap(
          of: mask, with: truth[other].mask, in: blocks[truth[other].block], isCrowd: object.isCrowd)
      }
    }
  }

  private func mask(of index: Int, _ runs: inout MaskRuns) -> MaskRuns.Mask {
    runs.removeAll()
    do throws(MaskMisfit) {
      return try runs.append(
        segmentations[index], size: judged.size(of: detections[index].image), keepsEmptyRuns: parity == .strict)
    } catch { preconditionFailure("a mask that was readable is no longer: \(error.reason)") }
  }
}

extension MaskRuns {
  /// Adds a mask as evaluation needs it: readable and, with corrected parity, of its image's size.
  mutating func append(
    _ segmentation: Segmentation, size: MaskSize?, parity: EvaluationParity
  ) throws(ResultMisfit) -> Mask {
    do throws(MaskMisfit) {
      let mask = try append(segmentation, size: size, keepsEmptyRuns: parity == .strict)
      if let size, parity == .corrected, mask.size != size {
        throw MaskMisfit(
          reason: "has the size [\(mask.size.height), \(mask.size.width)], its image [\(size.height), \(size.width)]")
      }
      return mask
    } catch { throw ResultMisfit("segmentation " + error.reason) }
  }
}
