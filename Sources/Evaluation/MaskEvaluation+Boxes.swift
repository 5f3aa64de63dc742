extension MaskEvaluation {
  /// The objects and detections with the boxes around their masks in place of them; areas stay those of the masks.
  var boxes: BoxEvaluation {
    let overlaps = overlaps
    let found = MaskReading(detections.count) { index, _, runs throws(ResultMisfit) in overlaps.box(of: index, &runs) }
    return BoxEvaluation(
      truth: truth.map {
        TruthBox(
          image: $0.image, category: $0.category, x: Double($0.box.x), y: Double($0.box.y),
          width: Double($0.box.width), height: Double($0.box.height), area: $0.area, isCrowd: $0.isCrowd,
          isIgnored: $0.isIgnored, hasIDZero: $0.hasIDZero)
      },
      detections: zip(detections, found.values).map { detection, box in
        DetectedBox(
          image: detection.image, category: detection.category, x: Double(box.x), y: Double(box.y),
          width: Double(box.width), height: Double(box.height), area: detection.area, score: detection.score)
      }, categories: categories, images: images, leftOutCount: leftOutCount)
  }
}
