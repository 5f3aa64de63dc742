import Annotations
import Documents
import Evaluation
import Imaging
import Reporting
import Samples
import Segmentation
import Torch
import Training

/// Gives images label maps by a trained network, into a folder of files; what is there already is not done again.
struct MaskLabeler {
  /// The network's checkpoint: a run's folder or a weight file.
  let checkpoint: String
  /// How it looks at images.
  let inference: SegmentationInference
  /// Probability below which a pixel is not learnt; 0 for all.
  var leastConfidence = 0.0
  /// What the folder says about its making.
  let purpose: String
  /// The run whose images they are.
  let run: RunInputs
  /// The classes.
  let classes: ClassTable
  /// Hidden label maps of the same images, to say how good the maps are; nil where there are none.
  let audit: ImagePool?
  /// Images between two times that the table is written.
  static let chunk = 32

  /// Labels all images of a pool.
  ///
  /// - Throws: `StoppedByUser` where a signal came, after the table has been written.
  func label(_ pool: ImagePool, into path: String, folder: RunFolder) throws -> PseudoMaskFolder {
    var made = try PseudoMaskFolder(path)
    guard !made.isComplete else { return made }
    try Folder.create(Path.join(path, "masks"))
    let saved = try SavedSegmenter(checkpoint: checkpoint)
    let device = try RunSetup.device(of: run)
    saved.network.move(to: device)
    let reader = saved.reader(
      inference: inference, workers: run.workers, device: device, computeType: run.precision.computeType)
    let done = Set(made.entries.map(\.image))
    let rest = pool.filter { !done.contains($0.name) }
    say("\(purpose): \(rest.count) of \(pool.count) images to be labelled, \(inference.summary)")
    let progress = Progress(total: pool.count, label: purpose, step: pool.count - rest.count, console: .standardError)
    let head = JSONObject([
      ("by", JSON(checkpoint)), ("looksAt", JSON(inference.summary)),
      ("precision", JSON(run.precision.rawValue)), ("leastConfidence", JSON(leastConfidence)),
      ("classes", .array(classes.names.map { JSON($0) })),
    ])
    var skipped: [SkippedImage] = []
    for start in stride(from: 0, to: rest.count, by: Self.chunk) {
      let part = ImagePool(name: pool.name, images: Array(rest.images[start..<min(start + Self.chunk, rest.count)]))
      skipped += try reader.forEachImage(of: part) { found in
        let (labels, confidence) = pixels(of: found)
        try made.add(labels, of: part.images[found.image], confidence: confidence, classes: classes)
        progress.update(step: pool.count - rest.count + start + found.image + 1, values: [("confidence", confidence)])
      }
      try made.save(complete: false, head: head)
      if StopSignals.isStopRequested { throw StoppedByUser(folder: folder, stepsDone: 0, stage: purpose) }
    }
    progress.finish()
    if let first = skipped.first {
      say("\(purpose): \(skipped.count) images cannot be used, such as \(first.path): \(first.reason)")
    }
    var full = head
    if let quality = try quality(of: made, pool) {
      full["audit"] = quality
      say("\(purpose): mean IoU with the hidden label maps \(NumberText.fixed(quality["mIoU"]?.double ?? .nan, 3))")
    }
    try PseudoMaskSheet(classes: classes).write(made, of: pool)
    // What says that the stage is done comes last.
    try made.save(complete: true, head: full)
    return made
  }

  /// The map that is learnt, and how sure the network is of it.
  private func pixels(of found: SegmentationReader.Found) -> (labels: Image, confidence: Double) {
    let best = found.probabilities.max(0).values
    guard leastConfidence > 0 else { return (found.labels, best.mean().scalar) }
    let isSure = (best .>= leastConfidence).to(.uint8).contiguous().to(.cpu).withBytes { [UInt8]($0) }
    var labels = found.labels
    labels.pixels = zip(labels.pixels, isSure).map { $1 == 1 ? $0 : ClassTable.ignored }
    return (labels, best.mean().scalar)
  }

  /// The figures of all maps by the hidden ones.
  private func quality(of made: PseudoMaskFolder, _ pool: ImagePool) throws -> JSON? {
    guard let audit else { return nil }
    let (truth, own) = (LabelMapReader(classes), LabelMapReader(classes.renumbered))
    let labeled = Dictionary(made.labeled(pool).images.map { ($0.path, $0) }) { first, _ in first }
    var matrix = ConfusionMatrix(classCount: classes.count)
    for image in audit.images {
      guard let hidden = image.masked(height: image.height, width: image.width),
        let given = labeled[image.path]?.masked(height: image.height, width: image.width)
      else { continue }
      matrix.add(
        truth: try truth.labels(of: hidden, height: image.height, width: image.width).pixels,
        prediction: try own.labels(of: given, height: image.height, width: image.width).pixels)
    }
    return SegmentationMetrics(matrix, names: classes.names).json
  }

  private func say(_ line: String) { Console.standardError.print(line) }
}
