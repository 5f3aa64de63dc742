import Documents

/// Reads detections in VOC's own form: a text file for each class, `comp4_det_test_CLASS.txt` in `results/VOC2007/Main`, with lines
/// `image score xmin ymin xmax ymax`.
///
/// An image goes by its file's name without extension.
public enum VOCResults {
  /// Whether `path` is to be read so: a folder, or a file with such a name.
  public static func isThere(_ path: String) -> Bool { Folder.exists(path) || className(ofFile: path) != nil }

  /// The class in `comp4_det_test_CLASS.txt`; nil for a name of another form.
  static func className(ofFile path: String) -> String? {
    let parts = Path.stem(of: path).split(separator: "_", maxSplits: 3, omittingEmptySubsequences: false)
    guard Path.extension(of: path) == "txt", parts.count == 4, parts[1] == "det", parts[0].hasPrefix("comp"),
      !parts[3].isEmpty, Int(parts[0].dropFirst(4)) != nil
    else { return nil }
    return String(parts[3])
  }

  /// Reads one file, or all of a folder by name.
  ///
  /// - Parameters:
  ///   - labels: the images and classes that detections are for.
  ///   - base: what the boxes' numbers mean.
  /// - Throws: for an unknown image, a class that labels with a list of classes do not have, anything but six fields, and two files of
  ///   one class.
  /// - Returns: the detections, and what is to be said about the files: classes without one, classes that do not occur, other files.
  public static func read(
    _ path: String, labels: AnnotationSet, base: VOCPixelBase = .one
  ) throws(AnnotationError) -> (found: [PredictedObject], notes: [String]) {
    var (files, others): ([(name: String, path: String)], [String]) = ([], [])
    if let className = className(ofFile: path), !Folder.exists(path) {
      files = [(className, path)]
    } else {
      for name in try throwingAnnotationErrors({ () throws(DocumentError) in try Folder.names(in: path) }) {
        if let className = className(ofFile: name) {
          files.append((className, Path.join(path, name)))
        } else {
          others.append(name)
        }
      }
    }
    guard !files.isEmpty else { throw .content(place: path, reason: "is a folder without comp4_det_test_CLASS.txt") }
    let doubled = Dictionary(grouping: files, by: \.name).filter { $0.value.count > 1 }.min { $0.key < $1.key }
    if let doubled {
      let names = doubled.value.map { Path.name(of: $0.path) }.joined(separator: " and ")
      throw .content(
        place: path, reason: "has two files of class \(doubled.key), \(names); name a file or another folder")
    }
    let ids = Dictionary(labels.categories.map { ($0.name, $0.id) }) { first, _ in first }
    let images = Dictionary(grouping: labels.images, by: { Path.stem(of: $0.fileName) }).mapValues { $0.map(\.id) }
    var found: [PredictedObject] = []
    var notes: [String] = []
    for file in files {
      guard let category = ids[file.name] else {
        guard labels.listsClasses else {
          notes.append("\(file.path) is not judged: the labels have no \(file.name)")
          continue
        }
        throw .content(
          place: file.path,
          reason: "is of class \(file.name), which the labels do not have; theirs are "
            + ids.keys.sorted().prefix(20).joined(separator: ", "))
      }
      try read(file.path, category, images, base, into: &found)
    }
    let missing = Set(ids.keys).subtracting(files.map(\.name)).sorted()
    if !missing.isEmpty {
      notes.append("\(path) has no file of \(missing.prefix(20).joined(separator: ", ")): no detections of it")
    }
    if let first = others.first {
      notes.append("\(others.count) other files in \(path) are not read, such as \(first)")
    }
    return (found, notes)
  }

  private static func read(
    _ path: String, _ category: Int, _ images: [String: [Int]], _ base: VOCPixelBase,
    into found: inout [PredictedObject]
  ) throws(AnnotationError) {
    let text = try throwingAnnotationErrors { () throws(DocumentError) in try TextFile.read(path) }
    for (index, line) in text.lines.enumerated() {
      let fields = line.words
      if fields.isEmpty { continue }
      let numbers = fields.dropFirst().compactMap { Double(decimal: $0) }
      let place = "\(path): line \(index + 1)"
      guard fields.count == 6, numbers.count == 5 else {
        throw .content(place: place, reason: "is \"\(line.prefix(60))\"; wanted is `image score xmin ymin xmax ymax`")
      }
      guard let named = images[String(fields[0])], let image = named.first else {
        throw .content(place: place, reason: "the labels have no image \(fields[0])")
      }
      guard named.count == 1 else {
        throw .content(place: place, reason: "\(fields[0]) is the name of \(named.count) images")
      }
      let box = base.box(xmin: numbers[1], ymin: numbers[2], xmax: numbers[3], ymax: numbers[4])
      guard box.width >= 0, box.height >= 0 else {
        throw .content(place: place, reason: "is \"\(line.prefix(60))\", a box of negative size")
      }
      found.append(PredictedObject(imageID: image, categoryID: category, box: box, score: numbers[0]))
    }
  }
}
