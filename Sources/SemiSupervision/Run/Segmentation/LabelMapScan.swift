import Annotations
import Imaging
import Reporting
import Samples

/// What a look at all label maps of a pool found, before the first step: how many pixels of each class there are.
struct LabelMapScan {
  /// Images.
  let images: Int
  /// Pixels of each class.
  let pixels: [Int]
  /// Images in which each class is.
  let imagesOfClass: [Int]
  /// Pixels that are nobody's.
  let ignored: Int

  /// Reads all label maps, on worker threads.
  ///
  /// - Throws: For the first that cannot be used.
  init(_ pool: ImagePool, labels: LabelMapReader, workers: Int) throws(SamplesError) {
    let pixelLabels = PixelLabels.maps(labels)
    let prefetcher = Prefetcher(workers: workers, depth: max(1, 4 * workers)) { index -> Result<[Int], SamplesError> in
      guard index < pool.count else { return .success([]) }
      let image = pool.images[index]
      do throws(SamplesError) {
        guard let map = try pixelLabels.map(of: image, height: image.height, width: image.width) else {
          return .success([])
        }
        return .success(map.valueCounts)
      } catch { return .failure(error) }
    }
    var pixels = [Int](repeating: 0, count: labels.classes.count)
    var imagesOfClass = pixels
    var ignored = 0
    for _ in 0..<pool.count {
      let counts = try prefetcher.next().get()
      guard !counts.isEmpty else { continue }
      for index in pixels.indices {
        pixels[index] += counts[index]
        imagesOfClass[index] += counts[index] > 0 ? 1 : 0
      }
      ignored += counts[Int(ClassTable.ignored)]
    }
    images = pool.count
    self.pixels = pixels
    self.imagesOfClass = imagesOfClass
    self.ignored = ignored
  }

  /// How much there is of each class, in a line.
  func note(classes: [String]) -> String {
    let total = Double(max(1, pixels.reduce(0, +)))
    let shares = zip(classes, pixels).map { "\($0) \(NumberText.short((1000 * Double($1) / total).rounded() / 10)) %" }
    let all = Double(max(1, pixels.reduce(ignored, +)))
    return "\(images) images; pixels: \(shares.joined(separator: ", "))"
      + (ignored > 0 ? "; ignored \(NumberText.short((1000 * Double(ignored) / all).rounded() / 10)) %" : "")
  }

  /// What is strange, a line each.
  func warnings(classes: [String], isTrained: Bool) -> [String] {
    let missing = zip(classes, pixels).filter { $1 == 0 }.map(\.0)
    guard !missing.isEmpty else { return [] }
    return [
      "no pixel of \(missing.joined(separator: ", "))"
        + (isTrained ? ": a class that is never shown cannot be learnt" : ": it is left out of the mean")
    ]
  }
}
