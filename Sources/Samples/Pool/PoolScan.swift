/// What a look at the headers of all images of a pool found, before the first step.
public struct PoolScan: Sendable {
  /// The pool with the sizes filled in that nothing told before; nothing is left out.
  public let pool: ImagePool
  /// Images that cannot be used: missing, of another format, damaged in the header, of another size than labelled.
  public let unusable: [SkippedImage]

  /// Reads all headers, on worker threads.
  ///
  /// Only damage in the pixels is left to be found during the run.
  public init(_ pool: ImagePool, workers: Int = 2) {
    let reader = ImageReader()
    let block = 64
    let blocks = (pool.count + block - 1) / block
    let prefetcher = Prefetcher(workers: workers, depth: max(1, 2 * workers)) { index in
      let range = min(index * block, pool.count)..<min((index + 1) * block, pool.count)
      return range.map { place in
        do throws(SamplesError) {
          let opened = try reader.open(pool.images[place])
          return Outcome.size(height: opened.height, width: opened.width)
        } catch {
          guard case .image(let path, let reason) = error else { return Outcome.unusable("\(error)", "") }
          return Outcome.unusable(path, reason)
        }
      }
    }
    var images = pool.images
    var unusable: [SkippedImage] = []
    var place = 0
    for _ in 0..<blocks {
      for outcome in prefetcher.next() {
        switch outcome {
        case .size(let height, let width):
          images[place].height = height
          images[place].width = width
        case .unusable(let path, let reason): unusable.append(SkippedImage(path: path, reason: reason))
        }
        place += 1
      }
    }
    self.pool = ImagePool(name: pool.name, images: images)
    self.unusable = unusable
  }

  /// The pool, where all of its images can be used as far as their headers tell; else an error that names the first.
  ///
  /// - Parameter source: What named the images, for the message.
  public func checkedPool(source: String) throws(SamplesError) -> ImagePool {
    guard unusable.isEmpty else {
      throw .unusableImages(source: source, pool: pool.name, count: pool.count, unusable: unusable)
    }
    return pool
  }

  private enum Outcome: Sendable {
    case size(height: Int, width: Int)
    case unusable(String, String)
  }
}
