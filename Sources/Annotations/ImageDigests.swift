import Documents

extension AnnotationReading {
  /// Image files that are not where they are looked for: how many, and one of them; nil where all are at hand.
  public var imagesNotAtHand: (count: Int, example: String)? {
    guard let locator = try? ImageLocator(folder: imageFolder) else {
      return set.images.first.map { (set.images.count, $0.fileName) }
    }
    let missing = set.images.filter { image in
      guard let path = try? locator.path(of: image.fileName) else { return true }
      return !Folder.hasFile(path)
    }
    return missing.first.map { (missing.count, $0.fileName) }
  }

  /// The SHA-256 of every image's file, by image id. Reads all files through.
  ///
  /// - Parameter report: gets the number of files done, after each.
  public func imageDigests(report: (Int) -> Void = { _ in }) throws(AnnotationError) -> [Int: String] {
    guard !set.images.isEmpty else { return [:] }
    let locator = try ImageLocator(folder: imageFolder)
    var digests: [Int: String] = [:]
    for image in set.images {
      let path = try locator.path(of: image.fileName)
      digests[image.id] = try throwingAnnotationErrors { () throws(DocumentError) in
        try SHA256.hexDigest(ofFile: path)
      }
      report(digests.count)
    }
    return digests
  }

  /// The SHA-256 of the source: of the file; of a folder that of the lines `name digest` of its files of labels, sorted.
  public func sourceDigest() throws(AnnotationError) -> String {
    try throwingAnnotationErrors { () throws(DocumentError) in
      guard Folder.exists(source) else { return try SHA256.hexDigest(ofFile: source) }
      var digest = SHA256()
      let (folder, names) = try form.form.labelFiles(of: source)
      for name in names {
        digest.update("\(name) \(try SHA256.hexDigest(ofFile: Path.join(folder, name)))\n")
      }
      return digest.hexDigest()
    }
  }
}
