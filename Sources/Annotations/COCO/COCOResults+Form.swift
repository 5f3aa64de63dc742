import Documents

/// Predictions as labels: the ids of their images and classes are those of other labels, which must be named.
extension COCOResults: WritableForm {
  static let summary = "COCO results: predictions with scores, one JSON file; ids are those of other labels"
  static let coordinates = COCOInstances.coordinates
  static let holds: [LabelKind] = [.boxes, .polygons, .masks, .scores]
  static let isFolder = false
  static let sign = "an array with image_id and score"

  static func evidence(in look: SourceLook) -> String? {
    guard let keys = look.elementKeys else { return nil }
    if keys.isEmpty { return "an array without an object" }
    return keys.contains("score") && keys.contains("image_id") ? "an array of objects with image_id and score" : nil
  }

  /// The score is the objects' key `score`; a prediction without a box has the one around its mask. Other keys are noted.
  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    guard let labels = options.labels else {
      throw .content(
        place: path,
        reason:
          "holds predictions (COCO results), not labels; convert takes them with --labels SRC, which names the labels "
          + "whose ids they use")
    }
    let truth = try AnnotationSource.inspect(labels, images: options.images, base: options.base, exif: options.exif)
    guard truth.problems.count(.error) == 0 else { throw .problems(source: labels, truth.problems) }
    var set = truth.set
    set.objects = []
    set.extra = JSONObject()
    let predictions = try self.predictions(path) {
      COCOPredictions(keepsSegmentations: true, countsOtherKeys: true)
    }
    for (index, found) in predictions.objects.enumerated() {
      let place = "\(path): [\(index)]"
      let (box, area) = try extent(of: found, place)
      var object = ObjectAnnotation(
        id: index + 1, imageID: found.imageID, categoryID: found.categoryID, box: box, area: area,
        segmentation: found.segmentation)
      object.extra["score"] = JSON(found.score)
      set.objects.append(object)
    }
    var problems = AnnotationCheck.references(of: set)
    for (key, count) in predictions.otherKeyCounts.sorted(by: { $0.key < $1.key }) {
      problems.add(.ignoredElement, "\(path): the key \"\(key)\", which \(count) predictions have, is not read")
    }
    return FormContent(set: set, problems: problems, imageFolder: truth.imageFolder)
  }

  /// Box and area of a prediction: of its mask where it has one.
  private static func extent(of found: PredictedObject, _ place: String) throws(AnnotationError) -> (Box, Double) {
    guard let segmentation = found.segmentation else {
      let box = found.box ?? Box(x0: 0, y0: 0, x1: 0, y1: 0)
      return (box, box.area)
    }
    switch try segmentation.content(place: place) {
    case .mask(let mask):
      return (found.box ?? mask.box ?? Box(x0: 0, y0: 0, x1: 0, y1: 0), Double(mask.area))
    case .polygons(let rings):
      let points = rings.flatMap { $0 }
      let around = points.isEmpty ? Box(x0: 0, y0: 0, x1: 0, y1: 0) : Ring.box(around: points)
      return (found.box ?? around, rings.reduce(0) { $0 + Ring.area(of: $1) })
    }
  }

  static func write(_ set: AnnotationSet, to path: String, options: WritingOptions) throws(AnnotationError) {
    let written = set.objects.filter { !$0.isCrowd }
    if let wrong = written.first(where: { !$0.box.isFinite }) {
      throw .content(place: path, reason: "object \(wrong.id) has a box that holds no numbers")
    }
    try write(
      written.map { object in
        PredictedObject(
          imageID: object.imageID, categoryID: object.categoryID, given: .written(object.writtenBox),
          score: score(of: object) ?? 1, segmentation: object.outline)
      }, to: path)
  }

  /// The area that an object is read with; nil where its outline cannot be used.
  private static func area(readBackOf object: ObjectAnnotation) -> Double? {
    let found = PredictedObject(
      imageID: object.imageID, categoryID: object.categoryID, box: object.box, score: 1,
      segmentation: object.outline)
    return try? extent(of: found, "").1
  }

  private static func score(of object: ObjectAnnotation) -> Double? {
    object.extra["score"]?.double.flatMap { $0.isFinite ? $0 : nil }
  }

  static func losses(of set: AnnotationSet, options: WritingOptions) -> ConversionLosses {
    var losses = ConversionLosses()
    if !set.extra.isEmpty { losses.add(.fileKeys, set.extra.keys.joined(separator: ", "), count: set.extra.count) }
    let used = Set(set.objects.filter { !$0.isCrowd }.map(\.imageID))
    for image in set.images {
      losses.add(.imageList, image.fileName)
      if !used.contains(image.id) { losses.add(.emptyImages, image.fileName, image: image.fileName) }
    }
    for category in set.categories { losses.add(.classList, category.name) }
    let names = Dictionary(set.images.map { ($0.id, $0.fileName) }) { first, _ in first }
    var number = 0
    for object in set.objects {
      let place = { "object \(object.id) in \(names[object.imageID] ?? "")" }
      guard !object.isCrowd else {
        losses.add(.crowdLeftOut, place(), image: names[object.imageID])
        continue
      }
      number += 1
      if object.id != number { losses.add(.objectIDs, "object \(object.id) comes back as \(number)") }
      if score(of: object) == nil { losses.add(.score, place()) }
      losses.add(flagsOf: object, keeping: ["score"], place)
      if let area = area(readBackOf: object), abs(area - object.area) > 1e-9 * max(1, area) {
        losses.add(.area, place())
      }
    }
    return losses
  }
}
