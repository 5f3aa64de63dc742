import Documents
import Imaging

/// Reads and writes boxes in Darknet's layout: the names of classes in `obj.names` or `classes.txt`, and a text file beside each
/// image.
enum DarknetFolder: WritableForm {
  static let summary = "YOLO folder of Darknet, boxes: obj.names, images and .txt side by side"
  static let coordinates = YOLOFolder.coordinates
  static let holds: [LabelKind] = [.boxes]
  static let isFolder = true
  static let sign = "obj.names, or classes.txt with images and .txt side by side"
  /// The folder of images and label files in what is written.
  static let folder = "obj_train_data"

  static func evidence(in look: SourceLook) -> String? {
    guard look.isFolder else {
      return ["names", "data"].contains(Path.extension(of: look.path))
        ? "a file .\(Path.extension(of: look.path))" : nil
    }
    guard YOLOFolder.evidence(in: look) == nil, YOLOPolygonFolder.evidence(in: look) == nil else { return nil }
    if let file = look.names(withExtension: "names").first { return file }
    guard look.names.contains("classes.txt") else { return nil }
    let pair = look.names(withExtension: "txt").first { file in
      ImageNames.candidates(of: Path.stem(of: file)).contains(where: look.names.contains)
    }
    return pair.map { "classes.txt, and \($0) beside an image" }
  }

  /// Reads all images in or below a folder that have a text file, whatever lists name them.
  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    let root = Folder.exists(path) ? path : Path.folder(of: path)
    let names = try throwingAnnotationErrors { () throws(DocumentError) in try Folder.names(in: root) }
    let own = Path.extension(of: path) == "names" ? Path.name(of: path) : nil
    guard
      let file = own ?? names.first(where: { Path.extension(of: $0) == "names" })
        ?? names.first(where: { $0 == "classes.txt" })
    else { throw .content(place: path, reason: "has neither obj.names nor classes.txt: not a folder of Darknet") }
    let inner = Path.join(root, folder)
    let all = try YOLOLayout.images(below: options.images ?? root)
    let isInner = options.images == nil && !all.isEmpty && all.allSatisfy { $0.hasPrefix(folder + "/") }
    let layout = YOLOLayout(
      root: root, classes: try YOLOLayout.names(in: Path.join(root, file)), classFile: Path.join(root, file),
      imageFolder: options.images ?? (isInner ? inner : root),
      images: isInner ? all.map { String($0.dropFirst(folder.count + 1)) } : all)
    return try YOLOReader.read(layout, exif: options.exif, problems: AnnotationProblems())
  }

  static func labelFiles(of folder: String) throws(DocumentError) -> (folder: String, names: [String]) {
    try YOLOLayout.labelFiles(of: folder)
  }

  static func losses(of set: AnnotationSet, options: WritingOptions) -> ConversionLosses {
    YOLOShapes(rings: false).losses(of: set)
  }

  /// Writes `obj.names`, `obj.data`, `train.txt` and a text file an image in `obj_train_data`, where the images belong.
  static func write(_ set: AnnotationSet, to path: String, options: WritingOptions) throws(AnnotationError) {
    let names = YOLOShapes.classes(of: set).names
    if let name = names.first(where: { $0.isEmpty || $0.contains(where: \.isNewline) }) {
      throw .content(
        place: path, reason: "the class name \(JSON(name).serialized()) cannot stand on a line of obj.names")
    }
    if let name = names.first, ByteOrderMark.begins(name.utf8) {
      throw .content(
        place: path,
        reason: "the class name \(JSON(name).serialized()) cannot begin obj.names: U+FEFF would be taken for its mark")
    }
    try YOLOShapes(rings: false).write(set, to: Path.join(path, folder))
    let data = """
      classes = \(names.count)
      train = train.txt
      valid = train.txt
      names = obj.names
      backup = backup/

      """
    try throwingAnnotationErrors { () throws(DocumentError) in
      try AtomicFile.write(names.map { $0 + "\n" }.joined(), to: Path.join(path, "obj.names"))
      try AtomicFile.write(data, to: Path.join(path, "obj.data"))
      try AtomicFile.write(set.images.map { "\(folder)/\($0.fileName)\n" }.joined(), to: Path.join(path, "train.txt"))
    }
  }

  static func others(in path: String, than set: AnnotationSet) throws(DocumentError) -> [String] {
    try YOLOShapes.others(in: path, folder, than: set)
  }
}
