extension MaskEvaluation {
  /// The objects and detections with the boxes around their masks in place of them; areas stay those of the masks.
  var boxes: BoxEvaluation {
    BoxEvaluation(
      truth: truth.map {
        TruthBox(
          image: $0.image, category: $0.category, x: Double($0.box.x), y: Double($0.box.y),
          width: Double($0.box.width), height: Double($0.box.height), area: $0.area, isCrowd: $0.isCrowd,
          isIgnored: $0.isIgnored, hasIDZero: $0.hasIDZero)
      },
      detections: detections.map {
        DetectedBox(
          image: $0.image, category: $0.category, x: Double($0.box.x), y: Double($0.box.y),
          width: Double($0.box.width), height: Double($0.box.height), area: $0.area, score: $0.score)
      }, categories: categories, images: images, leftOutCount: leftOutCount)
  }
}
