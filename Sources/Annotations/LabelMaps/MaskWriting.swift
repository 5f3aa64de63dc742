import Documents
import Imaging

/// How a set becomes label maps: the objects of each image painted, and what that loses.
struct MaskWriting: Sendable {
  /// What is written.
  enum Kind: Sendable {
    /// Classes alone: objects of one class become one.
    case classes
    /// Classes, and in maps of their own the objects, whose numbers end at 254.
    case objects
  }

  let set: AnnotationSet
  let kind: Kind
  let classes: WrittenClasses
  private let objects: [Int: [Int]]

  init(_ set: AnnotationSet, _ kind: Kind) {
    (self.set, self.kind) = (set, kind)
    classes = WrittenClasses(set.categories, zeroIsBackground: kind == .objects)
    objects = set.objectsByImage
  }

  /// The objects of an image whose class has a number.
  func objects(of image: ImageRecord) -> [ObjectAnnotation] {
    (objects[image.id] ?? []).map { set.objects[$0] }.filter { classes.numbers[$0.categoryID] != nil }
  }

  /// Whether an image has more pixels than a label map can have.
  func isTooLarge(_ image: ImageRecord) -> Bool { image.height * image.width > ImageLimits().pixels }

  /// The objects of an image painted; nil where its size is not known, or too large.
  func painted(_ image: ImageRecord, showsMasks: Bool) -> PaintedObjects? {
    guard image.height > 0, image.width > 0, !isTooLarge(image) else { return nil }
    return PaintedObjects(
      objects(of: image), height: image.height, width: image.width, most: kind == .objects ? 254 : Int(UInt16.max),
      ignored: (try? image.ignoredMasks()) ?? [], showsMasks: showsMasks)
  }

  /// The name of an image's label map, without its extension: with its folders, where the form keeps them.
  func stem(of image: ImageRecord) -> String {
    kind == .objects ? Path.stem(of: image.fileName) : Path.withoutExtension(image.fileName)
  }

  /// The PNG files of one image.
  struct Files: Sendable {
    let classes: [UInt8]
    let objects: [UInt8]?
    let found: Found
  }

  /// What pixels show.
  struct Found: Sendable {
    /// Whether a pixel is no object's.
    var hasBackground = false
    /// Whether a pixel is a class's.
    var hasClass = false
    /// Whether a pixel is ignored.
    var hasIgnored = false

    mutating func add(_ other: Found) {
      hasBackground = hasBackground || other.hasBackground
      hasClass = hasClass || other.hasClass
      hasIgnored = hasIgnored || other.hasIgnored
    }
  }

  /// Makes the files of an image.
  func files(of image: ImageRecord) throws(AnnotationError) -> Files {
    guard let painted = painted(image, showsMasks: false) else { throw noMap(of: image) }
    let own = objects(of: image)
    var (numbers, places) = ([classes.background], [UInt8(0)])
    var objectCount: UInt8 = 0
    for place in painted.places {
      if own[place].isCrowd {
        numbers.append(ClassTable.ignored)
        places.append(ClassTable.ignored)
      } else {
        numbers.append(classes.numbers[own[place].categoryID] ?? classes.background)
        if kind == .objects { objectCount += 1 }
        places.append(objectCount)
      }
    }
    func map(_ values: [UInt8]) -> Image {
      Image(height: image.height, width: image.width, channels: 1, pixels: painted.rows(values))
    }
    let name = stem(of: image) + ".png"
    var occurs = [Bool](repeating: false, count: numbers.count + 1)
    for value in painted.columns { occurs[value == PaintedObjects.ignored ? numbers.count : Int(value)] = true }
    var found = Found(hasBackground: occurs[0] || kind == .objects, hasIgnored: occurs[numbers.count])
    for (place, number) in numbers.enumerated().dropFirst() where occurs[place] {
      if number == ClassTable.ignored { found.hasIgnored = true } else { found.hasClass = true }
    }
    do throws(ImagingError) {
      switch kind {
      case .classes:
        return Files(
          classes: try ImageFile.encodePNG(map(numbers), name: name), objects: nil, found: found)
      case .objects:
        return Files(
          classes: try ImageFile.encodeLabelMap(map(numbers), palette: Palette.voc, name: name),
          objects: try ImageFile.encodeLabelMap(map(places), palette: Palette.voc, name: name), found: found)
      }
    } catch { throw .unreadable(error, name) }
  }

  /// Why an image has no label map.
  private func noMap(of image: ImageRecord) -> AnnotationError {
    .content(
      place: image.fileName,
      reason: isTooLarge(image)
        ? "is \(image.width)×\(image.height), and a label map can have \(ImageLimits().pixels) pixels"
        : "its size is not known, which a label map needs; name the folder of the images")
  }

  /// Refuses images without a size that label maps can have, and those whose label maps would be one file or lie outside the
  /// folder: before the first folder is made.
  func requireWritable(in path: String) throws(AnnotationError) {
    var owners: [String: String] = [:]
    for image in set.images {
      guard image.height > 0, image.width > 0, !isTooLarge(image) else { throw noMap(of: image) }
      guard Path.staysInside(image.fileName) else {
        throw .content(place: path, reason: "the file name \"\(image.fileName)\" leads out of the folder")
      }
      if let other = owners.updateValue(image.fileName, forKey: stem(of: image)) {
        throw .content(
          place: path,
          reason: "\(other) and \(image.fileName) would both have the label map \(stem(of: image)).png")
      }
    }
  }

  /// Writes the files of all images: made on all cores, a part of them at a time so that few are in memory.
  ///
  /// - Parameters:
  ///   - classes: the folder of the label maps of classes.
  ///   - objects: that of the label maps of objects.
  /// - Returns: what the pixels of all of them show.
  func write(classes: String, objects: String?) throws(AnnotationError) -> Found {
    var found = Found()
    let folders = Dictionary(grouping: set.images, by: { ExactName(Path.folder(of: stem(of: $0))) })
    for (name, images) in folders.sorted(by: { $0.key.text < $1.key.text }) {
      let folder = name.text
      let place = { (root: String) in folder == "." ? root : Path.join(root, folder) }
      let batches = try throwingAnnotationErrors { () throws(DocumentError) in
        try [classes, objects].compactMap { $0 }.map { root throws(DocumentError) in
          try Folder.create(place(root))
          return AtomicFileBatch(folder: place(root))
        }
      }
      for start in stride(from: 0, to: images.count, by: 64) {
        let part = images[start..<min(start + 64, images.count)]
        let made = parallelMap(count: part.count) { index -> Result<Files, AnnotationError> in
          do throws(AnnotationError) { return .success(try files(of: part[start + index])) } catch {
            return .failure(error)
          }
        }
        for (image, result) in zip(part, made) {
          let files = try result.get()
          found.add(files.found)
          let name = Path.name(of: stem(of: image)) + ".png"
          try throwingAnnotationErrors { () throws(DocumentError) in
            try batches[0].add(files.classes, as: name)
            if let objects = files.objects { try batches[1].add(objects, as: name) }
          }
        }
      }
      try throwingAnnotationErrors { () throws(DocumentError) in for batch in batches { try batch.commit() } }
    }
    return found
  }
}
