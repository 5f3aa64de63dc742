import Documents

/// Reads and writes a folder with LabelMe's JSON: one file an image, beside the image or in a folder of its own.
public enum LabelMeFolder: WritableForm {
  static let summary = "LabelMe folder, one JSON file an image"
  static let coordinates = "points [x, y] in pixels, corner of the first pixel = (0, 0)"
  static let holds: [LabelKind] = [.boxes, .polygons]
  static let isFolder = true
  static let sign = "JSON files with shapes"

  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    let (set, problems, folder) = try read(path, images: options.images)
    return FormContent(set: set, problems: problems, imageFolder: folder)
  }

  /// LabelMe's JSON in a folder or below it; in VOC's folder such files are by the way.
  static func evidence(in look: SourceLook) -> String? {
    guard look.isFolder, VOCFolder.evidence(in: look) == nil else { return nil }
    let others: Set = ["annotation", "images", "annotations", "categories"]
    let first = look.files.first { file in
      guard Path.extension(of: file) == "json",
        case .object(let keys)? = try? JSONStream.shape(of: look.place(file), until: others.union(["shapes"]))
      else { return false }
      return keys.contains("shapes")
    }
    return first.map { "JSON files with shapes such as \($0)" }
  }

  static func labelFiles(of folder: String) throws(DocumentError) -> (folder: String, names: [String]) {
    (folder, try files(below: folder))
  }

  /// The JSON files below a folder, relative to it, sorted by their bytes.
  static func files(below path: String) throws(DocumentError) -> [String] {
    try Folder.filesBelow(path).filter { Path.extension(of: $0) == "json" }
  }

  /// Reads all JSON files of LabelMe below `path`; other JSON files are noted.
  ///
  /// Image and object ids count from 1 in the order of the files' names; classes are the labels that occur. Shapes of one
  /// label and one `group_id` are one object, as LabelMe's own converters take them.
  ///
  /// - Parameter images: The folder of the images, out of which no `imagePath` leads; without it it is looked for in and
  ///   beside `path`.
  /// - Returns: What the files say, what was noticed, and the folder that file names are relative to.
  public static func read(
    _ path: String, images: String? = nil
  ) throws(AnnotationError) -> (set: AnnotationSet, problems: AnnotationProblems, imageFolder: String) {
    let files = try throwingAnnotationErrors { () throws(DocumentError) in try Self.files(below: path) }
    var problems = AnnotationProblems()
    var records: [LabelMeRecord] = []
    for file in files {
      do throws(DocumentError) {
        if let record = try LabelMeRecord.read(file, in: path, &problems) { records.append(record) }
      } catch { problems.add(.badValue, error.description) }
    }
    guard !records.isEmpty || problems.counts[.badValue] != nil else {
      throw .content(place: path, reason: "has no JSON file of LabelMe")
    }
    let folder = images ?? imageFolder(of: path, records)
    let names = LabelMeImageNames(images: folder)
    var assembly = LabelMeAssembly(problems: problems)
    for record in records { assembly.add(record, fileName: names.name(of: record, &assembly.problems)) }
    let set = assembly.finish()
    return (set, assembly.problems, folder)
  }

  /// The folder in or beside `path` in which the first image lies; `path` itself where none is found.
  private static func imageFolder(of path: String, _ records: [LabelMeRecord]) -> String {
    guard let first = records.first else { return path }
    return AnnotationSource.imageFolder(around: path) { folder in
      LabelMeImageNames(images: folder).existingName(of: first) != nil
    }
  }
}
