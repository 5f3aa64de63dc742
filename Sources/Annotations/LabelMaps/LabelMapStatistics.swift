import Documents
import Imaging

/// Counts over the label maps of a source, and what is wrong with its files.
public struct LabelMapStatistics: Sendable {
  /// Counts of one class.
  public struct ClassCount: Sendable, Equatable {
    /// The class.
    public let name: String
    /// The number that stands for it in files.
    public let id: Int
    /// Its pixels.
    public var pixels = 0
    /// The images that show it.
    public var images = 0
  }

  /// Images whose label maps were counted.
  public private(set) var images = 0
  /// All their pixels, and those of them that are ignored.
  public private(set) var pixels = 0, ignoredPixels = 0
  /// How many images have each size, as `width×height`, the most frequent first.
  public private(set) var imageSizes: [(size: String, count: Int)] = []
  /// The classes in the order of their indices.
  public private(set) var classes: [ClassCount]
  /// For each image that was counted its place in the source and its pixels of each class.
  public private(set) var pixelsByImage: [(place: Int, pixels: [Int])] = []
  /// Files that are not there, cannot be read, or do not fit each other.
  public private(set) var problems = AnnotationProblems()

  /// How closely pictures are looked at.
  public enum Look: Sendable {
    /// Not at all.
    case none
    /// At their headers: there, readable, of the label map's size.
    case headers
    /// At all of them, which finds truncated ones.
    case whole
  }

  /// Counts the label maps of a source; what cannot be used is listed in the problems and not counted.
  ///
  /// - Parameter report: gets the number of images done, after each.
  public init(of reading: SegmentationReading, pictures: Look = .none, report: (Int) -> Void = { _ in }) {
    let reader = LabelMapReader(reading.classes)
    classes = reading.classes.classes.map { ClassCount(name: $0.name, id: $0.id) }
    var sizes: [String: Int] = [:]
    for (place, image) in reading.images.enumerated() {
      defer { report(place + 1) }
      var problem: AnnotationProblems.Code = .badSegmentation
      do throws(AnnotationError) {
        let labels = try reader.labels(of: image)
        if pictures != .none {
          problem = Folder.hasFile(image.path) ? .unreadableImage : .missingImage
          let size = try Self.size(of: image.path, decoding: pictures == .whole)
          problem = .sizeMismatch
          _ = try reader.labels(of: image, height: size.height, width: size.width)
        }
        count(labels, at: place)
        sizes["\(labels.width)×\(labels.height)", default: 0] += 1
      } catch { problems.add(problem, error.description) }
    }
    for entry in classes where entry.images == 0 && images > 0 {
      problems.add(.absentClass, "no label map shows \(entry.name)")
    }
    imageSizes = sizes.map { ($0.key, $0.value) }.sorted { ($1.count, $0.size) < ($0.count, $1.size) }
  }

  private static func size(of path: String, decoding: Bool) throws(AnnotationError) -> (height: Int, width: Int) {
    do throws(ImagingError) {
      if decoding { _ = try ImageFile.read(path) }
      return try ImageFile.size(path)
    } catch { throw .unreadable(error, path) }
  }

  private mutating func count(_ labels: Image, at place: Int) {
    let counts = labels.valueCounts
    images += 1
    pixels += labels.pixels.count
    ignoredPixels += counts[Int(ClassTable.ignored)]
    for index in classes.indices where counts[index] > 0 {
      classes[index].pixels += counts[index]
      classes[index].images += 1
    }
    pixelsByImage.append((place, Array(counts.prefix(classes.count))))
  }

  /// The share of the pixels that are not ignored.
  public func share(_ entry: ClassCount) -> Double {
    pixels > ignoredPixels ? Double(entry.pixels) / Double(pixels - ignoredPixels) : 0
  }

  /// The counts as JSON.
  public var json: JSON {
    [
      "images": JSON(images), "unusableImages": JSON(problems.count(.error)), "pixels": JSON(pixels),
      "ignoredPixels": JSON(ignoredPixels),
      "imageSizes": .array(imageSizes.map { ["size": JSON($0.size), "images": JSON($0.count)] }),
      "classes": .array(
        classes.map {
          [
            "name": JSON($0.name), "id": JSON($0.id), "pixels": JSON($0.pixels), "share": JSON(share($0)),
            "images": JSON($0.images),
          ]
        }),
    ]
  }
}
