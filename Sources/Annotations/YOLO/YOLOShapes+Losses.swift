import Documents

extension YOLOShapes {
  /// Coordinates that come back closer than this are the same: sums of decimals differ by less.
  private static let sameness = 1e-9

  /// What would be lost by writing a set.
  func losses(of set: AnnotationSet) -> ConversionLosses {
    var losses = ConversionLosses()
    if !set.extra.isEmpty { losses.add(.fileKeys, set.extra.keys.joined(separator: ", "), count: set.extra.count) }
    losses.add(
      numbersOf: set,
      .init(
        imageKey: { $0.fileName }, listsClasses: true,
        parts: { object in
          if !Self.isWritten(object) { return 0 }
          return rings && object.outline != nil ? Outline(of: object).rings.count : 1
        }))
    let objects = set.objectsByImage
    for image in set.images {
      for key in image.extra.keys { losses.add(.imageKeys, "\(key) of \(image.fileName)") }
      if image.width == 0 || image.height == 0 { losses.add(.unknownSize, image.fileName) }
      for place in objects[image.id] ?? [] { add(lossesOf: set.objects[place], in: image, to: &losses) }
    }
    return losses
  }

  private func add(lossesOf object: ObjectAnnotation, in image: ImageRecord, to losses: inout ConversionLosses) {
    func place() -> String { "object \(object.id) in \(image.fileName)" }
    guard Self.isWritten(object) else {
      return losses.add(.crowdLeftOut, place(), image: image.fileName)
    }
    losses.add(flagsOf: object, place)
    if !rings {
      losses.add(outlineOf: object, place)
      if movesBox(object.box, image) { losses.add(.precision, place()) }
      return
    }
    let outline = Outline(of: object)
    if outline.rings.contains(where: { movesRing($0, image) }) { losses.add(.precision, place()) }
    guard outline.isOwn else {
      losses.add(object.outline == nil ? .boxOutline : .segmentation, place())
      if object.outline == nil, !object.hasAreaOfBox { losses.add(.area, place()) }
      return
    }
    if outline.holes > 0 { losses.add(.holes, "\(place()) has \(outline.holes)") }
    // The parts of what is split have boxes and areas of their own.
    guard outline.rings.count == 1 else {
      return losses.add(.parts, "\(place()) has \(outline.rings.count)", image: image.fileName)
    }
    let box = Ring.box(around: outline.rings[0])
    if moves([box.x0, box.y0, box.x1, box.y1], [object.box.x0, object.box.y0, object.box.x1, object.box.y1]) {
      losses.add(
        .outlineBox, "\(place()): \(AnnotationCheck.describe(object.box)) becomes \(AnnotationCheck.describe(box))")
    }
    let area = Ring.area(of: outline.rings[0])
    if outline.holes == 0, abs(area - object.area) > Self.sameness * max(1, area) { losses.add(.area, place()) }
  }

  private func moves(_ one: [Double], _ other: [Double]) -> Bool {
    zip(one, other).contains { abs($0 - $1) > Self.sameness }
  }

  private func movesRing(_ ring: [Double], _ image: ImageRecord) -> Bool {
    ring.enumerated().contains { place, value in
      let side = place % 2 == 0 ? image.width : image.height
      guard side > 0, let fixed = YOLONumber.fixed(value, of: side) else { return false }
      return abs(YOLONumber.pixels(YOLONumber.share(fixed) * Double(side)) - value) > Self.sameness
    }
  }

  private func movesBox(_ box: Box, _ image: ImageRecord) -> Bool {
    let (height, width) = (image.height, image.width)
    guard height > 0, width > 0, let cx = YOLONumber.fixed((box.x0 + box.x1) / 2, of: width),
      let cy = YOLONumber.fixed((box.y0 + box.y1) / 2, of: height), let w = YOLONumber.fixed(box.width, of: width),
      let h = YOLONumber.fixed(box.height, of: height)
    else { return false }
    let back = YOLONumber.box(
      YOLONumber.share(cx), YOLONumber.share(cy), YOLONumber.share(w), YOLONumber.share(h), height: height,
      width: width)
    return abs(back.x0 - box.x0) > Self.sameness || abs(back.y0 - box.y0) > Self.sameness
      || abs(back.x1 - box.x1) > Self.sameness || abs(back.y1 - box.y1) > Self.sameness
  }
}
