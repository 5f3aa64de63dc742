import Documents
import Imaging

/// Where the images, label files and class names of a YOLO data set are.
struct YOLOLayout {
  /// The folder that the source names, or that the file of classes lies in.
  let root: String
  /// The names of the classes by number.
  let classes: [String]
  /// The file that they are from.
  let classFile: String
  /// The folder that the images' names are relative to.
  let imageFolder: String
  /// The images in or below it, sorted by their bytes.
  let images: [String]

  /// What errors say of images that are elsewhere.
  static let imagesHint = "an option names their folder (--images, --truth-images, --labeled-images)"

  /// The images below a folder, relative to it.
  static func images(below folder: String) throws(AnnotationError) -> [String] {
    try throwingAnnotationErrors { () throws(DocumentError) in
      try Folder.filesBelow(folder).filter(ImageNames.isImage)
    }
  }

  /// The label file of an image: where the last `images` of its path is `labels`, beside it, or below the folder of labels.
  func labelFile(of image: String) -> String? {
    let stem = Path.withoutExtension(image)
    var places: [String] = []
    var parts = Path.join(imageFolder, stem).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if let place = parts.dropLast().lastIndex(of: "images") {
      parts[place] = "labels"
      places.append(parts.joined(separator: "/"))
    }
    places += [Path.join(imageFolder, stem)]
    places += ["labels", DarknetFolder.folder].map { Path.join(root, Path.join($0, stem)) }
    return places.map { $0 + ".txt" }.first(where: Folder.hasFile)
  }

  /// The files of a folder that name classes, images or objects, in either layout.
  static func labelFiles(of folder: String) throws(DocumentError) -> (folder: String, names: [String]) {
    let files = try Folder.filesBelow(folder)
    let pictured = Set(files.filter(ImageNames.isImage).map(Path.withoutExtension))
    let names = files.filter { file in
      switch Path.extension(of: file) {
      case "yaml", "yml", "names": true
      case "txt":
        file == "classes.txt" || pictured.contains(Path.withoutExtension(file))
          || file.split(separator: "/").dropLast().contains { $0 == "labels" || $0 == DarknetFolder.folder }
      default: false
      }
    }
    return (folder, names)
  }

  /// Label files of no image, relative to `root`: those below folders called `labels`, or Darknet's.
  func labelFiles(besides used: Set<ExactName>) -> [String] {
    let files = (try? Folder.filesBelow(root)) ?? []
    return files.filter { file in
      guard Path.extension(of: file) == "txt", !used.contains(ExactName(Path.join(root, file))) else { return false }
      return file.split(separator: "/").dropLast().contains { $0 == "labels" || $0 == DarknetFolder.folder }
    }
  }

  /// The names of a file with one class a line.
  static func names(in file: String) throws(AnnotationError) -> [String] {
    let text = try throwingAnnotationErrors { () throws(DocumentError) in try TextFile.read(file) }
    // What follows the last newline is a line, too.
    var lines = text.lines.prefix(YAMLLines.mostItems + 2).map(String.init)
    let isCut = lines.count == YAMLLines.mostItems + 2
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard !isCut, lines.count <= YAMLLines.mostItems else {
      throw .content(place: file, reason: "has more than \(YAMLLines.mostItems) lines: these are no names of classes")
    }
    if let empty = lines.firstIndex(where: \.isEmpty) {
      throw .content(place: "\(file):\(empty + 1)", reason: "has no name of a class")
    }
    return lines
  }
}

/// What label files are like, looked at until the first row.
enum YOLORows {
  /// Whether the first row of the first label file that is not empty is a ring.
  static func beginWithRing(in files: [String], below root: String) -> Bool {
    for file in files
    where Path.extension(of: file) == "txt" && file.split(separator: "/").dropLast().contains("labels") {
      let words = (try? MappedFile(path: Path.join(root, file)).withBytes(firstWords)) ?? 0
      if words > 0 { return words > 6 }
    }
    return false
  }

  /// How many words the first row has, counted up to seven.
  private static func firstWords(_ bytes: UnsafeRawBufferPointer) -> Int {
    var count = 0
    var isInWord = false
    for byte in bytes[ByteOrderMark.end(in: bytes)...] {
      if !byte.isBlank, !isInWord { count += 1 }
      isInWord = !byte.isBlank
      if count > 6 || count > 0 && byte == 10 { return count }
    }
    return count
  }
}
