import Annotations
import Detection
@testable import Samples
import Torch
import Views

@testable import SemiSupervision

/// Steps made by hand: what a teacher would have found in images of 100×200 pixels.
enum TaughtImages {
  /// A box that the teacher has found, in pixels of the weak view.
  typealias Found = (box: [Float], score: Float, label: Int)

  /// A view of an image of 100×200, doubled in size, and mirrored or not.
  static func view(_ image: Int, mirrored: Bool = false) -> View {
    var geometry = ViewGeometry(originalHeight: 100, originalWidth: 200)
    geometry.resize(shortSide: 200, longSide: 1000)
    if mirrored { geometry.mirror() }
    return View(image: image, imageID: image, name: "\(image).jpg", geometry: geometry, labels: BoxLabels())
  }

  /// A step of these images; weak views are mirrored, strong ones not. Class and proposal filters ask for 0.9, candidates for 0.5.
  static func step(
    _ images: [(place: Int, found: [Found])], background: BackgroundRegions? = nil,
    _ thresholds: PseudoBoxes.Thresholds = .init()
  ) -> TaughtStep {
    func batch(mirrored: Bool) -> ViewBatch {
      ViewBatch(
        images: Tensor.zeros([images.count, 3, 8, 8]), views: images.map { view($0.place, mirrored: mirrored) })
    }
    let detections = images.map { all(of: $0.found) }
    let found = detections.map { all in
      let kept = all.gathered((all.scores .> 0.5).trueIndices())
      return PseudoBoxes(
        boxes: kept.boxes, scores: kept.scores, labels: kept.labels,
        uncertainty: kept.scores.multiplied(by: 0))
    }
    return TaughtStep(
      weak: batch(mirrored: true), strong: batch(mirrored: false), detections: detections, found: found,
      filters: .init(thresholds), background: background)
  }

  private static func all(of found: [Found]) -> Detections {
    Detections(
      boxes: Tensor(found.flatMap(\.box), shape: [found.count, 4]),
      scores: Tensor(found.map(\.score), shape: [found.count]),
      labels: found.isEmpty ? .zeros([0], .int64) : Tensor(found.map(\.label)))
  }
}
