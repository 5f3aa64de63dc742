import Annotations
import Documents
import Imaging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension ImagePool {
  /// Unlabelled images from a folder (searched with all folders below it), a glob pattern, a text list or one image.
  ///
  /// A list names one image a line, relative to `folder` or, without one, to the list's own folder; empty lines and
  /// lines that begin with `#` are left out, and so are label maps behind names. The order is that of the list, else
  /// that of the names' bytes.
  public static func unlabeled(
    _ source: String, folder: String? = nil, name: String = "unlabeled"
  ) throws(SamplesError) -> ImagePool {
    let names: [String]
    var root = folder ?? ""
    do {
      if Folder.exists(source) {
        root = source
        names = try Folder.filesBelow(source).filter(ImageNames.isImage)
      } else if source.contains(where: { "*?[".contains($0) }), !Folder.hasFile(source) {
        names = matches(of: source).filter { Folder.hasFile($0) }
      } else if ImageNames.isImage(source) {
        names = [source]
      } else {
        root = folder ?? Path.folder(of: source)
        names = try lines(ofList: source)
      }
    } catch {
      throw .document(error)
    }
    guard !names.isEmpty else { throw .noImages(source: source, reason: "no JPEG or PNG file is there") }
    let images = names.enumerated().map { index, name in
      PooledImage(path: Path.join(root, name), name: name, id: index + 1)
    }
    return ImagePool(name: name, images: images)
  }

  /// The images of labels, without the labels.
  public static func unlabeled(
    _ labels: AnnotationSet, source: String, folder: String, name: String = "unlabeled"
  ) throws(SamplesError) -> ImagePool {
    guard !labels.images.isEmpty else { throw .noImages(source: source, reason: "it lists none") }
    let images = labels.images.map {
      PooledImage(
        path: Path.join(folder, $0.fileName), name: $0.fileName, id: $0.id, height: $0.height, width: $0.width)
    }
    return ImagePool(name: name, images: images)
  }

  /// The images that a list names, by name with or without extension and folders; a name that fits none is an error.
  public func selected(byList list: String) throws(SamplesError) -> ImagePool {
    let wanted: [String]
    do {
      wanted = try Self.lines(ofList: list)
    } catch {
      guard case .system(_, _, ENOENT) = error else { throw .document(error) }
      throw .noImages(
        source: list,
        reason: "there is no such file; a list of these images is a text with a name a line, and lists that go by name "
          + "are a VOC folder's")
    }
    var places: [String: Int] = [:]
    for (index, image) in images.enumerated().reversed() {
      let base = Path.name(of: image.name)
      for key in [base, Path.stem(of: image.name), image.name, Path.withoutExtension(image.name)] {
        places[key] = index
      }
    }
    var chosen: [Int] = []
    for name in wanted {
      guard let index = places[name] else {
        throw .noImages(source: list, reason: "'\(name)' is not among the \(count) \(self.name) images")
      }
      chosen.append(index)
    }
    guard !chosen.isEmpty else { throw .noImages(source: list, reason: "the list is empty") }
    return ImagePool(name: name, images: Set(chosen).sorted().map { images[$0] })
  }

  private static func lines(ofList path: String) throws(DocumentError) -> [String] {
    // Lists of segmentation have lines `image mask`, those of unlabelled parts too; the label map is not looked at.
    try TextFile.lines(path).map { MaskList.pair($0.text)?.image ?? $0.text }
  }

  private static func matches(of pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0, let paths = found.gl_pathv else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in paths[index].map { String(cString: $0) } }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
