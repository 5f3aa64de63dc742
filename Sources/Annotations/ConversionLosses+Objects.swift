extension ObjectAnnotation {
  /// Whether its area is that of its box, but for rounding.
  var hasAreaOfBox: Bool {
    let box = writtenBox.area
    return area == box || abs(area - box) <= 1e-9 * max(1, box)
  }
}

extension ConversionLosses {
  /// What a form loses of an object that has only boxes and classes: flags and keys.
  ///
  /// - Parameter kept: keys that it has a place for.
  mutating func add(flagsOf object: ObjectAnnotation, keeping kept: Set<String> = [], _ place: () -> String) {
    if object.isDifficult { add(.difficult, place()) }
    if object.isTruncated { add(.truncated, place()) }
    for key in object.extra.keys where !kept.contains(key) && !object.isFlag(key) {
      add(.objectKeys, "\(key) of \(place())")
    }
  }

  /// What a form of boxes alone loses: an outline with its area, or an area that is not the box's.
  mutating func add(outlineOf object: ObjectAnnotation, _ place: () -> String) {
    if object.outline != nil {
      add(.segmentation, place())
    } else if !object.hasAreaOfBox {
      add(.area, place())
    }
  }
}
