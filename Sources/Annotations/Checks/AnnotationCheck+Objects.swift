import Documents

extension AnnotationCheck {
  /// What only a close look finds: outlines and masks that cannot be used or show nothing, areas that cannot be right, objects given
  /// twice, images and classes without objects, class ids with gaps, names that other systems take for one.
  ///
  /// - Parameter isWhole: whether the objects are all those of a COCO file, in its order, so that messages can name their place there.
  public static func contents(of set: AnnotationSet, isWhole: Bool = false) -> AnnotationProblems {
    let images = Dictionary(set.images.map { ($0.id, $0) }) { first, _ in first }
    // Most of the work is the numbers of the outlines, so it is done on all cores.
    let partSize = 2048
    let parts = parallelMap(count: (set.objects.count + partSize - 1) / partSize) { part in
      shapes(
        of: set.objects, part * partSize..<min((part + 1) * partSize, set.objects.count), in: images, isWhole: isWhole)
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
    for image in set.images where image.height > 0 && image.width > 0 {
      do throws(AnnotationError) { _ = try image.ignoredMasks() } catch {
        problems.add(.badSegmentation, error.description)
      }
    }
    let used = Set(set.objects.map(\.imageID))
    for image in set.images where !used.contains(image.id) {
      problems.add(.imageWithoutObjects, "\(image.fileName) has no object")
    }
    problems.add(classes(of: set))
    problems.add(similarNames(of: set))
    return problems
  }

  private struct Key: Hashable {
    let image: Int
    let category: Int
    let box: Box
  }
}
