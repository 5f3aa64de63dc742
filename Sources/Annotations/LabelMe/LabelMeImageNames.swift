import Documents
import Imaging

/// Finds the images that LabelMe's files are about, below one folder and never outside it.
struct LabelMeImageNames {
  private let images: String
  private let root: String?

  /// - Parameter images: The folder of the images.
  init(images: String) {
    self.images = images
    root = Path.resolved(images)
  }

  /// The image's name relative to the folder of the images.
  ///
  /// Taken is the first that is there: the `imagePath` as it leads from the JSON file, as it leads from the folder of the
  /// images, its last part alone, the JSON file's own name. Where none is there it is the first that stays inside.
  func name(of record: LabelMeRecord, _ problems: inout AnnotationProblems) -> String {
    if let name = existingName(of: record) {
      if Path.stem(of: name) != Path.stem(of: record.imagePath), !record.imagePath.isEmpty {
        problems.add(
          .otherFileName, "\(record.file): imagePath \(record.imagePath) is not there, \(name) is taken")
      }
      return name
    }
    return candidates(of: record).first ?? Path.withoutExtension(record.name) + ".jpg"
  }

  /// The same, where the file is there.
  func existingName(of record: LabelMeRecord) -> String? {
    let own = [Path.withoutExtension(record.name), Path.stem(of: record.name)]
    let others = own.flatMap(ImageNames.candidates)
    return (candidates(of: record) + others).first { Folder.hasFile(Path.join(images, $0)) }
  }

  private func candidates(of record: LabelMeRecord) -> [String] {
    guard !record.imagePath.isEmpty else { return [] }
    let name = Path.name(of: record.imagePath)
    return [inside(record), record.imagePath, name].compactMap { $0 }.filter { Path.staysInside($0) }
  }

  /// Where the `imagePath` leads from its file, relative to the folder of the images; nil where it leads out of that.
  private func inside(_ record: LabelMeRecord) -> String? {
    guard !record.imagePath.hasPrefix("/"), let root, let start = Path.resolved(Path.folder(of: record.file)) else {
      return nil
    }
    var parts = start.split(separator: "/")
    for part in record.imagePath.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    let above = root.split(separator: "/")
    guard parts.starts(with: above) else { return nil }
    return parts.dropFirst(above.count).joined(separator: "/")
  }
}
