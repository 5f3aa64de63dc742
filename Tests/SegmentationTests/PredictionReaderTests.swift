import Documents
import Imaging
import Layers
import Samples
import TestSupport
import Testing
import Torch

@testable import Segmentation

/// Gives each pixel scores that depend on its colour alone, so that it does not matter what lies around it.
private final class ColorSegmenter: Module, PixelSegmenter {
  var model: Module { self }
  let classCount = 4
  /// The largest number of pixels it was shown at once.
  private(set) var mostPixels = Counter()

  final class Counter: Module { var value = 0 }

  func logits(of images: Tensor) -> Tensor {
    mostPixels.value = max(mostPixels.value, images.size(2) * images.size(3))
    let channels = (0..<3).map { images.selected($0, axis: 1) }
    let (r, g, b) = (channels[0], channels[1], channels[2])
    return stack([r - g, g * 1.5 - b, b - r * 0.5, (r + g + b) * 0.25], axis: 1)
  }
}

@Suite("PredictionReader") struct PredictionReaderTests {
  private let folder: ScratchFolder
  /// The resolution of float16 below 1, in which probabilities are kept.
  private let half = 1.0 / 1024

  init() throws { folder = try ScratchFolder() }

  /// A smooth picture with colours that change over some tens of pixels.
  private func picture(_ name: String, height: Int, width: Int) throws -> PooledImage {
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        pixels.append(UInt8((x * 7 + y * 3) / 4 % 256))
        pixels.append(UInt8((x * y / 64 + 40) % 256))
        pixels.append(UInt8((y * 5 + 1000 - min(x, 1000)) / 3 % 256))
      }
    }
    let image = Image(height: height, width: width, channels: 3, pixels: pixels)
    let path = try folder.file(name)
    try ImageFile.write(image, to: path)
    return PooledImage(path: path, name: name, id: 1)
  }

  private func reader(
    _ segmenter: any PixelSegmenter, _ change: (inout SegmentationInference) -> Void = { _ in }
  ) -> SegmentationReader {
    var inference = SegmentationInference()
    change(&inference)
    return SegmentationReader(
      segmenter, inference: inference,
      reader: inference.reader(
        workers: 0, scaledDecoding: false, layout: BatchLayout(sizeDivisor: 1, isChannelsLast: true)), device: .cpu)
  }

  private func predictions(
    _ reader: SegmentationReader, _ tiling: Tiling, of images: [PooledImage]
  ) throws -> (found: [PixelPrediction], skipped: [SkippedImage]) {
    var found: [PixelPrediction] = []
    let skipped = try PredictionReader(reader, tiling: tiling, wants: [.confidence, .probabilities])
      .forEachImage(of: ImagePool(name: "given", images: images)) { found.append($0) }
    return (found, skipped)
  }

  /// The largest difference of probabilities, and the share of pixels of another class.
  private func difference(_ a: PixelPrediction, _ b: PixelPrediction) throws -> (probability: Double, labels: Double) {
    let (p, q) = (try #require(a.probabilities), try #require(b.probabilities))
    let other = zip(a.labels.pixels, b.labels.pixels).filter { $0 != $1 }.count
    return (
      (p.to(.float32) - q.to(.float32)).abs().max().scalar, Double(other) / Double(a.labels.pixels.count)
    )
  }

  @Test(
    "tiles give what the whole image gives where pixels are judged by themselves: own size, resized, repeated looks",
    arguments: [
      (0, false, 0.0), (0, true, 0.0), (150, false, 0.0), (150, false, 0.1), (420, false, 0.0), (900, false, 0.3),
    ])
  func local(shortSide: Int, mirrored: Bool, above: Double) throws {
    let image = try picture("a.png", height: 600, width: 701)
    let segmenter = ColorSegmenter()
    let reader = reader(segmenter) {
      $0.shortSide = shortSide
      $0.mirrored = mirrored
    }
    let whole = try predictions(reader, Tiling(above: 10), of: [image]).found[0]
    #expect(segmenter.mostPixels.value >= min(600 * 701, shortSide == 0 ? .max : shortSide * shortSide))
    segmenter.mostPixels.value = 0
    let tiled = try predictions(reader, Tiling(above: above, side: 256), of: [image]).found[0]
    if above == 0 { #expect(segmenter.mostPixels.value < 288 * 288) }
    #expect((tiled.height, tiled.width, tiled.image) == (600, 701, 0))
    let (probability, labels) = try difference(whole, tiled)
    // Parts of a resized image are rounded to 8 bits, the whole is not.
    let tolerance = shortSide == 0 || above == 0.1 ? half : 0.02
    #expect(probability < tolerance && labels < tolerance)
    #expect(abs(whole.meanConfidence - tiled.meanConfidence) < tolerance)
    #expect(Set(tiled.labels.pixels).count == 4)
  }

  @Test("a network's tiles agree with the whole image")
  func network() throws {
    let network = smallNetwork(.fcnLight)
    try Golden.fill(network)
    network.evaluate()
    let image = try picture("a.png", height: 640, width: 700)
    let whole = try predictions(reader(network), Tiling(above: 10), of: [image]).found[0]
    let tiled = try predictions(reader(network), Tiling(above: 0, side: 512), of: [image]).found[0]
    let (probability, labels) = try difference(whole, tiled)
    #expect(probability < 0.02 && labels < 0.005, "\(probability), \(labels)")
    #expect(Set(whole.labels.pixels).count > 1)
  }

  @Test("small and large images come in their order; what cannot be read is listed")
  func order() throws {
    let (small, large) = (
      try picture("b.png", height: 40, width: 50), try picture("a.png", height: 300, width: 500)
    )
    let broken = PooledImage(path: try folder.write("no image", to: "c.png"), name: "c.png", id: 3)
    let cut = PooledImage(path: try folder.file("d.png"), name: "d.png", id: 4)
    let start = try MappedFile(path: large.path).withBytes { Array($0.prefix(400)) }
    try AtomicFile.write(start, to: cut.path)
    let (found, skipped) = try predictions(
      reader(ColorSegmenter()), Tiling(above: 0.1, side: 256), of: [small, large, broken, small, cut, large])
    #expect(found.map(\.image) == [0, 1, 3, 5] && found.map(\.height) == [40, 300, 40, 300])
    #expect(skipped.map(\.path) == [broken.path, cut.path])
    #expect(found[1].labels == found[3].labels)
  }

  @Test("confidence, counts and probabilities say the same")
  func extras() throws {
    let image = try picture("a.png", height: 90, width: 70)
    for above in [0.0, 1] {
      let found = try predictions(reader(ColorSegmenter()), Tiling(above: above), of: [image]).found[0]
      let probabilities = try #require(found.probabilities).to(.float32)
      #expect(probabilities.shape == [4, 90, 70])
      let best = probabilities.max(0)
      #expect(best.indices.elements(as: Int64.self).map { UInt8($0) } == found.labels.pixels)
      let bytes = try #require(found.confidence).pixels.map { Double($0) / 255 }
      // Half a step of 8 bits, and float16's rounding.
      #expect(zip(bytes, best.values.doubles).allSatisfy { abs($0 - $1) < 0.5 / 255 + 1e-3 })
      #expect(abs(found.meanConfidence - bytes.reduce(0, +) / Double(bytes.count)) < 1.0 / 255)
      #expect(found.pixelCounts(classes: 4).reduce(0, +) == 90 * 70)
      #expect(found.pixelCounts(classes: 4)[2] == found.labels.pixels.filter { $0 == 2 }.count)
    }
    let bare = PredictionReader(reader(ColorSegmenter()))
    _ = try bare.forEachImage(of: ImagePool(name: "given", images: [image])) {
      #expect($0.confidence == nil && $0.probabilities == nil)
    }
  }
}
