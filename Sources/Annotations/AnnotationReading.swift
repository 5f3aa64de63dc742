import Documents

/// Labels as read from one source, with all that was noticed.
public struct AnnotationReading: Sendable {
  /// The file or folder that was read.
  public let source: String
  /// Its form.
  public let form: AnnotationFormat
  /// All that it says, nothing left out.
  public var set: AnnotationSet
  /// What was noticed.
  public var problems: AnnotationProblems
  /// The folder that image file names are relative to.
  public var imageFolder: String
  /// Of label maps, whether they have a class for pixels that no object covers; nil of other forms.
  public var hasBackground: Bool?
  /// The files of labels that were read, where they are not those that the form finds by itself.
  var files: [String]?
  /// Files that were read beside the labels.
  var otherFiles: [String] = []
}

extension AnnotationReading {
  /// Keeps the images that a list names.
  ///
  /// - Parameter list: a text file, or the bare name of one that the form has a folder for.
  public mutating func choose(_ list: String, base: VOCPixelBase = .one) throws(AnnotationError) {
    let file = form.form.listFile(list, in: source)
    otherFiles.append(file)
    set = try ImageList.read(file).subset(of: set, source: source, &problems)
    // The boxes of images that are not listed are nobody's concern.
    problems.remove([.zeroArea, .outside, .partlyOutside])
    problems.add(AnnotationCheck.boxes(of: set, form: form, base: base))
  }

  /// The paths of all files that were read, but for those of images.
  public func filesRead() throws(AnnotationError) -> [String] {
    if let files { return files + otherFiles }
    guard Folder.exists(source) else { return [source] + otherFiles }
    let (folder, names) = try throwingAnnotationErrors { () throws(DocumentError) in
      try form.form.labelFiles(of: source)
    }
    return names.map { Path.join(folder, $0) } + otherFiles
  }
}

extension SegmentationReading {
  /// The paths of all files that were read, or will be, but for those of images.
  public var filesRead: [String] {
    let masks = images.compactMap { image -> String? in
      if case .file(let path) = image.mask { path } else { nil }
    }
    let folders = [source, Path.folder(of: source)] + Set(masks.map { Path.folder(of: Path.folder(of: $0)) })
    let tables = folders.map { Path.join($0, "classes.txt") }.filter { Folder.hasFile($0) }
    return masks + tables + (Folder.exists(source) ? [] : [source])
  }
}
