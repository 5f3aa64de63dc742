import Imaging

// What views show of a label map, which has a class for every pixel of the image.

extension View {
  /// The label of pixels that are nobody's: not labelled, beyond the image, or erased.
  public static let ignoredLabel: UInt8 = 255

  /// The labels of the view's pixels: those of the image where the view shows it, `ignoredLabel` elsewhere.
  ///
  /// Taken from the nearest pixel, never mixed. Erased rectangles, with noise or without, are ignored, as in ST++'s release;
  /// colours and blur change nothing.
  ///
  /// - Parameter labels: One channel; the image in its own size or another.
  public func labels(from labels: Image) -> Image {
    var result = onCanvas(
      labels.resizedNearest(
        height: geometry.scaledHeight, width: geometry.scaledWidth, rows: geometry.shownRows,
        columns: geometry.shownColumns), beyond: Self.ignoredLabel)
    for step in steps { step.apply(toLabels: &result, erased: Self.ignoredLabel) }
    return result
  }

  /// Which of the view's pixels show the image, 1 and 0: neither beyond it nor erased. One channel.
  public var validity: Image {
    var result = onCanvas(
      Image(height: geometry.shownRows.count, width: geometry.shownColumns.count, channels: 1, fill: 1), beyond: 0)
    for step in steps { step.apply(toLabels: &result, erased: 0) }
    return result
  }
}

extension ViewStep {
  /// Does to a label map what the step does to the places of pixels; `erased` is the label where none is left.
  func apply(toLabels labels: inout Image, erased: UInt8) {
    switch self {
    case .color, .blur: return
    case .geometry(let change, _):
      guard change.isChange else { return }
      let back = change.inverseMap(height: labels.height, width: labels.width)
      labels = labels.warpedNearest(
        sourceX: SIMD3(back.a, back.b, back.tx), sourceY: SIMD3(back.c, back.d, back.ty), fill: erased)
    case .erase(let patches, _):
      for patch in patches {
        labels.fill(y: patch.y, x: patch.x, height: patch.height, width: patch.width, with: erased)
      }
    case .noise(let patch, _):
      labels.fill(y: patch.y, x: patch.x, height: patch.height, width: patch.width, with: erased)
    }
  }
}
