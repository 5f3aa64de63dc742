import Documents

/// Reads labels from whatever form they are in: COCO instances JSON, a VOC folder, VOC in JSON, a folder of LabelMe's JSON.
public enum AnnotationSource {
  /// Whether a path is to be read as labels rather than as images: a JSON file, a folder with VOC's `Annotations`, or one
  /// with LabelMe's JSON and no image that has none.
  public static func looksLikeLabels(_ path: String) -> Bool {
    guard Folder.exists(path) else { return Path.extension(of: path) == "json" }
    return Folder.exists(Path.join(path, "Annotations")) || LabelMeFolder.isThere(path) && LabelMeFolder.isWhole(path)
  }

  /// Finds out the form of the source at `path`.
  public static func form(of path: String) throws(AnnotationError) -> AnnotationFormat {
    if Folder.exists(path) { return !VOCFolder.isThere(path) && LabelMeFolder.isThere(path) ? .labelme : .voc }
    let shape = try throwingAnnotationErrors { () throws(DocumentError) in
      try JSONStream.shape(of: path, until: ["annotation", "images", "annotations", "categories", "shapes"])
    }
    switch shape {
    case .object(let keys):
      if keys.contains("annotation") { return .vocJSON }
      if !["images", "annotations", "categories"].filter(keys.contains).isEmpty { return .coco }
      if keys.contains("shapes") {
        throw .content(place: path, reason: "is one file of LabelMe's; wanted is the folder of all of them")
      }
      throw .content(
        place: path,
        reason: "is neither COCO (images, annotations, categories) nor VOC in JSON (annotation); its keys are "
          + (keys.isEmpty ? "none" : keys.prefix(8).joined(separator: ", ")))
    case .array(let keys):
      if keys.contains("annotation") || keys.isEmpty { return .vocJSON }
      if keys.contains("score") { throw .content(place: path, reason: "holds predictions (COCO results), not labels") }
      throw .content(place: path, reason: "is an array of something else than VOC's annotations")
    }
  }

  /// Reads a source as it is: nothing is left out, everything noticed is in the reading's problems.
  ///
  /// - Parameters:
  ///   - path: a COCO JSON file, a VOC folder, a VOC JSON file or a folder of LabelMe's JSON.
  ///   - images: the folder that image names are relative to; without it it is looked for near the source.
  ///   - list: a file of image names that choose a subset; for a VOC folder also the name of one in `ImageSets/Main`.
  ///   - form: the form, where it shall not be found out.
  ///   - base: what the numbers of VOC boxes mean.
  ///   - segmentations: whether outlines and masks are wanted; COCO's boxes alone take a quarter of the memory.
  public static func inspect(
    _ path: String, images: String? = nil, list: String? = nil, form: AnnotationFormat? = nil,
    base: VOCPixelBase = .one, segmentations: Bool = true
  ) throws(AnnotationError) -> AnnotationReading {
    if let images, !Folder.exists(images) { throw .content(place: images, reason: "is not a folder of images") }
    let found: AnnotationFormat
    if let form { found = form } else { found = try self.form(of: path) }
    let content = try found.form.read(
      path, options: ReadingOptions(images: images, base: base, segmentations: segmentations))
    let set = content.set
    var reading = AnnotationReading(
      source: path, form: found, set: set, problems: content.problems,
      imageFolder: images ?? content.imageFolder ?? imageFolder(near: path, set))
    if let list {
      let file = found == .voc ? VOCFolder.listFile(list, in: path) : list
      reading.set = try ImageList.read(file).subset(of: set, source: path, &reading.problems)
      // The boxes of images that are not listed are nobody's concern.
      reading.problems.remove([.zeroArea, .outside, .partlyOutside])
      reading.problems.add(AnnotationCheck.boxes(of: reading.set, form: found, base: base))
    }
    return reading
  }

  /// Reads a source to train or measure on: labels that contradict themselves are an error; objects without area or
  /// outside their image are left out and counted; boxes that leave their image are clipped to it, and counted.
  ///
  /// The problems of the reading say what was left out. Parameters as for `inspect`.
  public static func read(
    _ path: String, images: String? = nil, list: String? = nil, base: VOCPixelBase = .one
  ) throws(AnnotationError) -> AnnotationReading {
    var reading = try inspect(path, images: images, list: list, base: base)
    guard reading.problems.count(.error) == 0 else { throw .problems(source: path, reading.problems) }
    let images = Dictionary(reading.set.images.map { ($0.id, $0) }) { first, _ in first }
    reading.set.objects = reading.set.objects.compactMap { object in
      guard !object.box.isEmpty, !base.isPoint(object.box, reading.form), let image = images[object.imageID] else {
        return nil
      }
      guard image.height > 0, image.width > 0 else { return object }
      let clipped = object.box.clipped(toHeight: Double(image.height), width: Double(image.width))
      if clipped.isEmpty { return nil }
      if clipped == object.box { return object }
      var object = object
      object.box = clipped
      return object
    }
    return reading
  }

  /// The folder near a JSON file in which its first image lies; the file's own folder where none is found.
  private static func imageFolder(near path: String, _ set: AnnotationSet) -> String {
    let own = Path.folder(of: path)
    guard let first = set.images.first?.fileName, Path.staysInside(first) else { return own }
    return imageFolder(around: own) { Folder.hasFile(Path.join($0, first)) }
  }

  /// The first of the places where images lie beside the labels in `own` that fits; `own` where none does.
  static func imageFolder(around own: String, fits: (String) -> Bool) -> String {
    let above = Path.folder(of: own)
    let places = [
      own, Path.join(own, "images"), Path.join(own, "JPEGImages"), Path.join(above, "images"),
      Path.join(above, "JPEGImages"), above,
    ]
    return places.first(where: fits) ?? own
  }
}
