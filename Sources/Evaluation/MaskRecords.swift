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
  var shape: MaskShape
}

/// One detection of one image, as mask evaluation sees it.
struct DetectedMask: JudgedDetection {
  var image: Int
  var category: Int
  var area: Double
  var score: Double
  var shape: MaskShape
}

/// A mask that is known to be readable: its box, and its runs when they are needed.
///
/// Runs of all masks at once would take more memory than their text, and most are never compared.
struct MaskShape: Sendable {
  private let segmentation: Segmentation
  private let size: MaskSize?
  let box: PixelBox

  /// Looks at a mask once.
  ///
  /// - Parameters:
  ///   - size: the size of its image, which polygons are drawn in.
  ///   - runs: storage.
  /// - Returns: the shape and the number of its pixels.
  static func checked(
    _ segmentation: Segmentation, size: MaskSize?, parity: EvaluationParity, _ runs: inout MaskRuns
  ) throws(ResultMisfit) -> (shape: MaskShape, area: Double) {
    runs.removeAll()
    do throws(MaskMisfit) {
      let mask = try runs.append(segmentation, size: size, keepsEmptyRuns: parity == .strict)
      if let size, parity == .corrected, mask.size != size {
        throw MaskMisfit(
          reason: "has the size [\(mask.size.height), \(mask.size.width)], its image [\(size.height), \(size.width)]")
      }
      return (
        MaskShape(segmentation: segmentation, size: size, box: runs.box(of: mask)), Double(runs.area(of: mask))
      )
    } catch { throw ResultMisfit("segmentation " + error.reason) }
  }

  /// Appends the runs.
  func append(to runs: inout MaskRuns, parity: EvaluationParity) -> MaskRuns.Mask {
    do throws(MaskMisfit) {
      return try runs.append(segmentation, size: size, keepsEmptyRuns: parity == .strict)
    } catch { preconditionFailure("a mask that was readable is no longer: \(error.reason)") }
  }
}

/// Overlaps of masks: by their runs, and only where their boxes overlap.
struct MaskOverlaps: ObjectOverlaps {
  let truth: [TruthMask]
  let detections: [DetectedMask]
  let parity: EvaluationParity

  /// Runs of the objects of one image, and of one detection.
  struct Scratch {
    var truths = MaskRuns()
    var masks: [MaskRuns.Mask?] = []
    var detection = MaskRuns()
  }

  func makeScratch() -> Scratch { Scratch() }

  func fill(
    _ overlaps: inout [Double], detections found: [EvaluationGroups.Detection],
    truths: UnsafeBufferPointer<EvaluationGroups.Truth>, _ scratch: inout Scratch
  ) {
    scratch.truths.removeAll()
    scratch.masks.removeAll(keepingCapacity: true)
    for _ in truths { scratch.masks.append(nil) }
    for (row, entry) in found.enumerated() {
      let index = Int(entry.index)
      var own: MaskRuns.Mask?
      for (column, object) in truths.enumerated() {
        let place = row * truths.count + column
        let other = Int(object.index)
        overlaps[place] = 0
        guard detections[index].shape.box.overlaps(truth[other].shape.box) else { continue }
        let mask = scratch.masks[column] ?? truth[other].shape.append(to: &scratch.truths, parity: parity)
        scratch.masks[column] = mask
        if own == nil {
          scratch.detection.removeAll()
          own = detections[index].shape.append(to: &scratch.detection, parity: parity)
        }
        guard let own else { continue }
        overlaps[place] = scratch.detection.overlap(
          of: own, with: mask, in: scratch.truths, isCrowd: object.isCrowd)
      }
    }
  }
}
