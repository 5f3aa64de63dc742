import Annotations
import Detection
import Imaging
import Reporting
import Samples
import Torch

/// Pictures of labels and of what a detector finds, side by side, for a run's report.
struct DetectionPictures {
  /// Labelled images.
  let reading: AnnotationReading
  /// The detector's classes.
  let classes: [String]
  /// How images are read.
  let reader: PoolReader
  /// Where the detector lies.
  let device: Device
  /// Pictures at most, spread evenly over the images.
  var count = 8
  /// The least score of a box that is drawn.
  var drawAbove = 0.5

  /// The pictures, labels left and detections right; images that cannot be used are left out.
  func pictures(of detector: any BoxDetector) throws -> [HTMLReport.Picture] {
    let chosen = try evenly(
      ImagePool.unlabeled(reading.set, source: reading.source, folder: reading.imageFolder, name: "shown"))
    let truth = truthByImage()
    let drawing = DetectionDrawing(classes: classes, longSide: 480)
    let images = ImageReader(usesScaledDecoding: false)
    var pictures: [HTMLReport.Picture] = []
    try DetectionReader(detector, reader: reader, device: device).forEachImage(of: chosen) { place, size, found in
      let image = chosen.images[place]
      let pixels = try images.decode(images.open(image), shortSide: min(size.height, size.width))
      let shown = found.filter { $0.score >= drawAbove }
      let left = drawing.picture(pixels, truth: truth[image.id] ?? [])
      let right = drawing.picture(pixels, found: shown)
      var sheet = Canvas(Image(height: left.height, width: left.width + 4 + right.width, color: .white))
      sheet.draw(left, x: 0, y: 0)
      sheet.draw(right, x: left.width + 4, y: 0)
      pictures.append(
        HTMLReport.Picture(
          bytes: try ImageFile.encodeJPEG(sheet.image, quality: 85),
          caption: "\(image.name): \((truth[image.id] ?? []).count) labelled (left), \(shown.count) found with a score "
            + "of \(drawAbove) or more (right)"))
    }
    return pictures
  }

  private func truthByImage() -> [Int: [(box: Box, classIndex: Int)]] {
    let names = Dictionary(reading.set.categories.map { ($0.id, $0.name) }) { first, _ in first }
    var truth: [Int: [(box: Box, classIndex: Int)]] = [:]
    for object in reading.set.objects {
      guard let name = names[object.categoryID], let place = classes.firstIndex(of: name) else { continue }
      truth[object.imageID, default: []].append((object.box, place))
    }
    return truth
  }

  private func evenly(_ pool: ImagePool) -> ImagePool {
    let wanted = min(count, pool.count)
    return ImagePool(name: pool.name, images: (0..<wanted).map { pool.images[$0 * pool.count / wanted] })
  }
}
