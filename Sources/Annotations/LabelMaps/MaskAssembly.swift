import Documents
import Imaging

/// What the label maps of one image say, before objects have ids.
struct MaskedContent: Sendable {
  /// One object.
  struct Object: Sendable {
    let categoryID: Int
    let mask: RunLengthMask
    var isCrowd = false
    var extra = JSONObject()
  }

  let height: Int
  let width: Int
  var objects: [Object] = []
  /// The pixels that are nobody's and are not judged.
  var ignored: RunLengthMask?
  /// What was noticed.
  var notes: [AnnotationProblems.Problem] = []
}

extension MaskedContent {
  /// Refuses an image of another size than its label map; a label map of the pixels as stored, before EXIF turns them, fits too
  /// unless the policy is another.
  func requireSize(ofImage path: String, mask: String, _ exif: ExifPolicy) throws(AnnotationError) {
    let sizes: ImageFile.Sizes
    do throws(ImagingError) { sizes = try ImageFile.sizes(path) } catch { throw .unreadable(error, path) }
    if let refusal = exif.refusal(of: sizes) { throw .content(place: path, reason: refusal) }
    let found = exif.size(of: sizes)
    guard found != (height, width), !exif.acceptsStored((height, width), of: sizes) else { return }
    throw .content(
      place: path,
      reason: "is \(found.width)×\(found.height), its label map \(mask) \(width)×\(height)"
        + (sizes.upright == (height, width) ? " (the picture turned as its EXIF orientation says)" : ""))
  }
}

extension ImageRecord {
  /// The key of an image under which the pixels lie that are nobody's and are not judged (VOC's 255), as run lengths. COCO has
  /// no place for them; as any other key it keeps this one.
  static let ignoredKey = "ignored_segmentation"

  /// The pixels that are nobody's and are not judged.
  var ignored: Segmentation? { extra[Self.ignoredKey].map { Segmentation(text: $0.serialized()) } }

  /// The same as masks of the image's size, which must be known; none where there are none.
  func ignoredMasks() throws(AnnotationError) -> [RunLengthMask] {
    try ignored?.masks(height: height, width: width, place: "ignored pixels of \(fileName)") ?? []
  }
}

/// Makes sets of objects with masks out of label maps, images side by side on all cores.
struct MaskAssembly {
  /// The images, with ids from 1, without sizes.
  let names: [String]
  let categories: [Category]

  /// Reads every image, and lists those that cannot be read among the problems.
  ///
  /// - Parameter content: reads the image at a place; called on many threads.
  func set(
    problems: inout AnnotationProblems, content: @Sendable (Int) throws(AnnotationError) -> MaskedContent
  ) -> AnnotationSet {
    var set = AnnotationSet(categories: categories)
    let results = parallelMap(count: names.count) { place -> Result<Made, AnnotationError> in
      do throws(AnnotationError) { return .success(Made(try content(place))) } catch { return .failure(error) }
    }
    for (place, result) in results.enumerated() {
      var image = ImageRecord(id: place + 1, fileName: names[place], height: 0, width: 0)
      switch result {
      case .failure(let error): problems.add(.badSegmentation, error.description)
      case .success(let made):
        (image.height, image.width) = (made.content.height, made.content.width)
        image.extra = made.imageExtra
        for note in made.content.notes { problems.add(note.code, note.message) }
        for (object, parts) in zip(made.content.objects, made.parts) {
          set.objects.append(
            ObjectAnnotation(
              id: set.objects.count + 1, imageID: image.id, categoryID: object.categoryID, box: parts.box,
              area: parts.area, isCrowd: object.isCrowd, segmentation: parts.segmentation, extra: object.extra))
        }
      }
      set.images.append(image)
    }
    return set
  }

  /// What takes time to make of masks: texts, boxes, areas.
  private struct Made: Sendable {
    let content: MaskedContent
    let parts: [(segmentation: Segmentation, box: Box, area: Double)]
    var imageExtra = JSONObject()

    init(_ content: MaskedContent) {
      self.content = content
      parts = content.objects.map { object in
        (Segmentation(object.mask), object.mask.box ?? Box(x0: 0, y0: 0, x1: 0, y1: 0), Double(object.mask.area))
      }
      if let ignored = content.ignored {
        imageExtra[ImageRecord.ignoredKey] = [
          "size": [JSON(ignored.height), JSON(ignored.width)], "counts": JSON(ignored.compressed),
        ]
      }
    }
  }
}
