import Documents

/// Counts over a set: what a person wants to know before training on it.
public struct AnnotationStatistics: Sendable, Equatable {
  /// Counts of one class.
  public struct ClassCount: Sendable, Equatable {
    /// The class.
    public let name: String
    /// Its objects.
    public var objects = 0
    /// The images that have one of them.
    public var images = 0
  }

  /// Images, and those of them without an object.
  public private(set) var images = 0, imagesWithoutObjects = 0
  /// Objects, and those of them that are crowds, difficult, truncated, have an outline or mask.
  public private(set) var objects = 0, crowds = 0, difficult = 0, truncated = 0, segmented = 0
  /// Objects by COCO's sizes: area below 32², below 96², the rest.
  public private(set) var small = 0, medium = 0, large = 0
  /// The most objects in one image.
  public private(set) var mostObjects = 0
  /// How many images have each size, as `width×height`, the most frequent first.
  public private(set) var imageSizes: [(size: String, count: Int)] = []
  /// The classes in the order of their ids.
  public private(set) var classes: [ClassCount] = []
  /// Sizes, shapes and places of the boxes.
  public let boxes: BoxDistributions
  /// Which classes are seen together.
  public private(set) var together: ClassCooccurrence

  /// Counts a set.
  public init(of set: AnnotationSet) {
    let indices = set.classIndices
    let byImage = set.objectsByImage
    var counts = set.classNames.map { ClassCount(name: $0) }
    for object in set.objects {
      if let index = indices[object.categoryID] { counts[index].objects += 1 }
    }
    boxes = BoxDistributions(of: set, byImage: byImage)
    together = ClassCooccurrence(objects: counts.map(\.objects))
    images = set.images.count
    objects = set.objects.count
    classes = counts
    for image in set.images {
      let places = byImage[image.id] ?? []
      if places.isEmpty { imagesWithoutObjects += 1 }
      mostObjects = max(mostObjects, places.count)
      let shown = Set(places.compactMap { indices[set.objects[$0].categoryID] })
      for index in shown { classes[index].images += 1 }
      together.add(shown)
    }
    for object in set.objects {
      crowds += object.isCrowd ? 1 : 0
      difficult += object.isDifficult ? 1 : 0
      truncated += object.isTruncated ? 1 : 0
      segmented += object.outline == nil ? 0 : 1
      if object.area < 32 * 32 { small += 1 } else if object.area < 96 * 96 { medium += 1 } else { large += 1 }
    }
    let sizes = Dictionary(grouping: set.images) { $0.height > 0 ? "\($0.width)×\($0.height)" : "unknown" }
    imageSizes = sizes.map { ($0.key, $0.value.count) }.sorted { ($1.count, $0.size) < ($0.count, $1.size) }
  }

  /// Equal counts.
  public static func == (left: Self, right: Self) -> Bool { left.json == right.json }

  /// The counts as JSON.
  public var json: JSON {
    [
      "images": JSON(images), "imagesWithoutObjects": JSON(imagesWithoutObjects), "objects": JSON(objects),
      "crowds": JSON(crowds), "difficult": JSON(difficult), "truncated": JSON(truncated), "segmented": JSON(segmented),
      "small": JSON(small), "medium": JSON(medium), "large": JSON(large), "mostObjectsInAnImage": JSON(mostObjects),
      "imageSizes": .array(imageSizes.map { ["size": JSON($0.size), "images": JSON($0.count)] }),
      "classes": .array(
        classes.map { ["name": JSON($0.name), "objects": JSON($0.objects), "images": JSON($0.images)] }),
      "classesTogether": together.json(names: classes.map(\.name)), "boxes": boxes.json,
    ]
  }

  /// The counts as lines of text.
  public var lines: [String] {
    var lines = ["images   \(images) (\(imagesWithoutObjects) without objects)"]
    lines.append("sizes    \(namesText(imageSizes.map { "\($0.size) ×\($0.count)" }, most: 5))")
    lines.append("objects  \(objects), at most \(mostObjects) in an image")
    lines.append("         small \(small), medium \(medium), large \(large)")
    lines.append(
      "         crowd \(crowds), difficult \(difficult), truncated \(truncated), with outline or mask \(segmented)")
    let odd = [
      ("without area", boxes.withoutArea), ("outside their image", boxes.outside),
      ("partly outside", boxes.partlyOutside),
    ].filter { $0.1 > 0 }
    if !odd.isEmpty { lines.append("         boxes " + odd.map { "\($0.0) \($0.1)" }.joined(separator: ", ")) }
    let width = classes.map(\.name.columns).max() ?? 0
    lines.append("classes  \(classes.count)")
    for entry in classes {
      let padding = String(repeating: " ", count: width - entry.name.columns)
      lines.append("  \(entry.name)\(padding)  \(entry.objects) objects in \(entry.images) images")
    }
    return lines
  }
}
