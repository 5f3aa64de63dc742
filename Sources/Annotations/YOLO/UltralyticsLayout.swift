import Documents

/// Ultralytics' layout: a YAML file with the names of the classes and the folders of images, and a folder `labels` for each
/// `images`. Read, too, is `images` and `labels` with a `classes.txt` beside them.
enum UltralyticsLayout {
  /// What speaks for it: the YAML file's name and whether rows are rings.
  static func evidence(in look: SourceLook, rings: Bool) -> String? {
    guard let sign = sign(in: look) else { return nil }
    let root = look.isFolder ? look.path : Path.folder(of: look.path)
    let files = look.isFolder ? look.files : (try? Folder.filesBelow(root)) ?? []
    let hasRings = YOLORows.beginWithRing(in: files, below: root)
    return hasRings == rings ? sign + (rings ? ", rows with rings" : "") : nil
  }

  private static func sign(in look: SourceLook) -> String? {
    guard look.isFolder else {
      return ["yaml", "yml"].contains(Path.extension(of: look.path)) && hasNames(look.path)
        ? "a YAML file with names" : nil
    }
    if let file = yaml(in: look.path, look.names) { return "\(file) with names" }
    guard look.hasFolder("images"), look.hasFolder("labels"), look.names.contains("classes.txt"),
      look.files.contains(where: { $0.hasPrefix("labels/") && Path.extension(of: $0) == "txt" })
    else { return nil }
    return "classes.txt, images and labels/*.txt"
  }

  /// The YAML file of a folder that names classes, the usual names first.
  private static func yaml(in folder: String, _ names: some Collection<String>) -> String? {
    let files = names.filter { ["yaml", "yml"].contains(Path.extension(of: $0)) }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let usual = ["data.yaml", "dataset.yaml"].filter(files.contains)
    return (usual + files.filter { !usual.contains($0) }).first { hasNames(Path.join(folder, $0)) }
  }

  private static func hasNames(_ file: String) -> Bool {
    guard let text = try? TextFile.read(file) else { return false }
    return text.lines.contains { $0.hasPrefix("names:") }
  }

  /// Reads the layout at a folder or a YAML file.
  static func read(
    _ path: String, images: String?, _ problems: inout AnnotationProblems
  ) throws(AnnotationError) -> YOLOLayout {
    let isFolder = Folder.exists(path)
    let root = isFolder ? path : Path.folder(of: path)
    let names = try throwingAnnotationErrors { () throws(DocumentError) in try Folder.names(in: root) }
    guard let file = isFolder ? yaml(in: root, names).map({ Path.join(root, $0) }) : path else {
      let classFile = Path.join(root, "classes.txt")
      guard names.contains("classes.txt") else {
        throw .content(place: path, reason: "has neither a YAML file with names nor classes.txt: not a YOLO folder")
      }
      let folder = images ?? Path.join(root, "images")
      return YOLOLayout(
        root: root, classes: try YOLOLayout.names(in: classFile), classFile: classFile, imageFolder: folder,
        images: try YOLOLayout.images(below: folder))
    }
    let data = try throwingAnnotationErrors { () throws(DocumentError) in try DataYAML.read(file) }
    guard let classes = data.names else { throw .content(place: file, reason: "has no names of classes") }
    if let images {
      return YOLOLayout(
        root: root, classes: classes, classFile: file, imageFolder: images,
        images: try YOLOLayout.images(below: images))
    }
    var subsets = UltralyticsSubsets(root: root, file: file)
    try subsets.take(data, &problems)
    return YOLOLayout(
      root: root, classes: classes, classFile: file, imageFolder: subsets.imageFolder, images: subsets.images)
  }
}
