import Documents
import Synchronization

/// What YOLO's rows say of a set: boxes, or rings where outlines are wanted.
///
/// Ultralytics takes all rows of a file for rings where one of them is one, so in files of outlines a box is written as
/// its four corners.
struct YOLOShapes {
  /// Whether rows are rings.
  let rings: Bool

  /// The classes in the order of their numbers, and the number of each id.
  static func classes(of set: AnnotationSet) -> (names: [String], numbers: [Int: Int]) {
    (set.classNames, set.classIndices)
  }

  /// Whether an object has a row.
  static func isWritten(_ object: ObjectAnnotation) -> Bool { !object.isCrowd }

  /// The label file of an image, relative to the folder of label files.
  static func fileName(of image: ImageRecord) -> String { Path.withoutExtension(image.fileName) + ".txt" }

  /// Label files of other images in a folder.
  static func others(
    in path: String, _ folder: String, than set: AnnotationSet
  ) throws(DocumentError) -> [String] {
    guard Folder.exists(Path.join(path, folder)) else { return [] }
    let own = Set(set.images.map { ExactName(fileName(of: $0)) })
    return try Folder.filesBelow(Path.join(path, folder))
      .filter { Path.extension(of: $0) == "txt" && !own.contains(ExactName($0)) }.map { folder + "/" + $0 }
  }

  /// Writes a text file an image below a folder, which is made where it is missing; images without objects have an empty one.
  func write(_ set: AnnotationSet, to folder: String) throws(AnnotationError) {
    let objects = set.objectsByImage
    let numbers = Self.classes(of: set).numbers
    try Self.checkNames(of: set, folder)
    if let image = set.images.first(where: { image in
      (image.width <= 0 || image.height <= 0) && (objects[image.id] ?? []).contains { Self.isWritten(set.objects[$0]) }
    }) {
      throw .content(
        place: folder,
        reason: "the size of \(image.fileName) is not known, and YOLO's numbers are shares of it; "
          + "--images names the folder of the images")
    }
    let places = Dictionary(grouping: set.images, by: { ExactName(Path.folder(of: Self.fileName(of: $0))) })
    var batches: [AtomicFileBatch] = []
    for (name, images) in places.sorted(by: { $0.key.text < $1.key.text }) {
      let place = name.text
      let whole = Path.join(folder, place == "." ? "" : place)
      let batch = AtomicFileBatch(folder: whole)
      let wrong = Mutex<(index: Int, object: Int)?>(nil)
      try throwingAnnotationErrors { () throws(DocumentError) in
        try Folder.create(Path.folder(of: whole))
        try batch.add(count: images.count) { index in
          var rows: [UInt8] = []
          for place in objects[images[index].id] ?? [] where Self.isWritten(set.objects[place]) {
            let object = set.objects[place]
            if !append(object, numbers[object.categoryID] ?? 0, images[index], to: &rows) {
              wrong.withLock { if index < $0?.index ?? .max { $0 = (index, object.id) } }
            }
          }
          return (Path.name(of: Self.fileName(of: images[index])), rows)
        }
      }
      if let (index, object) = wrong.withLock({ $0 }) {
        throw .content(
          place: folder,
          reason: "object \(object) of \(images[index].fileName) has coordinates that are no numbers of an image")
      }
      batches.append(batch)
    }
    try throwingAnnotationErrors { () throws(DocumentError) in
      for batch in batches { try batch.commit() }
      try Folder.create(folder)
    }
  }

  private static func checkNames(of set: AnnotationSet, _ folder: String) throws(AnnotationError) {
    var files: [ExactName: String] = [:]
    files.reserveCapacity(set.images.count)
    for image in set.images {
      guard Path.staysInside(image.fileName) else {
        throw .content(place: folder, reason: "the file name \"\(image.fileName)\" leads out of the folder")
      }
      let name = fileName(of: image)
      if let other = files.updateValue(image.fileName, forKey: ExactName(name)) {
        throw .content(place: folder, reason: "\(other) and \(image.fileName) would both be annotated in \(name)")
      }
    }
  }

  /// Appends the rows of an object; false where a coordinate is no number or far outside the image.
  private func append(
    _ object: ObjectAnnotation, _ number: Int, _ image: ImageRecord, to bytes: inout [UInt8]
  ) -> Bool {
    for ring in rings ? Outline(of: object).rings : [[]] {
      YOLONumber.append(whole: UInt(number), to: &bytes)
      if rings {
        for (place, value) in ring.enumerated() {
          guard append(value, of: place % 2 == 0 ? image.width : image.height, to: &bytes) else { return false }
        }
      } else {
        let box = object.box
        guard append((box.x0 + box.x1) / 2, of: image.width, to: &bytes),
          append((box.y0 + box.y1) / 2, of: image.height, to: &bytes),
          append(box.width, of: image.width, to: &bytes), append(box.height, of: image.height, to: &bytes)
        else { return false }
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    return true
  }

  private func append(_ pixels: Double, of side: Int, to bytes: inout [UInt8]) -> Bool {
    guard let fixed = YOLONumber.fixed(pixels, of: side) else { return false }
    bytes.append(UInt8(ascii: " "))
    YOLONumber.append(fixed, to: &bytes)
    return true
  }
}
