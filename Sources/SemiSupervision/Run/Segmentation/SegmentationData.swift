import Annotations
import Documents
import Reporting
import Samples
import Training

/// The images of a segmentation run, read and checked before its first step.
public struct SegmentationData: Sendable {
  /// The labelled images with their label maps; their classes are the run's.
  public let labeled: ImagePool
  /// The classes of pixels.
  public let classes: ClassTable
  /// How many labelled pixels each class has.
  public let labeledPixels: [Int]
  /// The unlabelled images; nil where the method reads none.
  public internal(set) var unlabeled: ImagePool?
  /// Unlabelled images that are left out, as their files cannot be used.
  public let unusable: [SkippedImage]
  /// Held-out images that select the best checkpoint.
  public let validation: ImagePool?
  /// Held-out images that are judged at the end.
  public let test: ImagePool?
  /// The label maps of unlabelled images, for an audit alone; nil without one.
  public let audit: ImagePool?
  /// The split whose labelled part the labelled images are; nil where they are of none.
  public let split: SplitRecord?
  /// What was noticed, a line each.
  public let notes: [String]

  /// Reads the sources, the headers of all images, and all label maps through.
  ///
  /// What a whole run would stumble over ends it here: a missing image, a label map of another size, a number that is no class, classes
  /// that differ between the sources, an image that is both labelled and held out. The label maps of unlabelled images are never opened.
  /// - Parameter needsUnlabeled: Whether the method reads unlabelled images.
  public init(_ run: RunInputs, masks: MaskInputs, needsUnlabeled: Bool) throws {
    var notes: [String] = []
    let given = try masks.classes.isEmpty ? nil : ClassTable.read(masks.classes, ignoredIDs: masks.ignored)
    let reading = try run.labeled.readMasks(masks.labeled, masks, classes: given)
    notes += reading.notes.map { "labeled: \($0)" }
    classes = reading.classes
    let table = reading.classes
    func checked(_ pool: ImagePool, _ source: LabelSource) throws -> (pool: ImagePool, pixels: [Int]) {
      let whole = try PoolScan(pool, workers: run.workers).checkedPool(source: source.source)
      let counts = try LabelMapScan(whole, labels: LabelMapReader(table), workers: run.workers)
      notes.append("\(pool.name): \(counts.note(classes: table.names))")
      notes += counts.warnings(classes: table.names, isTrained: pool.name == "labeled").map { "\(pool.name): \($0)" }
      return (whole, counts.pixels)
    }
    let whole = ImagePool(name: "labeled", images: reading.images.map(PooledImage.init))
    let (pool, pixels) = try checked(run.overfit > 0 ? whole.first(run.overfit) : whole, run.labeled)
    (labeled, labeledPixels) = (pool, pixels)
    let drawn = try reading.split(list: run.labeled.list.isEmpty ? nil : run.labeled.list)
    split = drawn.record
    if let note = drawn.note { notes.append("labeled: \(note)") }

    func readHeldOut(_ source: LabelSource, _ folder: String, _ name: String) throws -> ImagePool? {
      guard source.isGiven else { return nil }
      let reading = try source.readMasks(folder, masks, classes: table)
      let heldOut = try checked(ImagePool(name: name, images: reading.images.map(PooledImage.init)), source).pool
      let leaked = pool.places(ofImagesIn: [heldOut])
      if let first = leaked.first {
        throw RunError.data(
          "\(run.labeled.source): \(leaked.count) labelled images are also \(name) images, such as "
            + "\(pool.images[first].name): what is judged must not be learnt")
      }
      return heldOut
    }
    if run.overfit > 0 {
      (validation, test) = (pool, nil)
      notes.append("overfitting \(pool.count) images: judged on the images it is trained on")
    } else {
      validation = try readHeldOut(run.validation, masks.validation, "validation")
      test = try readHeldOut(run.test, masks.test, "test")
    }
    let found =
      needsUnlabeled
      ? try UnlabeledImages.pool(run, labeled: pool, heldOut: [validation, test].compactMap { $0 }, notes: &notes) : nil
    let left = found?.unusable ?? []
    let known = [pool, validation, test].compactMap { $0 }.flatMap { $0.images.map(\.name) } + left.map(\.path)
    unusable = left
    unlabeled = try found.map {
      try UnlabeledImages.tagged($0.pool, besides: known, masks.imageTags, table, notes: &notes)
    }
    audit = try Self.audit(run, masks, of: unlabeled, classes: table, notes: &notes)
    self.notes = notes
  }

  /// The hidden label maps of unlabelled images.
  private static func audit(
    _ run: RunInputs, _ masks: MaskInputs, of unlabeled: ImagePool?, classes: ClassTable, notes: inout [String]
  ) throws -> ImagePool? {
    guard run.audit.isGiven else { return nil }
    guard let unlabeled else {
      throw RunError.data("--audit \(run.audit.source): the method learns from no unlabelled images to be audited")
    }
    let reading = try run.audit.readMasks(masks.audit, masks, classes: classes)
    let known = Dictionary(reading.images.map { ($0.path, $0.mask) }) { first, _ in first }
    let named = Dictionary(reading.images.map { (Path.stem(of: $0.name), $0.mask) }) { first, _ in first }
    let images = unlabeled.images.compactMap { image -> PooledImage? in
      guard let mask = known[image.path] ?? named[Path.stem(of: image.name)] else { return nil }
      var image = image
      image.mask = mask
      return image
    }
    guard !images.isEmpty else {
      throw RunError.data("--audit \(run.audit.source): has a label map for none of the unlabelled images")
    }
    notes.append(
      "audit: label maps of \(images.count) of \(unlabeled.count) unlabelled images; nothing is trained on them")
    return ImagePool(name: "audit", images: images)
  }
}

extension SegmentationData: TaskData {
  var labeledPool: ImagePool { labeled }
  var hasValidation: Bool { validation != nil }
  var splitJSON: JSON? { split?.json }
}

extension PooledImage {
  /// An image with its label map.
  init(_ image: MaskedImage) {
    self.init(
      path: image.path, name: image.name, id: image.id, height: image.height, width: image.width, mask: image.mask)
  }
}

extension MaskInputs {
  /// The numbers that are ignored; nil for the usual one.
  var ignored: Set<Int>? { ignoreIds.isEmpty ? nil : Set(ignoreIds) }
}

extension LabelSource {
  /// The images with their label maps, which no one has opened yet.
  func readMasks(
    _ folder: String, _ masks: MaskInputs, classes: ClassTable?
  ) throws(AnnotationError) -> SegmentationReading {
    func given(_ text: String) -> String? { text.isEmpty ? nil : text }
    return try SegmentationSource.read(
      source, images: given(images), masks: given(folder), list: given(list), classes: classes,
      ignoreIDs: masks.ignored, maskValues: masks.values.isEmpty ? nil : masks.values)
  }
}
