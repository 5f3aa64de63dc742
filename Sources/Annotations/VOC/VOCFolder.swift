import Documents

/// Reads and writes a folder in VOC's layout: `Annotations/*.xml`, `JPEGImages/`, `ImageSets/Main/*.txt`.
public enum VOCFolder: WritableForm {
  static let summary = "Pascal VOC folder: Annotations/*.xml, JPEGImages/, ImageSets/Main/"
  static let coordinates = "xmin ymin xmax ymax, whole pixels from 1, the last one included"
  static let holds: [LabelKind] = [.boxes]
  static let isFolder = true
  static let sign = "Annotations or XML files with <annotation>"

  /// Reads all annotations below `path`.
  ///
  /// Image ids count from 1 in the order of the XML files' names, so they do not depend on a list. An image's file name
  /// is the `<filename>`, folders included, with an extension found for it where it has none; its last part, or the XML
  /// file's own name, where only that leads to an image; `<path>`, which names a place on the annotator's machine, is
  /// not used.
  ///
  /// - Parameters:
  ///   - path: the folder with `Annotations` in it, or a folder of XML files.
  ///   - images: the folder of the images; without it `JPEGImages`.
  ///   - base: what the boxes' numbers mean.
  public static func read(
    _ path: String, images: String? = nil, base: VOCPixelBase = .one
  ) throws(AnnotationError) -> (set: AnnotationSet, problems: AnnotationProblems) {
    let (annotations, files) = try throwingAnnotationErrors { () throws(DocumentError) in try labelFiles(of: path) }
    guard !files.isEmpty else {
      throw .content(
        place: path,
        reason: "has neither Annotations/*.xml nor XML files of its own (not a VOC folder), nor LabelMe's JSON")
    }
    let imageNames = VOCImageNames(below: images ?? imageFolder(of: path))
    var assembly = VOCAssembly(base: base)
    for file in files {
      do throws(DocumentError) {
        var record = try VOCXML.read(Path.join(annotations, file), &assembly.problems)
        record.fileName = imageNames.name(of: record, stem: Path.stem(of: file), &assembly.problems)
        assembly.add(record)
      } catch { assembly.problems.add(.badValue, error.description) }
    }
    let set = assembly.finish()
    return (set, assembly.problems)
  }

  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    let (set, problems) = try read(path, images: options.images, base: options.base)
    return FormContent(set: set, problems: problems, imageFolder: imageFolder(of: path))
  }

  /// `Annotations` in a folder, or XML files of its own that are not another form's.
  static func evidence(in look: SourceLook) -> String? {
    if look.hasFolder("Annotations") { return "the folder Annotations" }
    let files = look.names(withExtension: "xml")
    let isOther = { (file: String) in (try? XMLDocument.rootName(of: look.place(file))) == CVATFile.root }
    return files.first { !isOther($0) }.map { "XML files such as \($0)" }
  }

  static func labelFiles(of folder: String) throws(DocumentError) -> (folder: String, names: [String]) {
    let annotations = Path.join(folder, "Annotations")
    let place = Folder.exists(annotations) ? annotations : folder
    return (place, try Folder.names(in: place).filter { Path.extension(of: $0) == "xml" })
  }

  /// Where the images of the VOC folder at `path` are.
  static func imageFolder(of path: String) -> String {
    let own = Path.join(path, "JPEGImages")
    if Folder.exists(own) { return own }
    // `path` may be the folder of XML files itself.
    let beside = Path.join(Path.folder(of: path), "JPEGImages")
    return Folder.exists(beside) ? beside : path
  }

  /// The list that `list` names: a file, or the bare name of one in `ImageSets/Main`.
  static func listFile(_ list: String, in path: String) -> String {
    ImageList.file(list, in: Path.join(path, "ImageSets/Main"))
  }
}
