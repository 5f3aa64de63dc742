import Annotations
import Documents
import Samples
import Training

/// Finds the unlabelled images of a run and keeps them apart from all others, by content.
enum UnlabeledImages {
  /// The images of `run.unlabeled` that are not labelled, and those that cannot be used as far as their headers tell.
  ///
  /// Labels of the source are never read. Images that are also held out are an error, or left out where the run says so.
  static func pool(
    _ run: RunInputs, labeled: ImagePool, heldOut: [ImagePool], notes: inout [String]
  ) throws -> (pool: ImagePool, unusable: [SkippedImage]) {
    guard run.unlabeled.isGiven else {
      throw RunError.data("the method learns from unlabelled images: --unlabeled PATH is wanted")
    }
    var pool = try read(run.unlabeled)
    let known = pool.places(ofImagesIn: [labeled])
    if !known.isEmpty {
      pool = pool.removing(known)
      notes.append("unlabeled: left out: \(known.count) images that are also labelled")
    }
    let leaked = pool.places(ofImagesIn: heldOut)
    if let first = leaked.first {
      guard run.excludeHeldOut else {
        throw RunError.data(
          "\(run.unlabeled.source): \(leaked.count) unlabelled images are also held out, such as "
            + "\(pool.images[first].name); --exclude-held-out leaves them out")
      }
      pool = pool.removing(leaked)
      notes.append("unlabeled: left out: \(leaked.count) images that are also held out")
    }
    guard pool.count > 0 else {
      throw SamplesError.noImages(
        source: run.unlabeled.source, reason: "all of its images are also labelled or held out")
    }
    let scan = PoolScan(pool, workers: run.workers)
    let unusable = Set(scan.unusable.map(\.path))
    let usable = scan.pool.filter { !unusable.contains($0.path) }
    guard usable.count > 0 else {
      throw SamplesError.unusableImages(
        source: run.unlabeled.source, pool: pool.name, count: pool.count, unusable: scan.unusable)
    }
    let example = scan.unusable.first.map { first in
      "; \(scan.unusable.count) of \(pool.count) cannot be used and are left out, such as \(first.path): \(first.reason)"
    }
    notes.append("unlabeled: \(usable.count) images" + (example ?? ""))
    return (usable, scan.unusable)
  }

  private static func read(_ source: LabelSource) throws -> ImagePool {
    let folder = source.images.isEmpty ? nil : source.images
    let list = source.list.isEmpty ? nil : source.list
    if AnnotationSource.looksLikeLabels(source.source) {
      let reading = try AnnotationSource.inspect(source.source, images: folder, list: list)
      return try .unlabeled(reading.set, source: reading.source, folder: reading.imageFolder)
    }
    let pool = try ImagePool.unlabeled(source.source, folder: folder)
    return try list.map { try pool.selected(byList: $0) } ?? pool
  }

  /// The images with the tags of a file; those that it does not name have none.
  ///
  /// - Parameter others: Names of other images of the run, which may be in the file too, and whose tags are not wanted.
  static func tagged(
    _ pool: ImagePool, besides others: [String], _ file: String, _ classes: ClassTable, notes: inout [String]
  ) throws -> ImagePool {
    guard !file.isEmpty else { return pool }
    let tags = try ImageTags.read(file, classes: classes)
    let places = try tags.places(in: pool.images.map(\.name), besides: others)
    guard !places.isEmpty else {
      throw RunError.data("\(file): tags none of the \(pool.count) unlabelled images")
    }
    notes.append("image tags: \(places.count) of \(pool.count) unlabelled images have some")
    return ImagePool(
      name: pool.name,
      images: pool.images.enumerated().map { place, image in
        var image = image
        image.tags = places[place]
        return image
      })
  }
}
