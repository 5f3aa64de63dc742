import Annotations
import Evaluation
import Imaging
import Layers
import Samples
import TestSupport
import Testing
import Torch
import Training

@testable import Segmentation

/// Looking at whole images: parts, sizes, mirrors, batches; and judging what is found.
@Suite struct SegmentationReaderTests {
  /// A segmenter that knows colours: logits of a pixel are what its own red, green and blue say.
  private final class Colors: PixelSegmenter {
    let model = Module()
    let classCount = 3
    var calls: [[Int]] = []

    func logits(of images: Tensor) -> Tensor {
      calls.append(images.shape)
      return images * 10
    }
  }

  private static let plain = BatchLayout(
    sizeDivisor: 1, normalization: ResizeNormalize(mean: [0, 0, 0], deviation: [1, 1, 1]))

  /// Images whose left third is red, middle green, right blue; sizes differ as asked for.
  private func pool(_ sizes: [(Int, Int)], in folder: ScratchFolder, blue: Bool = true) throws -> ImagePool {
    ImagePool(
      name: "given",
      images: try sizes.enumerated().map { index, size in
        var image = Image(height: size.0, width: size.1, channels: 3)
        for y in 0..<size.0 { for x in 0..<size.1 { image[y, x, min(2, 3 * x / size.1)] = 255 } }
        let path = try folder.file("\(index).png")
        try ImageFile.write(image, to: path)
        return PooledImage(path: path, name: "\(index).png", id: index + 1, height: size.0, width: size.1)
      })
  }

  private func truth(_ height: Int, _ width: Int) -> Image {
    var labels = Image(height: height, width: width, channels: 1)
    for y in 0..<height { for x in 0..<width { labels[y, x, 0] = UInt8(min(2, 3 * x / width)) } }
    return labels
  }

  private func found(
    _ pool: ImagePool, _ segmenter: Colors = Colors(), _ change: (inout SegmentationInference) -> Void = { _ in }
  ) -> [Image] {
    var inference = SegmentationInference()
    change(&inference)
    var maps: [Image] = []
    let reader = SegmentationReader(
      segmenter, inference: inference,
      reader: inference.reader(workers: 1, scaledDecoding: false, layout: Self.plain), device: .cpu)
    let skipped = reader.forEachImage(of: pool) { maps.append($0.labels) }
    #expect(skipped.isEmpty)
    return maps
  }

  @Test("a segmenter of single pixels finds the same as a whole, in parts, and at several sizes mirrored too")
  func ways() throws {
    let folder = try ScratchFolder()
    let pool = try pool([(36, 60), (36, 60)], in: folder)
    let wanted = [truth(36, 60), truth(36, 60)]
    #expect(found(pool) == wanted)
    let parts = found(pool) {
      ($0.mode, $0.windowHeight, $0.windowWidth) = (.sliding, 20, 25)
    }
    #expect(parts == wanted)
    let several = found(pool) { ($0.scales, $0.mirrored) = ([1, 2], true) }
    #expect(several == wanted)
  }

  @Test("a mirrored look is mirrored back: a picture that is not symmetric stays as it is")
  func mirror() throws {
    let folder = try ScratchFolder()
    let segmenter = Colors()
    #expect(found(try pool([(20, 30)], in: folder), segmenter) { $0.mirrored = true } == [truth(20, 30)])
    #expect(segmenter.calls.count == 2)
  }

  @Test("images of one size share a batch, others are looked at alone, and nothing is padded")
  func batches() throws {
    let folder = try ScratchFolder()
    let segmenter = Colors()
    let maps = found(try pool([(20, 30), (20, 30), (30, 20), (20, 30)], in: folder), segmenter) { $0.batchSize = 2 }
    #expect(segmenter.calls == [[2, 3, 20, 30], [1, 3, 30, 20], [1, 3, 20, 30]])
    #expect(maps == [truth(20, 30), truth(20, 30), truth(30, 20), truth(20, 30)])
  }

  @Test("labels have the image's own size when it is looked at in another")
  func ownSize() throws {
    let folder = try ScratchFolder()
    let segmenter = Colors()
    let map = found(try pool([(40, 60)], in: folder), segmenter) { ($0.shortSide, $0.longSide) = (20, 100) }[0]
    #expect(segmenter.calls == [[1, 3, 20, 30]] && (map.height, map.width) == (40, 60))
    let differing = zip(map.pixels, truth(40, 60).pixels).filter { $0 != $1 }.count
    #expect(differing <= 2 * 40 * 2)
  }

  @Test("parts cover a side, overlap as asked for, and the last ends where the side does")
  func windows() {
    #expect(PixelScores.windows(of: 10, over: 10, share: 0.5) == [0..<10])
    #expect(PixelScores.windows(of: 10, over: 7, share: 0.5) == [0..<7])
    #expect(PixelScores.windows(of: 10, over: 24, share: 0.5) == [0..<10, 5..<15, 10..<20, 14..<24])
    for length in 11...60 {
      let windows = PixelScores.windows(of: 10, over: length, share: 2.0 / 3)
      var covered = Set<Int>()
      for window in windows { covered.formUnion(window) }
      #expect(covered == Set(0..<length) && windows.allSatisfy { $0.count == 10 })
      #expect(Set(windows.map(\.lowerBound)).count == windows.count)
    }
  }

  @Test("a judge counts all pixels of all images, leaves ignored ones out, and lists images that cannot be used")
  func judge() throws {
    let folder = try ScratchFolder()
    var pool = try pool([(12, 18), (12, 18)], in: folder)
    let table = ClassTable(names: ["red", "green", "blue"])
    var images: [PooledImage] = []
    for (index, image) in pool.images.enumerated() {
      var labels = truth(12, 18)
      // In the second image a row is nobody's, and another is called red throughout.
      if index == 1 { for x in 0..<18 { (labels[0, x, 0], labels[1, x, 0]) = (255, 0) } }
      let path = try folder.file("mask-\(index).png")
      try ImageFile.writeLabelMap(labels, palette: (0...255).map { RGB(UInt8($0), 0, 0) }, to: path)
      var image = image
      image.mask = .file(path)
      images.append(image)
    }
    var broken = images[0]
    broken.path = try folder.write("no image", to: "broken.png")
    pool = ImagePool(name: "validation", images: images + [broken])
    let inference = SegmentationInference()
    let judge = MaskJudge(
      pool, labels: LabelMapReader(table), inference: inference,
      reader: inference.reader(workers: 1, scaledDecoding: false, layout: Self.plain), device: .cpu)
    let judgement = try judge.judge(Colors())
    // Red: 72 + 66 right, 12 more are called red: 138 / 150. Green and blue: 72 + 60 right, 6 of each called red.
    #expect(abs(judgement["IoU.red"] - 138.0 / 150) < 1e-12 && abs(judgement["IoU.green"] - 132.0 / 138) < 1e-12)
    #expect(abs(judgement["mIoU"] - (138.0 / 150 + 2 * 132.0 / 138) / 3) < 1e-12)
    #expect(judgement.figures.map(\.name) == judge.figureNames && judgement.json["ignoredPixels"]?.int == 18)
    #expect(judgement.skipped.map(\.path) == [broken.path])
  }
}
