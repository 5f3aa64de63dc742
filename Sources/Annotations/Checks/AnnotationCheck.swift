import Documents

/// The rules that labels are held to, without looking at image files.
public enum AnnotationCheck {
  /// Ids that occur once, references that lead somewhere, names that stay inside their folder, sizes that are sizes,
  /// boxes with an area and inside their image.
  public static func references(of set: AnnotationSet) -> AnnotationProblems {
    var problems = AnnotationProblems()
    checkCategories(set, &problems)
    let images = checkImages(set, &problems)
    let categories = Set(set.categories.map(\.id))
    var ids: Set<Int> = []
    ids.reserveCapacity(set.objects.count)
    for (index, object) in set.objects.enumerated() {
      func place() -> String { "annotations[\(index)] (id \(object.id))" }
      if !ids.insert(object.id).inserted { problems.add(.duplicateObjectID, "\(place()): the id occurs before") }
      if object.id == 0 {
        problems.add(.zeroObjectID, "\(place()): pycocotools never counts an object of id 0 as found")
      }
      if !categories.contains(object.categoryID) {
        problems.add(.unknownCategory, "\(place()): category_id \(object.categoryID) is not among the categories")
      }
      guard let image = images[object.imageID] else {
        problems.add(.unknownImage, "\(place()): image_id \(object.imageID) is not among the images")
        continue
      }
      check(object.box, in: set.images[image], place, &problems)
    }
    return problems
  }

  /// The boxes alone; for sets of which a part was chosen.
  static func boxes(
    of set: AnnotationSet, form: AnnotationFormat, base: VOCPixelBase
  ) -> AnnotationProblems {
    var problems = AnnotationProblems()
    let images = Dictionary(set.images.map { ($0.id, $0) }) { first, _ in first }
    for object in set.objects {
      guard let image = images[object.imageID] else { continue }
      if base.isPoint(object.box, form), !object.box.isEmpty {
        problems.add(.zeroArea, point(object.box, image, "object \(object.id)"))
      } else {
        check(object.box, in: image, { "object \(object.id)" }, &problems)
      }
    }
    return problems
  }

  /// The names of the images, for forms with a file or an entry for each: each once, and inside the folder.
  static func fileNames(of set: AnnotationSet) -> AnnotationProblems {
    var problems = AnnotationProblems()
    var seen: Set<ExactName> = []
    for image in set.images {
      if !seen.insert(ExactName(Path.shortest(image.fileName))).inserted {
        problems.add(.duplicateFileName, "the image \(image.fileName) is annotated twice")
      }
      if !Path.staysInside(image.fileName) {
        problems.add(.badFileName, "the file name \"\(image.fileName)\" leads out of the image folder")
      }
    }
    return problems
  }

  /// The message about a VOC box of one pixel.
  static func point(_ box: Box, _ image: ImageRecord, _ place: String) -> String {
    "\(place) in \(image.fileName): both corners are the pixel (\(JSON.text(of: box.x1)), \(JSON.text(of: box.y1))): no area"
  }

  /// Looks at one box: sign, area, inside its image. A tolerance of half a pixel is given at the image's edges.
  static func check(
    _ box: Box, in image: ImageRecord, _ place: () -> String, _ problems: inout AnnotationProblems
  ) {
    func text() -> String { "\(place()) in \(image.fileName): the box \(describe(box))" }
    if !box.isFinite {
      problems.add(.badValue, "\(text()) holds a number that is none")
    } else if box.width < 0 || box.height < 0 {
      problems.add(.negativeSize, "\(text()) has a negative size")
    } else if box.isEmpty {
      problems.add(.zeroArea, "\(text()) has no area")
    } else if image.height > 0, image.width > 0 {
      let (height, width) = (Double(image.height), Double(image.width))
      if box.clipped(toHeight: height, width: width).isEmpty {
        problems.add(.outside, "\(text()) lies outside the image of \(image.width)×\(image.height)")
      } else if box.x0 < -0.5 || box.y0 < -0.5 || box.x1 > width + 0.5 || box.y1 > height + 0.5 {
        problems.add(.partlyOutside, "\(text()) leaves the image of \(image.width)×\(image.height)")
      }
    }
  }

  /// Corners as messages show them.
  static func describe(_ box: Box) -> String {
    "(\(JSON.text(of: box.x0)), \(JSON.text(of: box.y0)))–(\(JSON.text(of: box.x1)), \(JSON.text(of: box.y1)))"
  }

  // Names of classes are matched as texts, so two compositions of the same characters are one name.
  private static func checkCategories(_ set: AnnotationSet, _ problems: inout AnnotationProblems) {
    var ids: Set<Int> = []
    var names: Set<String> = []
    for (index, category) in set.categories.enumerated() {
      if !ids.insert(category.id).inserted {
        problems.add(.duplicateCategoryID, "categories[\(index)]: the id \(category.id) occurs before")
      }
      if category.name.trimmed.isEmpty {
        problems.add(.emptyCategoryName, "categories[\(index)] (id \(category.id)): the name is empty")
      } else if !names.insert(category.name).inserted {
        problems.add(.duplicateCategoryName, "categories[\(index)]: the name \"\(category.name)\" occurs before")
      }
    }
  }

  /// The place of each image id.
  private static func checkImages(_ set: AnnotationSet, _ problems: inout AnnotationProblems) -> [Int: Int] {
    var places: [Int: Int] = [:]
    places.reserveCapacity(set.images.count)
    var names: Set<ExactName> = []
    for (index, image) in set.images.enumerated() {
      if places.updateValue(index, forKey: image.id) != nil {
        problems.add(.duplicateImageID, "images[\(index)] (\(image.fileName)): the id \(image.id) occurs before")
      }
      if !names.insert(ExactName(Path.shortest(image.fileName))).inserted {
        problems.add(.duplicateFileName, "images[\(index)]: the file \(image.fileName) occurs before")
      }
      if !Path.staysInside(image.fileName) {
        problems.add(
          .badFileName, "images[\(index)]: the file name \"\(image.fileName)\" leads out of the image folder")
      }
    }
    return places
  }
}
