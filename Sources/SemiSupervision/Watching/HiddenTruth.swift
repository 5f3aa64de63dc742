import Annotations
import Documents
import Evaluation
import Samples
import Training

/// The labels of unlabelled images, for an audit alone: nothing that is trained ever sees them.
public struct HiddenTruth: Sendable {
  /// Where they were read.
  public let source: String
  /// The detector's classes.
  let classes: [String]
  /// The objects of each image that is covered, by its place in the unlabelled pool; their category is the class from label 1.
  let objects: [Int: [TruthBox]]
  /// The covered images with their labels, by the files of the unlabelled pool.
  let reading: AnnotationReading
  /// What was noticed, a line each.
  let notes: [String]

  /// How many unlabelled images are covered.
  var count: Int { objects.count }

  /// The objects of an image as those of an image of another number; nil for an image that is not covered.
  func truth(of place: Int, as image: Int) -> [TruthBox]? {
    objects[place].map { boxes in
      boxes.map {
        var box = $0
        box.image = image
        return box
      }
    }
  }

  /// Finds the labels of unlabelled images.
  ///
  /// An image is known by its file: the same file, or one with the same bytes, whatever its name. Labels whose image files are
  /// not at hand go by the image's name instead, where only one has it.
  ///
  /// - Throws: Where no unlabelled image is covered, where classes are not the detector's, and where an image has another size
  ///   than its labels say.
  init(_ reading: AnnotationReading, of unlabeled: ImagePool, classes: [String]) throws {
    source = reading.source
    self.classes = classes
    let set = reading.set
    if let foreign = set.classNames.first(where: { !classes.contains($0) }) {
      throw SamplesError.otherClasses(source: source, found: foreign, wanted: classes)
    }
    let records = Dictionary(set.images.map { ($0.id, $0) }) { first, _ in first }
    let categories = set.categories.map { ($0.id, (classes.firstIndex(of: $0.name) ?? 0) + 1) }
    let labels = Dictionary(categories) { first, _ in first }
    let places = set.objectsByImage
    let matcher = try ImageMatcher(ImagePool.unlabeled(set, source: source, folder: reading.imageFolder))
    var found: [Int: [TruthBox]] = [:]
    var files: [Int: PooledImage] = [:]
    for (place, image) in unlabeled.images.enumerated() {
      guard let id = matcher.id(of: image), let record = records[id] else { continue }
      if record.height > 0, image.height > 0, (record.height, record.width) != (image.height, image.width) {
        throw SamplesError.image(
          path: image.path,
          reason: "is \(image.width)×\(image.height), \(source) says \(record.width)×\(record.height)")
      }
      files[id] = image
      found[place] = (places[id] ?? []).map { set.objects[$0] }.map { object in
        let box = object.writtenBox
        return TruthBox(
          image: place, category: labels[object.categoryID] ?? 0, x: box.x, y: box.y, width: box.width,
          height: box.height, area: object.area, isCrowd: object.isCrowd, isIgnored: object.isDifficult)
      }
    }
    objects = found
    var covered = reading
    covered.set = set.subset { files[$0.id] != nil }
    for index in covered.set.images.indices {
      covered.set.images[index].fileName = files[covered.set.images[index].id]?.path ?? ""
    }
    covered.imageFolder = "."
    self.reading = covered
    let missing = unlabeled.images.indices.first { found[$0] == nil }.map { unlabeled.images[$0].name }
    guard !found.isEmpty else {
      throw RunError.data(
        "\(source): has labels of 0 of \(unlabeled.count) unlabelled images, it lacks \(missing ?? "all"): --audit wants the "
          + "labels of the unlabelled images")
    }
    let count = found.values.reduce(0) { $0 + $1.count }
    let unknown = classes.filter { !set.classNames.contains($0) }
    notes =
      [
        "audit: \(found.count) of \(unlabeled.count) unlabelled images, \(count) hidden objects"
          + (missing.map { "; the others, such as \($0), are not audited" } ?? "")
      ]
      + (unknown.isEmpty
        ? [] : ["audit: has no class \(unknown.joined(separator: ", ")): pseudo-boxes of it count as wrong"])
  }
}

/// Finds the images of one pool in another by their files.
private struct ImageMatcher {
  private var byPath: [String: Int] = [:]
  /// Images by length of their file, to read no file without need.
  private var byLength: [Int: [PooledImage]] = [:]
  /// Images whose files are not at hand, by name; nil for a name that several have.
  private var byName: [String: Int?] = [:]
  private let digests = DigestMemory()

  init(_ pool: ImagePool) {
    for image in pool.images {
      if let path = Path.resolved(image.path), let length = Folder.size(ofFile: image.path) {
        byPath[path] = image.id
        byLength[length, default: []].append(image)
      } else {
        let name = Path.name(of: image.name)
        byName[name] = byName[name] == nil ? image.id : .some(nil)
      }
    }
  }

  func id(of image: PooledImage) -> Int? {
    if let path = Path.resolved(image.path), let id = byPath[path] { return id }
    if let length = Folder.size(ofFile: image.path), let candidates = byLength[length],
      let own = digests.digest(of: image.path),
      let same = candidates.first(where: { digests.digest(of: $0.path) == own })
    {
      return same.id
    }
    return byName[Path.name(of: image.name)] ?? nil
  }
}

/// The SHA-256 of files, each read once.
private final class DigestMemory {
  private var known: [String: String] = [:]

  func digest(of path: String) -> String? {
    if let known = known[path] { return known }
    let digest = try? SHA256.hexDigest(ofFile: path)
    known[path] = digest
    return digest
  }
}
