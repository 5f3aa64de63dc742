import Annotations
import ArgumentParser
import Documents
import Imaging
import Samples
import Torch
import Training
import Views

/// Images from JPEG files to one batch of augmented views, in one thread: decode, shorter side 320, mirror, one colour
/// operation or all that strong views get, normalise, pad. With label maps, the same for a segmenter: resize by a random
/// factor, crop, mirror, and on request strong data augmentation.
struct LoaderRepetition: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "loader", abstract: "JPEG files to a batch of views.")

  @OptionGroup var machine: MachineOptions
  @Option(help: "A folder of JPEG files of one size, all of which make the batch.") var folder: String
  @Option(help: "A folder of label maps of the same names, for views that a segmenter learns.") var masks: String?
  @Option(help: "Shorter side of the views; with label maps both sides.") var side = 320
  @Flag(help: "Without mirror and colour, so that all is decided; with label maps whole images of 400 pixels.")
  var plain = false
  @Flag(help: "Strong views: colour, geometry and erased rectangles; with label maps strong data augmentation.")
  var strong = false
  @Flag(help: "Changes pixels on the device, by tensor operations.") var onDevice = false
  @Flag(help: "Up to the upload, which is a loader's thread's part, and not further.") var threadPart = false
  @Option(help: "Writes the batch, row-major float32, to this file and ends; label maps behind the images.")
  var dump: String?

  func run() throws {
    let device = try machine.configure()
    let names = try Folder.names(in: folder).filter { $0.hasSuffix(".jpg") }.sorted()
    let images = try names.enumerated().map { index, name in
      let path = Path.join(folder, name)
      let size = try ImageFile.size(path)
      return PooledImage(
        path: path, name: name, id: index, height: size.height, width: size.width,
        mask: masks.map { .file(Path.join($0, Path.stem(of: name) + ".png")) })
    }
    let pool = ImagePool(name: "files", images: images)
    // Sides of a segmenter's views are not padded.
    let layout = BatchLayout(
      sizeDivisor: masks == nil ? 32 : 1, isChannelsLast: true, rendersOnDevice: onDevice)
    let stream = SampleStream(
      request: ViewRequest(labeled: .init(images: images.count, weak: 1)),
      labeled: masks == nil ? detectionSource(pool) : segmentationSource(pool), unlabeled: nil,
      options: .init(seed: 1, workers: 0, layout: layout, device: device))
    if let dump {
      let batch = try stream.next().labeledWeak[0]
      // In the order of the files, as the peer has them.
      let order = batch.views.indices.sorted { batch.views[$0].name < batch.views[$1].name }
      let parts = [batch.images] + (batch.labels.map { [$0] } ?? [])
      let numbers = parts.flatMap { $0.gathered(Tensor(order)).contiguous().floats }
      return try AtomicFile.write(numbers.withUnsafeBytes { Array($0) }, to: dump)
    }
    var failure: (any Error)?
    try serveRepetitions(on: device, machine) {
      do { if threadPart { try stream.passOver() } else { _ = try stream.next() } } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func detectionSource(_ pool: ImagePool) -> StreamSource {
    var views = ViewSettings()
    (views.shortSideFrom, views.shortSideTo, views.longSide) = (side, side, 2 * side)
    views.labeledColor = plain ? .never : .always
    views.mirrorProbability = plain ? 0 : 0.5
    return StreamSource(pool: pool, weak: strong ? views.strong : views.labeled())
  }

  private func segmentationSource(_ pool: ImagePool) -> StreamSource {
    var views = SegmentationViewSettings()
    (views.cropHeight, views.cropWidth) = (side, side)
    views.sharesGeometry = false
    if plain {
      (views.scaleFrom, views.scaleTo, views.mirrorProbability) = (1, 1, 0)
      views.cropWidth = views.baseSize
      views.cropHeight = views.baseSize * (pool.images.first?.height ?? 1) / max(1, pool.images.first?.width ?? 1)
    }
    let classes = ClassTable(names: (0..<21).map { "class \($0)" })
    return StreamSource(
      pool: pool, weak: strong ? views.strong : views.weak, pixelLabels: .maps(LabelMapReader(classes)))
  }
}
