import Annotations
import Imaging
import TestSupport
import Testing
import Torch
import Views

@testable import Samples

/// Streams that give the labels of pixels beside views.
@Suite struct LabelMapStreamTests {
  @Test("a stream with label maps gives labels and validity of its views, the same for any number of workers")
  func stream() throws {
    let images = try GeneratedImages(count: 5)
    let folder = try ScratchFolder()
    let table = ClassTable(names: ["low", "high"])
    let pool = ImagePool(
      name: "labeled",
      images: try images.pool.images.map { image in
        var map = Image(height: image.height, width: image.width, channels: 1)
        for y in image.height / 2..<image.height { for x in 0..<image.width { map[y, x, 0] = 1 } }
        let path = try folder.file("\(image.id).png")
        try ImageFile.writeLabelMap(map, palette: table.palette, to: path)
        var image = image
        image.mask = .file(path)
        return image
      })
    func stream(_ pool: ImagePool, workers: Int, labels: PixelLabels) -> SampleStream {
      let weak: [any Augmentation] = [RandomScale(factors: 0.5...2, of: .image), RandomCrop(height: 32, width: 48)]
      return SampleStream(
        request: ViewRequest(labeled: .init(images: 2, weak: 1)),
        labeled: StreamSource(pool: pool, weak: weak, pixelLabels: labels),
        options: .init(seed: 1, workers: workers, layout: BatchLayout(sizeDivisor: 1)))
    }
    let (one, other) = (
      stream(pool, workers: 0, labels: .maps(LabelMapReader(table))),
      stream(pool, workers: 3, labels: .maps(LabelMapReader(table)))
    )
    for _ in 0..<6 {
      let (a, b) = (try one.next().labeledWeak[0], try other.next().labeledWeak[0])
      let labels = try #require(a.labels)
      let validity = try #require(a.validity)
      #expect(labels.shape == [2, 32, 48] && labels.elementType == .int64 && validity.elementType == .bool)
      #expect(labels.isEqual(to: try #require(b.labels)) && a.images.isEqual(to: b.images))
      // Every valid pixel has a class here, and no other has one.
      #expect((labels .!= 255).isEqual(to: validity))
    }
    let bare = try stream(images.pool, workers: 1, labels: .validity).next().labeledWeak[0]
    #expect(bare.labels == nil && bare.validity?.shape == [2, 32, 48])
  }

  @Test("views know the tags of their image, and tags tell pools apart")
  func tags() throws {
    let images = try GeneratedImages(count: 3)
    let pool = images.tagged { $0 == 1 ? nil : [$0, 7] }
    let stream = SampleStream(
      request: ViewRequest(unlabeled: .init(images: 3, weak: 1, strong: 1)), labeled: nil,
      unlabeled: StreamSource(pool: pool, weak: [], strong: [], pixelLabels: .validity), options: .init(seed: 1))
    let batch = try stream.next()
    for view in batch.unlabeledWeak[0].views + batch.unlabeledStrong[0].views {
      #expect(view.tags == (view.image == 1 ? nil : [view.image, 7]))
    }
    #expect(pool.digest != images.pool.digest)
  }

  @Test("a label map of another size is an image that cannot be used, with the map's name")
  func otherSize() throws {
    let images = try GeneratedImages(count: 1)
    let folder = try ScratchFolder()
    let path = try folder.file("small.png")
    try ImageFile.writeLabelMap(Image(height: 8, width: 8, channels: 1), palette: [.black], to: path)
    var image = images.pool.images[0]
    image.mask = .file(path)
    let stream = SampleStream(
      request: ViewRequest(labeled: .init(images: 1, weak: 1)),
      labeled: StreamSource(
        pool: ImagePool(name: "labeled", images: [image]), weak: [],
        pixelLabels: .maps(LabelMapReader(ClassTable(names: ["a", "b"])))), options: .init(seed: 1))
    let message = errorMessage { _ = try stream.next() }
    #expect(message?.contains("small.png") == true && message?.contains("8×8") == true, "\(message ?? "nothing")")
  }
}
