import Documents

/// The images that a data set's YAML file names, found in the file's own folder and never outside it.
struct UltralyticsSubsets {
  private let root: String
  private let file: String
  /// Relative to `root`.
  private var found: Set<ExactName> = []

  init(root: String, file: String) { (self.root, self.file) = (root, file) }

  /// The folder that names are relative to: `images` where all lie in it.
  var imageFolder: String { isWithinImages ? Path.join(root, "images") : root }

  /// The images relative to `imageFolder`, sorted by their bytes.
  var images: [String] {
    let names = found.map { isWithinImages ? String($0.text.dropFirst("images/".count)) : $0.text }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private var isWithinImages: Bool { found.allSatisfy { $0.text.hasPrefix("images/") } }

  /// Finds the images of all subsets. A `path` that leads elsewhere is noted, and the file's own folder taken.
  mutating func take(_ data: DataYAML, _ problems: inout AnnotationProblems) throws(AnnotationError) {
    var base = ""
    if !data.path.isEmpty, data.path != "." {
      if let inside = inside(data.path), Folder.exists(Path.join(root, inside)) {
        base = inside
      } else {
        problems.add(.otherFileName, "\(file): path \(data.path) is not in its folder, which is taken instead")
      }
    }
    guard data.subsets.contains(where: { !$0.places.isEmpty }) else {
      throw .content(
        place: file,
        reason: "names no images: train, val and test are missing; "
          + YOLOLayout.imagesHint)
    }
    for (name, places) in data.subsets {
      for written in places { try take(written, subset: name, base: base, &problems) }
    }
    guard !found.isEmpty else {
      throw .content(
        place: file,
        reason: "leads to no image; YOLO's numbers are shares of an image's size, so the files are needed: "
          + YOLOLayout.imagesHint)
    }
  }

  private mutating func take(
    _ written: String, subset: String, base: String, _ problems: inout AnnotationProblems
  ) throws(AnnotationError) {
    guard let inside = place(written, base: base) else {
      throw .content(
        place: file,
        reason: "\(subset): \(written) leads out of the data set's folder; where the images are elsewhere "
          + YOLOLayout.imagesHint)
    }
    let whole = Path.join(root, inside)
    if Folder.exists(whole) {
      for image in try YOLOLayout.images(below: whole) {
        found.insert(ExactName(inside.isEmpty ? image : Path.join(inside, image)))
      }
    } else if Folder.hasFile(whole), Path.extension(of: whole) == "txt" {
      for name in try ImageList.read(whole).names {
        if let image = suffix(of: name.replacing("\\", with: "/"), base: base) {
          found.insert(ExactName(image))
        } else {
          problems.add(.missingImage, "\(whole): there is no \(name) in \(root)")
        }
      }
    } else {
      problems.add(.missingImage, "\(file): \(subset): there is no \(written) in \(root)")
    }
  }

  /// A folder or list relative to `root`. Files that were made for one folder deeper begin with `../`: that is taken off, as
  /// Ultralytics does.
  private func place(_ written: String, base: String) -> String? {
    var written = written.replacing("\\", with: "/")
    if written.hasPrefix("../") { written = String(written.dropFirst(3)) }
    if written == "." || written == "./" { return base }
    guard let inside = inside(written.hasPrefix("/") ? written : Path.join(base, written)) else { return nil }
    return inside
  }

  /// The longest end of an image's path that is there.
  private func suffix(of name: String, base: String) -> String? {
    var parts = name.split(separator: "/").filter { $0 != "." }
    guard !parts.contains("..") else { return nil }
    while !parts.isEmpty {
      let end = parts.joined(separator: "/")
      for place in [Path.join(base, end), end] where Folder.hasFile(Path.join(root, place)) { return place }
      parts.removeFirst()
    }
    return nil
  }

  /// A path relative to `root`, without `.` and `..`; nil where it leads out of it.
  private func inside(_ path: String) -> String? {
    var path = path
    if path.hasPrefix("/") {
      guard let whole = Path.resolved(root), path == whole || path.hasPrefix(whole + "/") else { return nil }
      path = String(path.dropFirst(whole.count + 1))
    }
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." {
        guard parts.popLast() != nil else { return nil }
      } else {
        parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }
}
