import Annotations

/// The masks of detections, read from their text whenever they are needed: the runs of all would take more memory than it, and most are
/// never compared.
struct FoundMasks: Sendable {
  private let predictions: [PredictedObject]
  /// Of each detection that is judged, its place among the predictions.
  private let places: [Int]
  private let kind: ResultKind
  private let judged: JudgedImages
  private let parity: EvaluationParity

  init(_ predictions: [PredictedObject], places: [Int], judged: JudgedImages, parity: EvaluationParity) {
    self.predictions = predictions
    self.places = places
    self.judged = judged
    self.parity = parity
    kind = ResultKind(predictions, parity: parity)
  }

  /// The detection as evaluation sees it, without its box, and its mask, whose runs are then alone in the storage.
  func read(_ index: Int, _ runs: inout MaskRuns) throws(ResultMisfit) -> (DetectedMask, MaskRuns.Mask) {
    let prediction = predictions[places[index]]
    let segmentation = try segmentation(of: prediction)
    runs.removeAll()
    let mask = try runs.append(segmentation, size: judged.size(of: prediction.imageID), parity: parity)
    let pixels = Double(runs.area(of: mask))
    let area = kind == .masks ? pixels : prediction.writtenBox.map { $0.width * $0.height } ?? pixels
    let detection = DetectedMask(
      image: prediction.imageID, category: prediction.categoryID, area: area, score: prediction.score, box: nil)
    return (detection, mask)
  }

  /// The mask of a detection that could be read before.
  func mask(_ index: Int, _ runs: inout MaskRuns) -> MaskRuns.Mask {
    do throws(ResultMisfit) { return try read(index, &runs).1 } catch {
      preconditionFailure("a mask that was readable is no longer: \(error.reason)")
    }
  }

  /// The mask of a result, which with strict parity may be the rectangle of its box.
  private func segmentation(of prediction: PredictedObject) throws(ResultMisfit) -> Segmentation {
    guard prediction.score.isFinite else { throw ResultMisfit("score is not finite") }
    let box = prediction.writtenBox
    if let misfit = kind.misfit(hasBox: box != nil, hasMask: prediction.segmentation != nil) {
      throw ResultMisfit(misfit)
    }
    if let own = prediction.segmentation { return own }
    guard kind == .boxes, let box else { throw ResultMisfit("has no \"segmentation\"") }
    let (right, bottom) = (box.x + box.width, box.y + box.height)
    return Segmentation(polygons: [[box.x, box.y, box.x, bottom, right, bottom, right, box.y]])
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
          reason: "segmentation has the size [\(mask.size.height), \(mask.size.width)], its image "
            + "[\(size.height), \(size.width)]")
      }
      return mask
    } catch { throw ResultMisfit(error.reason) }
  }
}
