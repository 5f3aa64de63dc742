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
    let places = Self.places(of: set.images)
    let exact = Dictionary(set.images.enumerated().map { (ExactName($1.fileName), $0) }) { first, _ in first }
    var chosen: Set<Int> = []
    var wrong: [String] = []
    for name in names {
      switch exact[ExactName(name)].map(Match.one) ?? places[name] {
      case .one(let place)?:
        if !chosen.insert(place).inserted { problems.add(.listedTwice, "\(file): \(name) is listed twice") }
      case .several?: wrong.append("\(name) (more than one image has that name)")
      case nil: wrong.append(name)
      }
    }
    guard wrong.isEmpty else {
      let more = wrong.count > 20 ? " and \(wrong.count - 20) more" : ""
      let s = wrong.count == 1 ? "an image" : "\(wrong.count) images"
      throw .content(
        place: file,
        reason: "names \(s) that \(source) does not have: \(wrong.prefix(20).joined(separator: ", "))\(more)")
    }
    let ids = Set(chosen.map { set.images[$0].id })
    return set.subset { ids.contains($0.id) }
  }

  private enum Match {
    case one(Int)
    case several
  }

  /// Every spelling of every image, whole names first so that they win. Names compare as texts here, so that a list written on a
  /// system that composes characters otherwise still finds its images.
  private static func places(of images: [ImageRecord]) -> [String: Match] {
    var places: [String: Match] = [:]
    let spellings: [(String) -> String] = [{ $0 }, Path.withoutExtension, Path.name(of:), Path.stem(of:)]
    for spell in spellings {
      var level: [String: Match] = [:]
      for (index, image) in images.enumerated() {
        let name = spell(image.fileName)
        level[name] = level[name] == nil ? .one(index) : .several
      }
      places.merge(level) { first, _ in first }
    }
    return places
  }
}
