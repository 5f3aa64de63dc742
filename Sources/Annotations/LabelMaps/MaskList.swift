import Documents
import Imaging

/// A text file of images and their label maps, one pair a line, as published splits have them; names alone choose images.
public enum MaskList {
  /// The two parts of a line `image mask`, set apart by a tab, or by white space between a name of an image and one of a PNG; nil for
  /// a name alone, which may hold blanks.
  public static func pair(_ line: String) -> (image: String, mask: String)? {
    let parts = line.split(separator: "\t").map(\.trimmed)
    if parts.count == 2 { return (parts[0], parts[1]) }
    let words = line.words
    // An ending stands in a name's last word; a dot that begins a later word than the first is no hidden file's.
    func name(_ place: Int, first: Int) -> String { place == first ? String(words[place]) : "_" + words[place] }
    let images = words.indices.dropLast()
    guard let last = images.first(where: { ImageNames.isImage(name($0, first: 0)) }),
      Path.extension(of: name(words.count - 1, first: last + 1)) == "png"
    else { return nil }
    return (String(line[words[0].startIndex..<words[last].endIndex]), line[words[last + 1].startIndex...].trimmed)
  }

  /// Reads a list of pairs, or of images whose label maps lie in a folder under their names. Relative names stay below their folder;
  /// absolute ones are whatever the list's author says.
  ///
  /// - Parameters:
  ///   - images: what names of images are relative to; without it the list's folder.
  ///   - masks: what names of masks are relative to; without it the same as for images.
  static func read(
    _ path: String, images: String?, masks: String?, list: String?
  ) throws(AnnotationError) -> PairedMasks {
    let lines = try ImageList.read(path).names
    let imageFolder = images ?? Path.folder(of: path)
    let maskFolder = masks ?? imageFolder
    var records: [MaskedImage] = []
    var maskNames: [String] = []
    var unpaired: [String] = []
    var seen: Set<String> = []
    for line in lines {
      let parts: (image: String, mask: String)
      if let pair = pair(line) {
        parts = pair
      } else if masks != nil, !Path.extension(of: line).isEmpty {
        parts = (line, Path.withoutExtension(line) + ".png")
      } else {
        unpaired.append(line)
        continue
      }
      guard seen.insert(parts.image).inserted else {
        throw .content(place: path, reason: "the image \(parts.image) is listed twice")
      }
      maskNames.append(parts.mask)
      records.append(
        MaskedImage(
          id: records.count + 1, name: parts.image, path: Path.join(imageFolder, parts.image),
          mask: .file(Path.join(maskFolder, parts.mask))))
    }
    guard unpaired.isEmpty else {
      throw .content(
        place: path,
        reason:
          "wanted is `image mask` on each line, \(unpaired.count) \(unpaired.count == 1 ? "has" : "have") no mask: "
          + namesText(unpaired, most: 5))
    }
    var found = PairedMasks(
      form: .list, images: records, imageFolder: imageFolder,
      classFolders: [Path.folder(of: path), imageFolder, Path.folder(of: imageFolder)])
    if let list { found.images = try chosen(from: records, by: list, source: path, notes: &found.notes) }
    try requireFiles(found.images, list: path)
    try requireInside(found.images.map(\.name), of: imageFolder, list: path)
    try requireInside(found.images.map { maskNames[$0.id - 1] }, of: maskFolder, list: path)
    return found
  }

  /// Refuses files that are named relative to a folder and lead out of it.
  private static func requireInside(
    _ names: [String], of folder: String, list: String
  ) throws(AnnotationError) {
    let names = names.filter { !$0.hasPrefix("/") }
    if let name = names.first(where: { !Path.staysInside($0) }) {
      throw .content(
        place: list,
        reason:
          "\(name) leads out of \(folder), which names are relative to; name the folder that holds all, or absolute "
          + "paths")
    }
    try ImageLocator(folder: folder).requireInside(names)
  }

  private static func requireFiles(_ images: [MaskedImage], list: String) throws(AnnotationError) {
    let missingImages = images.filter { !Folder.hasFile($0.path) }.map(\.path)
    let missingMasks = images.compactMap { image -> String? in
      guard case .file(let mask) = image.mask, !Folder.hasFile(mask) else { return nil }
      return mask
    }
    let reasons = [("image", missingImages), ("label map", missingMasks)].compactMap { what, missing -> String? in
      guard !missing.isEmpty else { return nil }
      return (missing.count == 1 ? "1 \(what) is" : "\(missing.count) \(what)s are") + " not there: "
        + namesText(missing)
    }
    guard reasons.isEmpty else { throw .content(place: list, reason: reasons.joined(separator: "; ")) }
  }

  /// The images that a list names, in the source's order; masks on its lines are passed over.
  ///
  /// Names match as those of ``ImageList``, and where that fails without the folders before them, so that a list with paths from a
  /// data set's root chooses from a folder in it.
  static func chosen(
    from images: [MaskedImage], by list: String, source: String, notes: inout [String]
  ) throws(AnnotationError) -> [MaskedImage] {
    let lines = try ImageList.read(list).names
    let known = Set(images.flatMap { [$0.name, Path.withoutExtension($0.name)] })
    let names = lines.map { line in
      let name = pair(line)?.image ?? line
      return known.contains(name) ? name : Path.name(of: name)
    }
    let records = AnnotationSet(
      images: images.map { ImageRecord(id: $0.id, fileName: $0.name, height: $0.height, width: $0.width) })
    var problems = AnnotationProblems()
    let ids = Set(
      try ImageList(file: list, names: names).subset(of: records, source: source, &problems).images.map(\.id))
    notes += problems.lines(.note)
    return images.filter { ids.contains($0.id) }
  }
}
