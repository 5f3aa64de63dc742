import Documents

extension AnnotationCheck {
  /// Outlines, masks and areas of some of the objects.
  static func shapes(
    of objects: [ObjectAnnotation], _ places: Range<Int>, in images: [Int: ImageRecord], isWhole: Bool
  ) -> AnnotationProblems {
    var problems = AnnotationProblems()
    for index in places {
      let object = objects[index]
      func place() -> String { isWhole ? "annotations[\(index)]" : "object \(object.id)" }
      checkArea(of: object, place, &problems)
      guard let segmentation = object.segmentation else { continue }
      do throws(AnnotationError) {
        switch (try segmentation.content(place: place()), images[object.imageID]) {
        case (.mask(let mask), let image): check(mask, in: image, { Segmentation.place(in: place()) }, &problems)
        case (.polygons(let rings), let image):
          for (ring, points) in rings.enumerated() {
            check(points, in: image, { Segmentation.place(in: place(), "[\(ring)]") }, &problems)
          }
        }
      } catch { problems.add(.badSegmentation, error.description) }
    }
    return problems
  }

  /// A negative area counts in no range of sizes; 0 and more than the box has are slips of a tool.
  private static func checkArea(
    of object: ObjectAnnotation, _ place: () -> String, _ problems: inout AnnotationProblems
  ) {
    func text() -> String { "\(place()): the area \(JSON.text(of: object.area))" }
    guard object.area.isFinite, object.area >= 0 else {
      let isNumber = object.area.isFinite
      return problems.add(.badArea, isNumber ? "\(text()) is negative" : "\(place()): the area is no number")
    }
    let box = object.box
    guard box.isFinite, !box.isEmpty else { return }
    // COCO's boxes of groups are up to a pixel smaller than their masks.
    if object.area == 0 {
      problems.add(.oddArea, "\(text()), its box has \(JSON.text(of: box.area))")
    } else if object.area > (box.width + 1) * (box.height + 1) {
      problems.add(.oddArea, "\(text()) is more than its box has, \(JSON.text(of: box.area))")
    }
  }

  private static func check(
    _ mask: RunLengthMask, in image: ImageRecord?, _ place: () -> String, _ problems: inout AnnotationProblems
  ) {
    if let image, image.height > 0, image.width > 0, (mask.height, mask.width) != (image.height, image.width) {
      problems.add(
        .badSegmentation,
        "\(place()): the mask is \(mask.width)×\(mask.height), the image \(image.fileName) \(image.width)×\(image.height)"
      )
    } else if mask.area == 0 {
      problems.add(.flatOutline, "\(place()): the mask has no pixel")
    }
  }

  private static func check(
    _ ring: [Double], in image: ImageRecord?, _ place: () -> String, _ problems: inout AnnotationProblems
  ) {
    if Ring.isFlat(ring) {
      problems.add(.flatOutline, "\(place()): all points lie on one line: no area")
    } else if let image, image.height > 0, image.width > 0,
      Ring.box(around: ring).clipped(toHeight: Double(image.height), width: Double(image.width)).isEmpty
    {
      problems.add(
        .outlineOutside, "\(place()): lies outside the image \(image.fileName) of \(image.width)×\(image.height)")
    }
  }
}
