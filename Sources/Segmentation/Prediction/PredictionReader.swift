import Annotations
import Imaging
import Layers
import Samples
import Torch
import Views

/// Applies a segmenter to files of images of any size: those that are too large to be looked at as a whole are looked at in tiles, of
/// whose scores one is held with a strip of the image's width; of the image its bytes, classes and what else is wanted.
public struct PredictionReader {
  /// What looks at the images.
  public let reader: SegmentationReader
  /// Which images are cut, and how.
  public let tiling: Tiling
  /// What is wanted beside the classes.
  public let wants: PixelPrediction.Extras

  /// A reader.
  public init(_ reader: SegmentationReader, tiling: Tiling = Tiling(), wants: PixelPrediction.Extras = []) {
    self.reader = reader
    self.tiling = tiling
    self.wants = wants
  }

  /// What is found in every image of a pool, in its order.
  ///
  /// Images that are not cut are looked at as they are judged, by ``SegmentationReader``.
  /// - Returns: The images that could not be used.
  public func forEachImage(of pool: ImagePool, _ body: (PixelPrediction) throws -> Void) throws -> [SkippedImage] {
    var skipped: [SkippedImage] = []
    var small: [Int] = []
    func readSmall() throws {
      guard !small.isEmpty else { return }
      let part = ImagePool(name: pool.name, images: small.map { pool.images[$0] })
      skipped += try reader.forEachImage(of: part) { found in
        try body(whole(found, image: small[found.image]))
      }
      small = []
    }
    for (place, image) in pool.images.enumerated() {
      // What has no size cannot be read either, and is skipped as any image.
      guard let size = try? ImageFile.size(image.path), tiling.cuts(height: size.height, width: size.width) else {
        small.append(place)
        continue
      }
      try readSmall()
      let large: Large
      do throws(SamplesError) {
        large = try opened(image, place: place)
      } catch {
        if case .image(let path, let reason) = error { skipped.append(SkippedImage(path: path, reason: reason)) }
        continue
      }
      try body(reader.segmenter.model.withSteadyWeights { tiled(large) })
    }
    try readSmall()
    return skipped
  }

  private func whole(_ found: SegmentationReader.Found, image: Int) -> PixelPrediction {
    var prediction = PixelPrediction(image: image, height: found.height, width: found.width, classes: classCount, wants)
    withoutGradients {
      prediction.add(
        labels: found.labels.pixels, rows: 0..<found.height, columns: 0..<found.width,
        probabilities: found.probabilities)
    }
    return prediction
  }

  private var classCount: Int { reader.segmenter.classCount }

  /// An image to be cut.
  private struct Large {
    let pixels: Image
    let place: Int
    let image: PooledImage
    let geometry: ViewGeometry
  }

  private func opened(_ image: PooledImage, place: Int) throws(SamplesError) -> Large {
    let images = ImageReader(usesScaledDecoding: reader.reader.scaledDecoding)
    let opened = try images.open(image)
    let geometry = reader.reader.geometry(of: opened)
    return Large(
      pixels: try images.decode(opened, shortSide: min(geometry.height, geometry.width)), place: place, image: image,
      geometry: geometry)
  }

  private func tiled(_ large: Large) -> PixelPrediction {
    let geometry = large.geometry
    var prediction = PixelPrediction(
      image: large.place, height: geometry.originalHeight, width: geometry.originalWidth, classes: classCount, wants)
    var tiling = tiling
    if reader.inference.mode == .sliding {
      tiling.side = max(tiling.side, reader.inference.windowHeight, reader.inference.windowWidth)
    }
    let isWhole = !tiling.cuts(height: geometry.height, width: geometry.width)
    let enlargement = max(1, Double(geometry.originalHeight) / Double(geometry.height))
    if !isWhole, enlargement > 1 {
      // What is held is a tile in the image's own size.
      tiling.side = max(Tiling.leastSide, Int(Double(tiling.side) / enlargement))
    }
    func row(_ view: Int, _ length: Int) -> TileRow {
      TileRow(viewLength: view, length: length, tiling: tiling, isWhole: isWhole)
    }
    let tiles = TiledScores(
      rows: row(geometry.height, geometry.originalHeight), columns: row(geometry.width, geometry.originalWidth))
    withoutGradients {
      tiles.forEachPart(scores: { scores(of: large, rows: $0, columns: $1) }) { rows, columns, scores in
        prediction.add(
          labels: SegmentationReader.classes(scores), rows: rows, columns: columns,
          probabilities: SegmentationReader.probabilities(
            scores.squeezed(0), axis: 0, areLogits: !reader.inference.looksRepeatedly))
      }
    }
    return prediction
  }

  /// The scores [1, K, rows, columns] of a part of the view.
  private func scores(of large: Large, rows: Range<Int>, columns: Range<Int>) -> Tensor {
    var geometry = large.geometry
    if (rows.count, columns.count) != (geometry.height, geometry.width) {
      geometry.crop(y: rows.lowerBound, x: columns.lowerBound, height: rows.count, width: columns.count)
    }
    let view = View(
      image: large.place, imageID: large.image.id, name: large.image.name, geometry: geometry, labels: BoxLabels())
    return reader.scores(reader.reader.layout.batch([(large.pixels, view)], device: reader.device).images)
  }
}
