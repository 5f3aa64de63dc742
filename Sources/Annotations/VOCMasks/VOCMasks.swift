import Documents
import Imaging

/// Reads and writes VOC's label maps: `SegmentationClass/*.png` says each pixel's class, `SegmentationObject/*.png` its object.
///
/// Source: the VOC development kit's segmentation task. Numbers are indices of a palette, read as they are; 255 is nobody's
/// and not judged.
public enum VOCMasks: WritableForm {
  static let summary =
    "Pascal VOC label maps (SegmentationClass/*.png, SegmentationObject/*.png, ImageSets/Segmentation/)"
  static let coordinates = "a pixel's number is its class, and in another map its object; 255 is ignored"
  static let holds: [LabelKind] = [.masks, .labelMaps]
  static let isFolder = true
  static let sign = "the folder SegmentationClass"
  static let classFolder = "SegmentationClass"
  static let objectFolder = "SegmentationObject"
  static let listFolder = "ImageSets/Segmentation"

  /// VOC's own classes, in the order of their numbers from 0.
  public static let classNames = [
    "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable",
    "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
  ]

  static func evidence(in look: SourceLook) -> String? {
    look.hasFolder(classFolder) ? "the folder \(classFolder)" : nil
  }

  /// Reads all label maps of a folder. Objects are those of `SegmentationObject`; an image without a file there, or a folder
  /// without that folder, has one object for each class that the image shows.
  ///
  /// Classes are the given ones, those of `classes.txt` in or beside the folder, else VOC's twenty. Number 0 is the background.
  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    let folder = options.labelMaps.masks ?? Path.join(path, classFolder)
    let files = try throwingAnnotationErrors { () throws(DocumentError) in
      try Folder.names(in: folder).filter { Path.extension(of: $0) == "png" }
    }
    guard !files.isEmpty else { throw .content(place: folder, reason: "has no PNG label map") }
    let imageFolder = options.images ?? VOCFolder.imageFolder(of: path)
    var problems = AnnotationProblems()
    let classes = try classes(of: path, options.labelMaps, &problems)
    let background = classes.index(of: ObjectMasks.background) ?? classes.classes.firstIndex { $0.id == 0 }
    classes.noteColor(ofBackground: background, path, &problems)
    let known = Set((try? Folder.names(in: imageFolder)) ?? [])
    let names = files.map { file in
      let stem = Path.stem(of: file)
      return ImageNames.candidates(of: stem).first(where: known.contains) ?? stem + ".jpg"
    }
    try ImageLocator(folder: folder).requireInside(files)
    if !known.isEmpty { try ImageLocator(folder: imageFolder).requireInside(names) }
    let assembly = MaskAssembly(
      names: names,
      categories: classes.classes.enumerated().filter { $0.offset != background }.map { _, entry in
        entry.category
      })
    let reader = VOCMaskReader(
      classes, background: background, objectFolder: Path.join(Path.folder(of: folder), objectFolder))
    let set = assembly.set(problems: &problems) { place throws(AnnotationError) in
      let content = try reader.content(of: files[place], in: folder)
      if known.contains(names[place]) {
        try content.requireSize(ofImage: Path.join(imageFolder, names[place]), mask: files[place], options.exif)
      }
      return content
    }
    problems.add(AnnotationCheck.references(of: set))
    let objects = Path.join(Path.folder(of: folder), objectFolder)
    let read = files.flatMap { [Path.join(folder, $0), Path.join(objects, $0)] }
    let tables = [path, Path.folder(of: path)].map { Path.join($0, "classes.txt") }
    return FormContent(
      set: set, problems: problems, imageFolder: imageFolder, files: read + tables, hasBackground: background != nil)
  }

  private static func classes(
    of path: String, _ options: LabelMapOptions, _ problems: inout AnnotationProblems
  ) throws(AnnotationError) -> ClassTable {
    if let table = options.classes { return table }
    let places = [path, Path.folder(of: path)].map { Path.join($0, "classes.txt") }
    if let file = places.first(where: { Folder.hasFile($0) }) {
      problems.add(.labelMaps, "classes: those of \(file)")
      return try ClassTable.read(file, ignoredIDs: options.ignoredIDs)
    }
    problems.add(.labelMaps, "no table of classes: the numbers are taken as VOC's twenty classes")
    return try ClassTable.of(classNames, ignoredIDs: options.ignoredIDs, source: path)
  }

  /// The list that `list` names: a file, or the bare name of one in `ImageSets/Segmentation`.
  static func listFile(_ list: String, in path: String) -> String {
    ImageList.file(list, in: Path.join(path, listFolder))
  }
}
