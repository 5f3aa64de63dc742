import Annotations
import Documents
import Views

/// Which labelled objects and images take part in training.
public struct LabelSelection: Codable, Sendable, Equatable {
  /// Keeps images without a usable object, as examples of background.
  public var keepEmptyImages = false
  /// Keeps objects that are marked as difficult (VOC).
  public var keepDifficult = true
  /// Refuses labels with a box that has no area or lies outside its image, instead of leaving the box out.
  public var refuseBadBoxes = false

  /// The defaults.
  public init() {}
}

/// A pool made from labels, with the count of all that was left out.
public struct LabeledPool: Sendable, Equatable {
  /// The images with their objects.
  public private(set) var pool: ImagePool
  /// The classes, in the order of the numbers in `BoxLabels`.
  public let classes: [String]
  /// Objects of each class.
  public let objectsByClass: [Int]
  /// What was left out, in words with counts, such as `3 crowds`; empty when nothing was.
  public let leftOut: [String]

  /// Takes the images and objects of labels.
  ///
  /// Crowds, boxes without extent inside their image, and (as chosen) difficult objects and empty images are left out
  /// and counted.
  /// - Parameters:
  ///   - source: what the labels came from, for messages.
  ///   - folder: what the images' names are relative to.
  ///   - classes: the order of classes; those of the labels by default. A class that is not listed is an error.
  public init(
    _ labels: AnnotationSet, source: String, folder: String, name: String = "labeled", classes: [String] = [],
    selection: LabelSelection = LabelSelection()
  ) throws(SamplesError) {
    let classes = classes.isEmpty ? labels.classNames : classes
    self.classes = classes
    var classOfCategory: [Int: Int] = [:]
    for category in labels.categories {
      guard let index = classes.firstIndex(of: category.name) else {
        throw .otherClasses(source: source, found: category.name, wanted: classes)
      }
      classOfCategory[category.id] = index
    }
    var counts = Counts()
    var byClass = [Int](repeating: 0, count: classes.count)
    let objects = labels.objectsByImage
    var images: [PooledImage] = []
    for record in labels.images {
      var kept = BoxLabels()
      for place in objects[record.id] ?? [] {
        let object = labels.objects[place]
        if object.isCrowd {
          counts.crowds += 1
          continue
        }
        if object.isDifficult, !selection.keepDifficult {
          counts.difficult += 1
          continue
        }
        let known = record.height > 0 && record.width > 0
        let box =
          known ? object.box.clipped(toHeight: Double(record.height), width: Double(record.width)) : object.box
        guard !box.isEmpty, box.isFinite, let kind = classOfCategory[object.categoryID] else {
          counts.degenerate += 1
          continue
        }
        kept.boxes.append(box)
        kept.classes.append(kind)
        byClass[kind] += 1
      }
      guard !kept.boxes.isEmpty || selection.keepEmptyImages else {
        counts.emptyImages += 1
        continue
      }
      images.append(
        PooledImage(
          path: Path.join(folder, record.fileName), name: record.fileName, id: record.id, height: record.height,
          width: record.width, labels: kept))
    }
    leftOut = counts.words
    objectsByClass = byClass
    pool = ImagePool(name: name, images: images)
    guard !images.isEmpty else {
      let why = counts.words.isEmpty ? "it lists none" : "left out were " + counts.words.joined(separator: ", ")
      throw .noImages(source: source, reason: why)
    }
  }

  /// Looks at the headers of all image files and fills in the sizes that the labels do not tell.
  ///
  /// - Throws: Where a file is missing, is no image, or has another size than its labels say.
  public mutating func checkFiles(source: String, workers: Int) throws(SamplesError) {
    pool = try PoolScan(pool, workers: workers).checkedPool(source: source)
  }

  private struct Counts {
    var crowds = 0
    var difficult = 0
    var degenerate = 0
    var emptyImages = 0

    var words: [String] {
      [
        (crowds, "crowds"), (difficult, "difficult objects"), (degenerate, "boxes without extent in their image"),
        (emptyImages, "images without objects"),
      ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    }
  }
}
