import Documents

/// Reads labels from whatever form they are in: COCO instances JSON, a VOC folder, VOC in JSON.
public enum AnnotationSource {
  /// Whether a path is to be read as labels rather than as images: a JSON file, or a folder with VOC's `Annotations`.
  public static func looksLikeLabels(_ path: String) -> Bool {
    if Folder.exists(path) { return Folder.exists(Path.join(path, "Annotations")) }
    return Path.extension(of: path) == "json"
  }

  /// Finds out the form of the source at `path`.
  public static func form(of path: String) throws(AnnotationError) -> AnnotationReading.Form {
    if Folder.exists(path) { return .voc }
    let shape = try throwingAnnotationErrors { () throws(DocumentError) in
      try JSONStream.shape(of: path, until: ["annotation", "images", "annotations", "categories"])
    }
    switch shape {
    case .object(let keys):
      if keys.contains("annotation") { return .vocJSON }
      if !["images", "annotations", "categories"].filter(keys.contains).isEmpty { return .coco }
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
  ///   - path: a COCO JSON file, a VOC folder or a VOC JSON file.
  ///   - images: the folder that image names are relative to; without it it is looked for near the source.
  ///   - list: a file of image names that choose a subset; for a VOC folder also the name of one in `ImageSets/Main`.
  ///   - form: the form, where it shall not be found out.
  ///   - base: what the numbers of VOC boxes mean.
  public static func inspect(
    _ path: String, images: String? = nil, list: String? = nil, form: AnnotationReading.Form? = nil,
    base: VOCPixelBase = .one
  ) throws(AnnotationError) -> AnnotationReading {
    if let images, !Folder.exists(images) { throw .content(place: images, reason: "is not a folder of images") }
    let found: AnnotationReading.Form
    if let form { found = form } else { found = try self.form(of: path) }
    let (set, problems) =
      switch found {
      case .coco: try COCOInstances.read(path)
      case .voc: try VOCFolder.read(path, images: images, base: base)
      case .vocJSON: try VOCJSON.read(path, base: base)
      }
    let folder = images ?? (found == .voc ? VOCFolder.imageFolder(of: path) : imageFolder(near: path, set))
    var reading = AnnotationReading(source: path, form: found, set: set, problems: problems, imageFolder: folder)
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
    for folder in [
      own, Path.join(own, "images"), Path.join(own, "JPEGImages"), Path.folder(of: own),
      Path.join(Path.folder(of: own), "images"),
    ]
    where Folder.hasFile(Path.join(folder, first)) {
      return folder
    }
    return own
  }
}
