extension AnnotationCheck {
  /// What only a close look finds: outlines and masks that cannot be used, objects given twice, images without objects.
  public static func contents(of set: AnnotationSet) -> AnnotationProblems {
    let images = Dictionary(set.images.map { ($0.id, $0) }) { first, _ in first }
    // Most of the work is the numbers of the outlines, so it is done on all cores.
    let partSize = 2048
    let parts = parallelMap(count: (set.objects.count + partSize - 1) / partSize) { part in
      segmentations(of: set.objects[part * partSize..<min((part + 1) * partSize, set.objects.count)], in: images)
    }
    var problems = AnnotationProblems()
    for part in parts { problems.add(part) }
    var seen: [Key: Int] = [:]
    for object in set.objects {
      let key = Key(image: object.imageID, category: object.categoryID, box: object.box)
      if let other = seen[key] {
        problems.add(.identicalObjects, "object \(object.id) has image, class and box of object \(other)")
      } else {
        seen[key] = object.id
      }
    }
    let used = Set(set.objects.map(\.imageID))
    for image in set.images where !used.contains(image.id) {
      problems.add(.imageWithoutObjects, "\(image.fileName) has no object")
    }
    return problems
  }

  private static func segmentations(
    of objects: ArraySlice<ObjectAnnotation>, in images: [Int: ImageRecord]
  ) -> AnnotationProblems {
    var problems = AnnotationProblems()
    for object in objects {
      guard let segmentation = object.segmentation else { continue }
      func place() -> String { "object \(object.id)" }
      do throws(AnnotationError) {
        guard case .mask(let mask) = try segmentation.content(place: place()), let image = images[object.imageID] else {
          continue
        }
        if image.height > 0, image.width > 0, (mask.height, mask.width) != (image.height, image.width) {
          problems.add(
            .badSegmentation,
            "\(place()): the mask is \(mask.width)×\(mask.height), the image \(image.fileName) \(image.width)×\(image.height)"
          )
        }
      } catch { problems.add(.badSegmentation, error.description) }
    }
    return problems
  }

  private struct Key: Hashable {
    let image: Int
    let category: Int
    let box: Box
  }
}
