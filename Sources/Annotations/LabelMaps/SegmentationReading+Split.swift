import Documents

extension SegmentationReading {
  /// How lists of a split name their images.
  public enum ListForm: String, Sendable, CaseIterable {
    /// The names as the source has them.
    case names
    /// Without folders and extension, as VOC's lists.
    case stems
    /// `image mask`, as ST++'s and UniMatch's lists, relative to the folder that holds both.
    case pairs
  }

  /// The deepest folder that holds all images and label maps: what pairs are relative to.
  public var root: String {
    let folders = images.flatMap { image -> [String] in
      guard case .file(let mask) = image.mask else { return [Path.folder(of: image.path)] }
      return [Path.folder(of: image.path), Path.folder(of: mask)]
    }
    var common: [Substring]?
    for folder in Set(folders) {
      let parts = (Path.resolved(folder) ?? folder).split(separator: "/")
      common = common.map { parts.prefix(zip($0, parts).prefix { $0 == $1 }.count).map { $0 } } ?? parts
    }
    return "/" + (common ?? []).joined(separator: "/")
  }

  /// The lines of a list of images.
  ///
  /// - Throws: where two images would be called the same, or label maps have no files to name.
  func lines(_ places: [Int], _ form: ListForm) throws(AnnotationError) -> [String] {
    switch form {
    case .names: return places.map { images[$0].name }
    case .stems:
      let stems = images.map { Path.stem(of: $0.name) }
      var owners: [String: String] = [:]
      for (image, stem) in zip(images, stems) {
        if let other = owners.updateValue(image.name, forKey: stem) {
          throw .content(place: source, reason: "\(other) and \(image.name) are both \(stem) in a list of stems")
        }
      }
      return places.map { stems[$0] }
    case .pairs:
      let root = root
      func relative(_ path: String) -> String {
        let folder = Path.way(from: root, to: Path.folder(of: path)) ?? ""
        return Path.join(folder, Path.name(of: path))
      }
      var lines: [String] = []
      for place in places {
        guard case .file(let mask) = images[place].mask else {
          throw .content(
            place: source, reason: "has outlines and no files of label maps; a list of pairs cannot name them")
        }
        lines.append("\(relative(images[place].path)) \(relative(mask))")
      }
      return lines
    }
  }

  /// The SHA-256 of the labels of images: of the lines `stem digest`, sorted, with the digest of the label map's file or of the outlines.
  public func labelDigest(of images: [MaskedImage]) throws(AnnotationError) -> String {
    var lines: [String] = []
    for image in images {
      var digest: String
      switch image.mask {
      case .file(let mask):
        digest = try throwingAnnotationErrors { () throws(DocumentError) in try SHA256.hexDigest(ofFile: mask) }
      case .objects(let objects, _):
        var outlines = SHA256()
        for object in objects {
          outlines.update("\(object.classIndex) \(object.isCrowd) \(object.segmentation.text)\n")
        }
        digest = outlines.hexDigest()
      }
      lines.append("\(Path.stem(of: image.name)) \(digest)\n")
    }
    var digest = SHA256()
    for line in lines.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) { digest.update(line) }
    return digest.hexDigest()
  }

  /// The hash that names a part of the images: ``SplitRecord/hash(ofNames:digests:)``.
  func hash(of places: [Int], digests: [Int: String]) -> String {
    SplitRecord.hash(
      ofNames: places.map { Path.stem(of: images[$0].name) }, digests: places.map { digests[images[$0].id] ?? "" })
  }

  /// The split that the images of this reading are the labelled part of: that of a `split.json` which lists the list that chose them,
  /// or the list that is the source. Reads the image files.
  ///
  /// - Parameter list: the list that chose the images, if one did.
  /// - Returns: the record, nil where there is none; and what there is to say.
  /// - Throws: where the list holds other images than were drawn.
  public func split(list: String?) throws(AnnotationError) -> (record: SplitRecord?, note: String?) {
    let file = list ?? source
    guard let listed = SplitListing(of: file) else { return (nil, nil) }
    let isOfBoxes = listed.labelDigest == nil
    let ids = isOfBoxes ? listed.boxIDs() : nil
    if isOfBoxes, ids == nil {
      let what = "the file of its images' ids is not beside it, so they were not compared with \(listed.manifest)"
      return (nil, "\(file): \(what)")
    }
    let hash = try hash(by: ids, withContents: listed.record.hashesContents)
    guard hash == listed.record.hash else {
      throw .content(
        place: file,
        reason:
          "its images are not those of the split: their hash is \(hash), \(listed.manifest) says \(listed.record.hash)")
    }
    let line = "split \(listed.record.summary)"
    guard let digest = listed.labelDigest, try labelDigest(of: images) != digest else { return (listed.record, line) }
    return (listed.record, "\(line); the label maps are not those that it was drawn from: same images, other labels")
  }
  /// The hash of the images: by names, or by the ids that a split of boxes gave them.
  private func hash(by ids: [String: Int]?, withContents: Bool) throws(AnnotationError) -> String {
    let digests = try imageDigests()
    guard let ids else { return hash(of: Array(images.indices), digests: digests) }
    let pairs = images.map { (ids[Path.stem(of: $0.name)] ?? -1, digests[$0.id] ?? "") }
    return SplitRecord.hash(
      of: pairs.map(\.0), digests: withContents ? Dictionary(pairs) { first, _ in first } : nil)
  }
}
