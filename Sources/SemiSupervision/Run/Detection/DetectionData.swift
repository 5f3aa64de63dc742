import Annotations
import Documents
import Samples
import Training

/// The images of a detection run, read and checked before its first step.
public struct DetectionData: Sendable {
  /// The labelled images and their classes, which are the run's.
  public let labeled: LabeledPool
  /// The unlabelled images; nil where the method reads none.
  public internal(set) var unlabeled: ImagePool?
  /// Unlabelled images that are left out, as their files cannot be used.
  public let unusable: [SkippedImage]
  /// Held-out images that select the best checkpoint.
  public let validation: AnnotationReading?
  /// Held-out images that are judged at the end.
  public let test: AnnotationReading?
  /// The labels of unlabelled images, for an audit alone; nil without one.
  public let audit: HiddenTruth?
  /// The split whose labelled part the labelled images are; nil where they are of none.
  public let split: SplitRecord?
  /// What was noticed, a line each.
  public let notes: [String]

  /// Reads the sources and the headers of all images.
  ///
  /// What a whole run would stumble over ends it here: a missing image, one of another size than its labels say,
  /// classes that differ between the sources. Images damaged in their pixels are left to be skipped and counted.
  /// - Parameters:
  ///   - run: Sources; `overfit` uses the first images of the labelled set alone, for training and judging.
  ///   - needsUnlabeled: Whether the method reads unlabelled images.
  public init(_ run: RunInputs, selection: LabelSelection, needsUnlabeled: Bool) throws {
    var notes: [String] = []
    func noted(_ reading: AnnotationReading, _ name: String, bad: String = "") -> AnnotationReading {
      notes += reading.problems.lines(.skip).map { "\(name): \(bad)\($0)" }
      notes += reading.problems.lines(.note).map { "\(name): \($0)" }
      return reading
    }
    var labels = try noted(run.labeled.read(), "labeled", bad: "left out: ")
    let given = labels
    if run.overfit > 0 {
      let first = Set(labels.set.images.prefix(run.overfit).map(\.id))
      labels.set = labels.set.subset { first.contains($0.id) }
    }
    var labeled = try LabeledPool(
      labels.set, source: run.labeled.source, folder: labels.imageFolder, selection: selection)
    try labeled.checkFiles(source: run.labeled.source, workers: run.workers)
    if selection.refuseBadBoxes, let example = labels.problems.lines(.skip).first {
      throw SamplesError.badBoxes(source: run.labeled.source, count: labels.problems.count(.skip), example: example)
    }
    let drawn = try given.split(list: run.labeled.list.isEmpty ? nil : run.labeled.list)
    split = drawn.record
    if let note = drawn.note { notes.append("labeled: \(note)") }
    let counts = zip(labeled.classes, labeled.objectsByClass).map { "\($0) \($1)" }.joined(separator: ", ")
    notes.append("labeled: \(labeled.pool.count) images; objects: \(counts)")
    let missing = zip(labeled.classes, labeled.objectsByClass).filter { $1 == 0 }.map(\.0)
    if !missing.isEmpty {
      notes.append(
        "labeled: no object of \(missing.joined(separator: ", ")): a class that is never shown cannot be learnt")
    }
    if !labeled.leftOut.isEmpty { notes.append("labeled: left out: " + labeled.leftOut.joined(separator: ", ")) }

    func readHeldOut(_ source: LabelSource, _ name: String) throws -> AnnotationReading? {
      guard source.isGiven else { return nil }
      let reading = try noted(source.readToJudge(), name)
      if let foreign = reading.set.classNames.first(where: { !labeled.classes.contains($0) }) {
        throw SamplesError.otherClasses(source: source.source, found: foreign, wanted: labeled.classes)
      }
      let pool = try ImagePool.unlabeled(
        reading.set, source: source.source, folder: reading.imageFolder, name: name)
      _ = try PoolScan(pool, workers: run.workers).checkedPool(source: source.source)
      notes.append("\(name): \(reading.set.images.count) images")
      return reading
    }
    if run.overfit > 0 {
      validation = labels
      test = nil
      notes.append("overfitting \(labeled.pool.count) images: judged on the images it is trained on")
    } else {
      validation = try readHeldOut(run.validation, "validation")
      test = try readHeldOut(run.test, "test")
    }
    let found =
      needsUnlabeled
      ? try UnlabeledImages.pool(
        run, labeled: labeled.pool,
        heldOut: [validation, test].compactMap { $0 }.map {
          try ImagePool.unlabeled($0.set, source: $0.source, folder: $0.imageFolder, name: "held-out")
        }, notes: &notes) : nil
    (unlabeled, unusable) = (found?.pool, found?.unusable ?? [])
    audit = try Self.audit(run, of: unlabeled, classes: labeled.classes, notes: &notes)
    self.labeled = labeled
    self.notes = notes
  }
}

extension DetectionData: TaskData {
  var labeledPool: ImagePool { labeled.pool }
  var hasValidation: Bool { validation != nil }
  var splitJSON: JSON? { split?.json }

  /// Reads the hidden labels of unlabelled images.
  private static func audit(
    _ run: RunInputs, of unlabeled: ImagePool?, classes: [String], notes: inout [String]
  ) throws -> HiddenTruth? {
    guard run.audit.isGiven else { return nil }
    guard let unlabeled else {
      throw RunError.data("--audit \(run.audit.source): the method learns from no unlabelled images to be audited")
    }
    let reading = try run.audit.readToJudge()
    notes += reading.problems.lines(.note).map { "audit: \($0)" }
    let truth = try HiddenTruth(reading, of: unlabeled, classes: classes)
    notes += truth.notes
    return truth
  }
}

extension LabelSource {
  /// The labels to train on: boxes within their images.
  func read() throws(AnnotationError) -> AnnotationReading {
    try AnnotationSource.read(source, images: Self.given(images), list: Self.given(list))
  }

  /// The labels to judge by, as they are written: so `evaluate boxes` gives the same figures.
  func readToJudge() throws(AnnotationError) -> AnnotationReading {
    let reading = try AnnotationSource.inspect(source, images: Self.given(images), list: Self.given(list))
    guard reading.problems.count(.error) == 0 else { throw .problems(source: source, reading.problems) }
    return reading
  }

  private static func given(_ text: String) -> String? { text.isEmpty ? nil : text }
}
