import Documents
import Imaging

/// Finds the images that VOC's XML files are about, below one folder and never outside it.
struct VOCImageNames {
  private let folder: String
  /// What lies directly in the folder, looked up without a system call each.
  private let names: Set<ExactName>

  /// - Parameter folder: The folder of the images.
  init(below folder: String) {
    self.folder = folder
    names = Set(((try? Folder.names(in: folder)) ?? []).map(ExactName.init))
  }

  /// The image's name relative to the folder.
  ///
  /// Taken is the first that is there: the `<filename>` with its folders where these stay inside, its last part alone, the XML file's
  /// own name, each with whatever extension an image has. Where none is there it is the `<filename>`, of one that leads out its last
  /// part. Another than the whole `<filename>` is noted.
  ///
  /// - Parameter stem: The XML file's name without its extension.
  func name(of record: VOCRecord, stem: String, _ problems: inout AnnotationProblems) -> String {
    let whole = Self.inside(record.fileName)
    let last = Self.lastPart(of: record.fileName)
    if let whole, let name = found(whole) { return name }
    let other = last.flatMap(found) ?? withExtension(stem)
    let best = other ?? whole ?? last ?? stem
    if record.fileName.isEmpty {
      if other != nil { problems.add(.otherFileName, "\(record.place): has no <filename>, \(best) is taken") }
    } else if other != nil || whole == nil {
      let reason = whole == nil ? "leads out of the folder of images" : "is not there"
      problems.add(.otherFileName, "\(record.place): <filename> \(record.fileName) \(reason), \(best) is taken")
    }
    return Path.extension(of: best).isEmpty ? best + ".jpg" : best
  }

  /// A `<filename>` with its folders, relative to that of the images, without `.` and `..`; nil where it leads out of that.
  static func inside(_ fileName: String) -> String? {
    // A name written on another system may carry that system's folders.
    let written = fileName.replacing("\\", with: "/")
    guard Path.staysInside(written) else { return nil }
    let name = Path.shortest(written)
    return Path.parts(of: name).first.map(isDrive) == true ? nil : name
  }

  private static func isDrive(_ part: String) -> Bool {
    part.utf8.count == 2 && part.hasSuffix(":") && part.first?.isLetter == true
  }

  /// What stands behind the last folder; nil where that is no name of a file.
  private static func lastPart(of fileName: String) -> String? {
    Path.parts(of: fileName.replacing("\\", with: "/")).last.flatMap { [".", ".."].contains($0) ? nil : $0 }
  }

  /// The file of that name; else one with another extension, or with one where the name has none.
  private func found(_ name: String) -> String? {
    has(name) ? name : withExtension(name) ?? withExtension(Path.withoutExtension(name))
  }

  private func withExtension(_ stem: String) -> String? { ImageNames.candidates(of: stem).first(where: has) }

  private func has(_ name: String) -> Bool {
    name.utf8.contains(UInt8(ascii: "/"))
      ? Folder.hasFile(Path.join(folder, name)) : names.contains(ExactName(name))
  }
}
