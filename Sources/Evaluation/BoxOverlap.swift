extension DetectedBox {
  /// Intersection over union with an object's box, 0…1; over a crowd, intersection over the detection.
  ///
  /// In the order of operations of COCO's `bbIou`, so that what lies exactly at a threshold lies there too. Touching edges give 0.
  func overlap(with object: TruthBox) -> Double {
    let across = min(width + x, object.width + object.x) - max(x, object.x)
    if across <= 0 { return 0 }
    let down = min(height + y, object.height + object.y) - max(y, object.y)
    if down <= 0 { return 0 }
    let common = across * down
    let own = width * height
    return object.isCrowd ? common / own : common / (own + object.width * object.height - common)
  }
}
