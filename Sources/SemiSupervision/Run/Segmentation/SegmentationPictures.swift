import Annotations
import Imaging
import Reporting
import Samples
import Segmentation

/// Pictures of label maps and of what segmenters give the same images, side by side, for reports.
struct SegmentationPictures {
  /// Images with label maps.
  let pool: ImagePool
  /// Their classes.
  let classes: ClassTable
  /// Pictures at most, spread evenly over the images.
  var count = 8
  /// Columns of a picture are this wide, in pixels.
  var cell = 320

  /// The pictures: the image, its labels, then what each segmenter gives; images that cannot be used are left out.
  func pictures(of segmenters: [(name: String, reader: SegmentationReader)]) throws -> [HTMLReport.Picture] {
    let chosen = pool.spread(count)
    var found = [[Int: Image]](repeating: [:], count: segmenters.count)
    for (place, segmenter) in segmenters.enumerated() {
      segmenter.reader.forEachImage(of: chosen) { found[place][$0.image] = $0.labels }
    }
    let drawing = MaskDrawing(classes)
    let truth = LabelMapReader(classes)
    let images = ImageReader(usesScaledDecoding: false)
    var pictures: [HTMLReport.Picture] = []
    for (index, image) in chosen.images.enumerated() {
      let given = found.compactMap { $0[index] }
      guard given.count == segmenters.count else { continue }
      let opened = try images.open(image)
      let pixels = try images.decode(opened, shortSide: min(opened.height, opened.width))
      guard let masked = image.masked(height: opened.height, width: opened.width) else { continue }
      let labels = try truth.labels(of: masked, height: opened.height, width: opened.width)
      let parts = [(title: "labels", labels: labels)] + zip(segmenters, given).map { (title: $0.name, labels: $1) }
      let shown = pixels.fitted(leastLongSide: cell / 2, longSide: cell - 4)
      pictures.append(
        HTMLReport.Picture(
          bytes: try ImageFile.encodeJPEG(drawing.sideBySide(picture: shown, parts, cell: cell), quality: 88),
          caption: image.name))
    }
    return pictures
  }
}
