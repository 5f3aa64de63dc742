import Documents
import Imaging

/// A folder of images and one of PNG label maps that are called as the images.
struct MaskFolder {
  /// What Cityscapes puts behind the common part of both names; its folders have other PNG files too.
  private static let endings = [
    (image: "_leftImg8bit", mask: "_gtFine_labelTrainIds"), (image: "_leftImg8bit", mask: "_gtFine_labelIds"),
  ]
  let source: String
  let images: String
  let masks: String
  /// Whether there may be images without a mask, as in VOC, where most have boxes alone.
  let masksChoose: Bool

  /// Finds both folders; nil where there are no label maps in the layouts that are known.
  init?(source: String, images: String?, masks: String?) {
    func inside(_ names: String...) -> String? {
      names.map { Path.join(source, $0) }.first { Folder.exists($0) }
    }
    let trimmed = source.count > 1 && source.hasSuffix("/") ? String(source.dropLast()) : source
    self.source = source
    let own = inside("JPEGImages", "images")
    if let masks {
      (self.masks, self.images) = (masks, images ?? own ?? source)
      masksChoose = Path.name(of: masks).hasPrefix("SegmentationClass")
    } else if let masks = inside("SegmentationClass", "masks") {
      (self.masks, self.images) = (masks, images ?? own ?? source)
      masksChoose = Path.name(of: masks) == "SegmentationClass"
    } else if own == nil, Folder.exists(trimmed + "annot") {
      (self.masks, self.images, masksChoose) = (trimmed + "annot", images ?? source, false)
    } else if own == nil, let images {
      (self.masks, self.images, masksChoose) = (source, images, false)
    } else {
      return nil
    }
  }

  /// Pairs the files of both folders by their paths without extensions.
  static func read(
    _ source: String, images: String?, masks: String?, list: String?
  ) throws(AnnotationError) -> PairedMasks {
    guard let folder = MaskFolder(source: source, images: images, masks: masks) else {
      throw .content(
        place: source,
        reason:
          "has no label maps: looked for SegmentationClass and masks in it and \(Path.name(of: source))annot beside it; "
          + "or name the folder of PNG masks")
    }
    return try folder.paired(list: list)
  }

  private func paired(list: String?) throws(AnnotationError) -> PairedMasks {
    let maskNames = try names(in: masks, outside: nil) { Path.extension(of: $0) == "png" }
    let ending = Self.endings.first { ending in
      maskNames.contains { Path.withoutExtension($0).hasSuffix(ending.mask) }
    }
    let maskFiles = try byStem(
      ending.map { ending in maskNames.filter { Path.withoutExtension($0).hasSuffix(ending.mask) } } ?? maskNames,
      in: masks, ending: ending?.mask)
    guard !maskFiles.isEmpty else { throw .content(place: masks, reason: "has no PNG label map") }
    let imageFiles = try byStem(
      names(in: images, outside: masks, where: ImageNames.isImage), in: images, ending: ending?.image)
    guard !imageFiles.isEmpty else { throw .content(place: images, reason: "has no image (.jpg, .jpeg, .png)") }
    let stems = imageFiles.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let records = stems.enumerated().map { place, stem in
      MaskedImage(
        id: place + 1, name: imageFiles[stem] ?? stem, path: Path.join(images, imageFiles[stem] ?? stem),
        mask: .file(Path.join(masks, maskFiles[stem] ?? "")))
    }
    var found = PairedMasks(
      form: .folder, images: records, imageFolder: images,
      classFolders: [source, Path.folder(of: masks), Path.folder(of: source)])
    var without = zip(stems, records).filter { maskFiles[$0.0] == nil }.map(\.1)
    let lonely = maskFiles.filter { imageFiles[$0.key] == nil }.map(\.value).sorted()
    if let list {
      let file = VOCMasks.listFile(list, in: source)
      found.images = try MaskList.chosen(from: records, by: file, source: source, notes: &found.notes)
      let ids = Set(found.images.map(\.id))
      without.removeAll { !ids.contains($0.id) }
    } else if masksChoose, without.count < records.count {
      let ids = Set(without.map(\.id))
      found.images.removeAll { ids.contains($0.id) }
      if !without.isEmpty {
        found.notes.append("left out: \(without.count) of \(records.count) images, without a label map in \(masks)")
      }
      without = []
    }
    // A list chooses images; masks of others are nobody's concern.
    try requirePairs(without.map(\.name), list == nil ? lonely : [])
    try ImageLocator(folder: images).requireInside(found.images.map(\.name))
    let chosen = Set(found.images.map(\.id))
    try ImageLocator(folder: masks).requireInside(
      zip(stems, records).filter { chosen.contains($0.1.id) }.compactMap { maskFiles[$0.0] })
    return found
  }

  private func requirePairs(_ images: [String], _ masks: [String]) throws(AnnotationError) {
    var reasons: [String] = []
    if !images.isEmpty {
      let what = images.count == 1 ? "1 image has" : "\(images.count) images have"
      reasons.append("\(what) no label map in \(self.masks): \(namesText(images))")
    }
    if !masks.isEmpty {
      let what = masks.count == 1 ? "1 label map has" : "\(masks.count) label maps have"
      reasons.append("\(what) no image in \(self.images): \(namesText(masks))")
    }
    guard reasons.isEmpty else { throw .content(place: source, reason: reasons.joined(separator: "; ")) }
  }

  /// The files of a kind below a folder, but for those in another one inside it.
  private func names(
    in folder: String, outside other: String?, where isWanted: (String) -> Bool
  ) throws(AnnotationError) -> [String] {
    let names = try throwingAnnotationErrors { () throws(DocumentError) in try Folder.filesBelow(folder) }
    let nested = other.flatMap { other -> String? in
      guard let way = Path.way(from: folder, to: other), way != ".", !way.hasPrefix("..") else { return nil }
      return way + "/"
    }
    return names.filter { name in isWanted(name) && !(nested.map { name.hasPrefix($0) } ?? false) }
  }

  /// The files by their paths without extension and, where it is there, without an ending.
  private func byStem(
    _ names: [String], in folder: String, ending: String?
  ) throws(AnnotationError) -> [String: String] {
    var files: [String: String] = [:]
    for name in names {
      let stem = Path.withoutExtension(name)
      let key = ending.map { stem.hasSuffix($0) ? String(stem.dropLast($0.count)) : stem } ?? stem
      if let twin = files.updateValue(name, forKey: key) {
        throw .content(place: folder, reason: "\(twin) and \(name) would have the same label map")
      }
    }
    return files
  }
}
