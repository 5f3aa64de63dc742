import Documents

/// Reads and writes COCO's instances JSON: `images`, `annotations`, `categories`, in any order.
///
/// Reading goes through the file element by element. A box is `[x, y, width, height]` with the corner of the first
/// pixel at (0, 0), so it is taken over as it is. Ids, orders, the text of numbers and keys not known here are kept:
/// what is read and written again says the same.
public enum COCOInstances: WritableForm {
  static let summary = "COCO instances, one JSON file"
  static let coordinates = "[x, y, width, height] in pixels, corner of the first pixel = (0, 0)"
  static let holds: [LabelKind] = [.boxes, .polygons, .masks]
  static let isFolder = false
  static let sign = "an object with images, annotations or categories"

  static func evidence(in look: SourceLook) -> String? {
    if COCOPanoptic.evidence(in: look) != nil { return nil }
    return look.objectKeys.first { ["images", "annotations", "categories"].contains($0) }.map { "an object with \($0)" }
  }

  /// Reads the file at `path`. What breaks JSON's rules throws; what contradicts itself is listed among the problems.
  ///
  /// - Parameter segmentations: whether outlines and masks are kept. Without them the set takes a quarter of the memory;
  ///   it is one to look at, not to be written again.
  public static func read(
    _ path: String, segmentations: Bool = true
  ) throws(AnnotationError) -> (set: AnnotationSet, problems: AnnotationProblems) {
    var set = AnnotationSet()
    var problems = AnnotationProblems()
    var isEmpty = true
    do throws(DocumentError) {
      try JSONStream.read(path) { member throws(DocumentError) in
        let key = member.key
        func note(_ error: DocumentError) {
          isEmpty = isEmpty && key != "images"
          problems.add(.badValue, error.description(without: path))
        }
        switch key {
        case "images": set.images = try member.elements({ COCOImages() }, problem: note).images
        case "categories": set.categories = try member.elements({ COCOCategories() }, problem: note).categories
        case "annotations":
          set.objects = try member.elements(
            { COCOObjects(keepsSegmentations: segmentations) }, problem: note
          ).objects
        default: set.extra[key] = try member.value()
        }
      }
    } catch { throw .document(error) }
    if isEmpty, set.images.isEmpty, set.objects.isEmpty, set.categories.isEmpty {
      throw .content(place: path, reason: "holds no images, annotations or categories: not COCO instances")
    }
    problems.add(AnnotationCheck.references(of: set))
    return (set, problems)
  }

  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    let (set, problems) = try read(path, segmentations: options.segmentations)
    return FormContent(set: set, problems: problems)
  }
}
