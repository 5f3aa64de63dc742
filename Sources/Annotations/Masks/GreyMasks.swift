import Documents
import Imaging

/// Reads and writes label maps: a PNG file an image, in which a pixel's number is its class.
///
/// Read are all sources of ``SegmentationSource`` that have files of label maps. Each class becomes one object an image, with a
/// mask; the class `background` is none. What is ignored stays with the image.
public enum GreyMasks: WritableForm {
  static let summary = "label maps (images/, masks/*.png, classes.txt); one object a class and image"
  static let coordinates = "a pixel's number is its class"
  static let holds: [LabelKind] = [.labelMaps]
  static let isFolder = true
  static let sign = "the folder masks"

  static func evidence(in look: SourceLook) -> String? {
    guard look.isFolder else { return Path.extension(of: look.path) == "txt" ? "a list of images and label maps" : nil }
    guard VOCMasks.evidence(in: look) == nil, let folder = MaskFolder(source: look.path, images: nil, masks: nil) else {
      return nil
    }
    return "the folder \(Path.name(of: folder.masks))"
  }

  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    let labelMaps = options.labelMaps
    let reading = try SegmentationSource.read(
      path, images: options.images, masks: labelMaps.masks, classes: labelMaps.classes,
      ignoreIDs: labelMaps.ignoredIDs, maskValues: labelMaps.values)
    guard reading.form != .objects else {
      throw .content(place: path, reason: "has outlines of objects, no files of label maps")
    }
    var problems = AnnotationProblems()
    for note in reading.notes { problems.add(.labelMaps, note) }
    let set = set(of: reading, options.exif, &problems)
    problems.add(AnnotationCheck.references(of: set))
    return FormContent(
      set: set, problems: problems, imageFolder: reading.imageFolder, files: reading.filesRead,
      hasBackground: reading.classes.index(of: ObjectMasks.background) != nil)
  }

  /// One object for each class that an image shows.
  private static func set(
    of reading: SegmentationReading, _ exif: ExifPolicy, _ problems: inout AnnotationProblems
  ) -> AnnotationSet {
    let reader = LabelMapReader(reading.classes)
    let classes = reading.classes.classes
    let background = reading.classes.index(of: ObjectMasks.background)
    reading.classes.noteColor(ofBackground: background, reading.source, &problems)
    let assembly = MaskAssembly(
      names: reading.images.map(\.name),
      categories: classes.enumerated().filter { $0.offset != background }.map { _, entry in
        entry.category
      })
    return assembly.set(problems: &problems) { place throws(AnnotationError) in
      let image = reading.images[place]
      let labels = try reader.labels(of: image)
      let runs = LabelRuns(
        labels.pixels, height: labels.height, width: labels.width, without: background.map { [$0] } ?? [])
      var content = MaskedContent(height: labels.height, width: labels.width)
      for entry in runs.entries {
        if entry.value == Int(ClassTable.ignored) {
          content.ignored = entry.mask
        } else {
          content.objects.append(MaskedContent.Object(categoryID: classes[entry.value].id, mask: entry.mask))
        }
      }
      guard case .file(let mask) = image.mask else { return content }
      try content.requireSize(ofImage: image.path, mask: mask, exif)
      return content
    }
  }
}
