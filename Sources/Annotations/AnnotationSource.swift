import Documents
import Imaging

/// Reads labels from whatever form they are in, found out from the files or named.
public enum AnnotationSource {
  /// Whether a path is to be read as labels rather than as images: a JSON, XML or YAML file, or a folder in which labels lie
  /// and no image has none.
  public static func looksLikeLabels(_ path: String) -> Bool {
    guard Folder.exists(path) else { return ["json", "xml", "yaml", "yml"].contains(Path.extension(of: path)) }
    guard let candidates = try? FormRecognition(path).candidates else { return false }
    return candidates.contains { candidate in
      switch candidate.form {
      case .labelme: allImages(below: path, haveFile: "json")
      case .yoloDarknet: allImages(below: path, haveFile: "txt")
      default: candidate.form.holds.contains(.boxes)
      }
    }
  }

  /// Whether each image in a folder or below it has a file of its name with an extension.
  private static func allImages(below path: String, haveFile suffix: String) -> Bool {
    guard let files = try? Folder.filesBelow(path) else { return false }
    let labeled = Set(files.filter { Path.extension(of: $0) == suffix }.map(Path.withoutExtension))
    return files.allSatisfy { !ImageNames.isImage($0) || labeled.contains(Path.withoutExtension($0)) }
  }

  /// Finds out the form of the source at `path`; see ``FormRecognition/form(boxesOnly:)``.
  public static func form(of path: String, boxesOnly: Bool = true) throws(AnnotationError) -> AnnotationFormat {
    try FormRecognition(path).form(boxesOnly: boxesOnly)
  }

  /// Reads a source as it is: nothing is left out, everything noticed is in the reading's problems.
  ///
  /// - Parameters:
  ///   - path: a file or folder in one of the forms of `AnnotationFormat`.
  ///   - images: the folder that image names are relative to; without it it is looked for near the source.
  ///   - list: a file of image names that choose a subset; for a VOC folder also the name of one in `ImageSets/Main`.
  ///   - form: the form, where it shall not be found out.
  ///   - base: what the numbers of VOC boxes mean.
  ///   - labels: the labels whose ids of images and classes predictions use.
  ///   - exif: what is done about EXIF's orientation where sizes come from image files.
  ///   - labelMaps: how label maps are read.
  ///   - segmentations: whether outlines and masks are wanted; COCO's boxes alone take a quarter of the memory.
  public static func inspect(
    _ path: String, images: String? = nil, list: String? = nil, form: AnnotationFormat? = nil,
    base: VOCPixelBase = .one, labels: String? = nil, exif: ExifPolicy = .apply,
    labelMaps: LabelMapOptions = LabelMapOptions(), segmentations: Bool = true
  ) throws(AnnotationError) -> AnnotationReading {
    if let images, !Folder.exists(images) { throw .content(place: images, reason: "is not a folder of images") }
    let found: AnnotationFormat
    if let form { found = form } else { found = try self.form(of: path) }
    let content = try found.form.read(
      path,
      options: ReadingOptions(
        images: images, base: base, labels: labels, exif: exif, labelMaps: labelMaps, segmentations: segmentations))
    let set = content.set
    var reading = AnnotationReading(
      source: path, form: found, set: set, problems: content.problems,
      imageFolder: images ?? content.imageFolder ?? imageFolder(near: path, set), hasBackground: content.hasBackground,
      files: content.files, otherFiles: [labels].compactMap { $0 })
    if let list { try reading.choose(list, base: base) }
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

  /// The folder near a JSON file in which its first image lies, or any of them; the file's own folder where none is found.
  private static func imageFolder(near path: String, _ set: AnnotationSet) -> String {
    let own = Path.folder(of: path)
    for images in [Array(set.images.prefix(1)), set.images] {
      let found = imageFolders(around: own).first { (try? ImageLocator(folder: $0))?.findsAny(of: images) ?? false }
      if let found { return found }
    }
    return own
  }

  /// The first of the places where images lie beside the labels in `own` that fits; `own` where none does.
  static func imageFolder(around own: String, fits: (String) -> Bool) -> String {
    imageFolders(around: own).first(where: fits) ?? own
  }

  private static func imageFolders(around own: String) -> [String] {
    let above = Path.folder(of: own)
    return [
      own, Path.join(own, "images"), Path.join(own, "JPEGImages"), Path.join(above, "images"),
      Path.join(above, "JPEGImages"), above,
    ]
  }
}
