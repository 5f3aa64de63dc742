import Documents

/// Reads and writes the JSON that Apple's Create ML learns detectors from: an array of an object an image.
///
/// The file does not say what its numbers mean: by default, and here, `x` and `y` are the **centre** in pixels from the top left.
enum CreateMLJSON: WritableForm {
  static let summary = "Create ML's JSON, an array of an object an image"
  static let coordinates = "x y width height in pixels, (x, y) = the centre, from the top left"
  static let holds: [LabelKind] = [.boxes]
  static let isFolder = false
  static let sign = "an array with image and annotations"

  private static let nameKeys = ["image", "imagefilename"]
  private static let listKeys = ["annotations", "annotation"]

  static func evidence(in look: SourceLook) -> String? {
    guard let keys = look.elementKeys else { return nil }
    if keys.isEmpty { return "an array without an object" }
    return isElement(keys) ? "an array of objects with \(keys.first(where: nameKeys.contains) ?? "")" : nil
  }

  /// Whether an object with these keys is an image of Create ML's.
  static func isElement(_ keys: [String]) -> Bool {
    keys.contains(where: nameKeys.contains) && keys.contains(where: listKeys.contains)
  }

  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    var set = AnnotationSet(listsClasses: false)
    var problems = AnnotationProblems()
    var labels: [String] = []
    try throwingAnnotationErrors { () throws(DocumentError) in
      try JSONStream.read(
        path, arrays: [""],
        element: { _, element throws(DocumentError) in
          do throws(DocumentError) { try add(element, to: &set, &labels, &problems) } catch {
            problems.add(.badValue, error.description(without: path))
          }
        },
        member: { key, _ throws(DocumentError) in
          throw .json(
            file: path, path: "", offset: nil, reason: "is an object with the key \"\(key)\", not an array of images")
        })
    }
    set.setClasses(ofObjects: labels)
    problems.add(AnnotationCheck.fileNames(of: set))
    return FormContent(set: set, problems: problems)
  }

  private static func add(
    _ element: JSONElement, to set: inout AnnotationSet, _ labels: inout [String], _ problems: inout AnnotationProblems
  ) throws(DocumentError) {
    guard let key = nameKeys.first(where: element.has) else { throw element.missing("image") }
    guard let list = listKeys.first(where: element.has) else { throw element.missing("annotations") }
    let image = ImageRecord(
      id: set.images.count + 1, fileName: try element.string(key), height: 0, width: 0,
      extra: element.others(than: [key, list]))
    guard !image.fileName.isEmpty else { throw element.error(key, "is empty") }
    var objects: [(ObjectAnnotation, String)] = []
    for annotation in element.elements(list) {
      let label = try annotation.string("label")
      guard !label.trimmed.isEmpty else { throw annotation.error("label", "is empty") }
      guard let place = annotation.element("coordinates") else { throw annotation.missing("coordinates") }
      for key in place.others(than: ["x", "y", "width", "height"]).keys {
        problems.add(.ignoredElement, "\(place.path): the key \"\(key)\" is not read")
      }
      let (width, height) = (try place.double("width"), try place.double("height"))
      let box = Box(
        x: try place.double("x") - width / 2, y: try place.double("y") - height / 2, width: width, height: height)
      var object = ObjectAnnotation(
        id: set.objects.count + objects.count + 1, imageID: image.id, categoryID: 0, box: box,
        extra: annotation.others(than: ["label", "coordinates"]))
      object.takeFlags()
      AnnotationCheck.check(box, in: image, { annotation.path }, &problems)
      objects.append((object, label))
    }
    set.images.append(image)
    set.objects += objects.map(\.0)
    labels += objects.map(\.1)
  }
}
