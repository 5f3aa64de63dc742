import Documents

/// Names of images that choose a part of a source: one a line, the extension may be missing, blank lines and lines that
/// begin with `#` are passed over.
public struct ImageList: Sendable, Equatable {
  /// The file it was read from, for messages.
  public let file: String
  /// The names in the file's order.
  public let names: [String]

  /// A list of these names.
  public init(file: String, names: [String]) {
    self.file = file
    self.names = names
  }

  /// Whether a line of a list can be a name: not one that reads back without the blanks at its ends, as several lines, or as a remark.
  public static func canHold(_ name: String) -> Bool {
    !name.isEmpty && name.trimmed == name && !name.contains(where: \.isNewline) && !name.hasPrefix("#")
      && !ByteOrderMark.begins(name.utf8)
  }

  /// Throws for the first image whose line a list cannot hold.
  ///
  /// - Parameters:
  ///   - lines: Images and their lines.
  ///   - source: Where the images are from, for the message.
  static func requireHeld(
    _ lines: [(image: String, line: String)], source: String
  ) throws(AnnotationError) {
    for (image, line) in lines where !canHold(line) {
      throw .content(
        place: source,
        reason: "the image name \(JSON(image).serialized()) cannot stand on a line of a list: it is empty, begins with "
          + "#, has blanks at its ends, or newlines")
    }
  }

  /// The file that `list` names: one at that path, or one of that name in a folder, where `.txt` may be left off; else what it says.
  static func file(_ list: String, in folder: String) -> String {
    if Folder.hasFile(list) { return list }
    return [list, list + ".txt"].map { Path.join(folder, $0) }.first { Folder.hasFile($0) } ?? list
  }

  /// Reads a list file in UTF-8.
  public static func read(_ path: String) throws(AnnotationError) -> ImageList {
    let names = try throwingAnnotationErrors { () throws(DocumentError) in try TextFile.lines(path).map(\.text) }
    guard !names.isEmpty else { throw .content(place: path, reason: "names no image") }
    return ImageList(file: path, names: names)
  }

  /// The images of `set` that are named, in the set's order, with their objects; all classes stay.
  ///
  /// A name matches a file name as a whole, without its extension, without its folders, or without both; a name that
  /// matches none or more than one is an error. Names given twice are noted in `problems`.
  public func subset(
    of set: AnnotationSet, source: String, _ problems: inout AnnotationProblems
  ) throws(AnnotationError) -> AnnotationSet {
    let index = ImageNameIndex(set.images.map(\.fileName))
    let exact = Dictionary(set.images.enumerated().map { (ExactName($1.fileName), $0) }) { first, _ in first }
    var chosen: Set<Int> = []
    // Of many wrong names only some are shown.
    var (wrong, wrongCount): ([String], Int) = ([], 0)
    func addWrong(_ name: String) {
      if wrong.count < 20 { wrong.append(name) }
      wrongCount += 1
    }
    for name in names {
      switch exact[ExactName(name)].map(ImageNameIndex.Match.one) ?? index.match(name) {
      case .one(let place):
        if !chosen.insert(place).inserted { problems.add(.listedTwice, "\(file): \(name) is listed twice") }
      case .several: addWrong("\(name) (more than one image has that name)")
      case .unknown: addWrong(name)
      }
    }
    guard wrong.isEmpty else {
      let s = wrongCount == 1 ? "an image" : "\(wrongCount) images"
      throw .content(
        place: file,
        reason: "names \(s) that \(source) does not have: \(namesText(wrong, of: wrongCount))")
    }
    let ids = Set(chosen.map { set.images[$0].id })
    return set.subset { ids.contains($0.id) }
  }
}
