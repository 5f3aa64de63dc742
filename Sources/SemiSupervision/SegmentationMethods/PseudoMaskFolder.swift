import Annotations
import Documents
import Imaging
import Reporting
import Samples
import Training

/// A folder of label maps that a network has given to images, and a table of them: `masks/…png` and `pseudo-masks.json`.
///
/// The maps are PNG files with the classes' colours, to be looked at with any viewer; their numbers are the classes' places, 255 for
/// pixels that are not learnt. The table is written as a whole after every few images, so that labelling goes on where it was stopped;
/// a table that is complete says so.
struct PseudoMaskFolder {
  /// What is known of one image's map.
  struct Entry: Equatable {
    /// The image's name in its pool.
    let image: String
    /// The file, relative to the folder.
    let mask: String
    /// The mean over its pixels of the most probable class's probability.
    let confidence: Double
    /// The share of pixels that are learnt.
    let learnt: Double
  }

  /// Where it lies.
  let path: String
  /// The maps so far, in the order of the images.
  private(set) var entries: [Entry] = []
  /// Whether all images that were to be labelled are.
  private(set) var isComplete = false

  /// The table.
  static func table(in folder: String) -> String { Path.join(folder, "pseudo-masks.json") }

  /// The folder as it is; empty where there is none.
  init(_ path: String) throws(DocumentError) {
    self.path = path
    let file = Self.table(in: path)
    guard Folder.hasFile(file) else { return }
    let json = try JSON(contentsOf: file)
    isComplete = json["complete"]?.bool ?? false
    entries = try (json["images"]?.array ?? []).enumerated().map { index, entry throws(DocumentError) in
      guard let image = entry["image"]?.string, let mask = entry["mask"]?.string, Path.staysInside(mask),
        let confidence = entry["confidence"]?.double, let learnt = entry["learnt"]?.double
      else {
        throw .json(file: file, path: "images[\(index)]", offset: nil, reason: "is no entry of a table of pseudo-masks")
      }
      return Entry(image: image, mask: mask, confidence: confidence, learnt: learnt)
    }
  }

  /// Adds an image's map, whose file is written; the table is written by ``save(complete:head:)``.
  mutating func add(
    _ labels: Image, of image: PooledImage, confidence: Double, classes: ClassTable
  ) throws(ImagingError) {
    // Folders of an image's name are part of the file's name; a name that is taken gets the image's number.
    var stem = Path.withoutExtension(image.name).split(separator: "/").filter { $0 != ".." && $0 != "." }
      .joined(separator: "_")
    if entries.contains(where: { Path.stem(of: $0.mask) == stem }) { stem += "-\(image.id)" }
    let name = "masks/\(stem).png"
    try ImageFile.writeLabelMap(labels, palette: classes.palette, to: Path.join(path, name))
    let learnt = labels.pixels.reduce(0) { $0 + ($1 == ClassTable.ignored ? 0 : 1) }
    entries.append(
      Entry(
        image: image.name, mask: name, confidence: confidence,
        learnt: Double(learnt) / Double(max(1, labels.pixels.count))))
  }

  /// Writes the table.
  ///
  /// - Parameter head: What it says of itself, such as the network that labelled.
  mutating func save(complete: Bool, head: JSONObject) throws(DocumentError) {
    isComplete = complete
    var object = head
    object["complete"] = .bool(complete)
    object["images"] = .array(
      entries.map {
        ["image": JSON($0.image), "mask": JSON($0.mask), "confidence": JSON($0.confidence), "learnt": JSON($0.learnt)]
      })
    try AtomicFile.write(JSON.object(object).serialized(pretty: true), to: Self.table(in: path))
  }

  /// The images of a pool that have a map here, with it.
  func labeled(_ pool: ImagePool) -> ImagePool {
    let masks = Dictionary(entries.map { ($0.image, $0.mask) }) { first, _ in first }
    return ImagePool(
      name: pool.name,
      images: pool.images.compactMap { image in
        guard let mask = masks[image.name] else { return nil }
        var image = image
        image.mask = .file(Path.join(path, mask))
        return image
      })
  }
}
