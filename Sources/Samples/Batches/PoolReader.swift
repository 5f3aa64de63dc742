import Imaging
import Torch
import Views

/// Reads all images of a pool once, in order and without randomness, in batches made ahead on worker threads: for
/// evaluation and prediction.
public struct PoolReader: Sendable {
  /// The shorter side in pixels; 0: images keep their size.
  public var shortSide: Int
  /// The longer side is at most this many pixels.
  public var longSide: Int
  /// Images a batch.
  public var batchSize: Int
  /// Threads that decode.
  public var workers: Int
  /// Decodes JPEG files no larger than needed.
  public var scaledDecoding: Bool
  /// How images become numbers.
  public var layout: BatchLayout

  /// A reader; views are resized as in training, and never mirrored.
  public init(
    shortSide: Int, longSide: Int, batchSize: Int = 1, workers: Int = 2, scaledDecoding: Bool = true,
    layout: BatchLayout = BatchLayout()
  ) {
    precondition(batchSize >= 1, "PoolReader: expected a batch of 1 or more, got \(batchSize)")
    self.shortSide = shortSide
    self.longSide = longSide
    self.batchSize = batchSize
    self.workers = workers
    self.scaledDecoding = scaledDecoding
    self.layout = layout
  }

  /// Hands every batch to `body`, in the pool's order.
  ///
  /// - Returns: the images that could not be used; they are in no batch.
  @discardableResult
  public func forEachBatch(
    of pool: ImagePool, on device: Device = .cpu, _ body: (ViewBatch) throws -> Void
  ) rethrows -> [SkippedImage] {
    let reader = self
    let batches = (pool.count + batchSize - 1) / batchSize
    let prefetcher = Prefetcher(workers: workers, depth: max(2, 2 * workers)) { reader.batch($0, of: pool) }
    var skipped: [SkippedImage] = []
    for _ in 0..<batches {
      let (batch, unusable) = prefetcher.next()
      skipped += unusable
      if let batch { try body(batch.viewBatch(on: device)) }
    }
    return skipped
  }

  /// The view of an image: resized, where there is a shorter side.
  public func geometry(of opened: ImageReader.Opened) -> ViewGeometry {
    var geometry = ViewGeometry(originalHeight: opened.height, originalWidth: opened.width)
    if shortSide > 0 { geometry.resize(shortSide: shortSide, longSide: longSide) }
    return geometry
  }

  private func batch(_ number: Int, of pool: ImagePool) -> ((any HostBatch)?, [SkippedImage]) {
    var items: [(pixels: Image, view: View)] = []
    var skipped: [SkippedImage] = []
    let images = ImageReader(usesScaledDecoding: scaledDecoding)
    let start = number * batchSize
    guard start < pool.count else { return (nil, []) }
    for index in start..<min(pool.count, start + batchSize) {
      let image = pool.images[index]
      do throws(SamplesError) {
        let opened = try images.open(image)
        let geometry = geometry(of: opened)
        let pixels = try images.decode(opened, shortSide: min(geometry.height, geometry.width))
        let labels = geometry.labels(image.labels)
        items.append(
          (pixels, View(image: index, imageID: image.id, name: image.name, geometry: geometry, labels: labels)))
      } catch {
        if case .image(let path, let reason) = error { skipped.append(SkippedImage(path: path, reason: reason)) }
      }
    }
    return (items.isEmpty ? nil : layout.hostBatch(items), skipped)
  }
}
