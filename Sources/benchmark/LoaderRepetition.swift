import ArgumentParser
import Documents
import Imaging
import Samples
import Torch
import Training

/// Images from JPEG files to one batch of augmented views, in one thread: decode, shorter side 320, mirror, one colour
/// operation or all that strong views get, normalise, pad.
struct LoaderRepetition: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "loader", abstract: "JPEG files to a batch of views.")

  @OptionGroup var machine: MachineOptions
  @Option(help: "A folder of JPEG files of one size, all of which make the batch.") var folder: String
  @Option(help: "Shorter side of the views.") var side = 320
  @Flag(help: "Without mirror and colour, so that all is decided.") var plain = false
  @Flag(help: "Strong views: colour, geometry and erased rectangles.") var strong = false
  @Flag(help: "Changes pixels on the device, by tensor operations.") var onDevice = false
  @Flag(help: "Up to the upload, which is a loader's thread's part, and not further.") var threadPart = false
  @Option(help: "Writes the batch, row-major float32, to this file and ends.") var dump: String?

  func run() throws {
    let device = try machine.configure()
    let names = try Folder.names(in: folder).filter { $0.hasSuffix(".jpg") }.sorted()
    let images = try names.enumerated().map { index, name in
      let path = Path.join(folder, name)
      let size = try ImageFile.size(path)
      return PooledImage(
        path: path, name: name, id: index, height: size.height, width: size.width, labels: BoxLabels())
    }
    var views = ViewSettings()
    (views.shortSideFrom, views.shortSideTo, views.longSide) = (side, side, 2 * side)
    views.labeledColor = plain ? .never : .always
    views.mirrorProbability = plain ? 0 : 0.5
    let request = ViewRequest(labeled: .init(images: images.count, weak: 1), unlabeled: .init(images: 0))
    let stream = SampleStream(
      request: request,
      labeled: StreamSource(
        pool: ImagePool(name: "files", images: images), weak: strong ? views.strong : views.labeled()),
      unlabeled: nil,
      options: .init(
        seed: 1, workers: 0, layout: BatchLayout(isChannelsLast: true, rendersOnDevice: onDevice), device: device))
    if let dump {
      let batch = try stream.next().labeledWeak[0]
      // In the order of the files, as the peer has them.
      let order = batch.views.indices.sorted { batch.views[$0].name < batch.views[$1].name }
      let pixels = batch.images.gathered(Tensor(order)).contiguous()
      return try AtomicFile.write(pixels.floats.withUnsafeBytes { Array($0) }, to: dump)
    }
    var failure: (any Error)?
    try serveRepetitions(on: device, machine) {
      do { if threadPart { try stream.passOver() } else { _ = try stream.next() } } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
