import Annotations
import Detection
import Imaging
import Reporting
import Samples
import Torch

/// Pictures of labels and of what detectors find in the same images, side by side, for reports.
struct DetectionPictures {
  /// Labelled images.
  let reading: AnnotationReading
  /// The detectors' classes.
  let classes: [String]
  /// Pictures at most, spread evenly over the images.
  var count = 8
  /// The least score of a box that is drawn.
  var drawAbove = 0.5

  private static let gap = 4

  /// The pictures: labels, then what each detector finds; images that cannot be used are left out.
  ///
  /// - Parameter detectors: Detectors in evaluation mode with the reading of their images, by the names they are shown by.
  func pictures(of detectors: [(name: String, reader: DetectionReader)]) throws -> [HTMLReport.Picture] {
    let chosen = try ImagePool.unlabeled(
      reading.set, source: reading.source, folder: reading.imageFolder, name: "shown"
    ).spread(count)
    var found = [[Int: [FoundBox]]](repeating: [:], count: detectors.count)
    for (place, detector) in detectors.enumerated() {
      detector.reader.forEachImage(of: chosen) { image, _, boxes in
        found[place][image] = boxes.filter { $0.score >= drawAbove }
      }
    }
    let truth = truthByImage()
    let drawing = DetectionDrawing(classes: classes, longSide: 480, leastLongSide: 320)
    let images = ImageReader(usesScaledDecoding: false)
    var pictures: [HTMLReport.Picture] = []
    for (index, image) in chosen.images.enumerated() {
      let boxes = found.compactMap { $0[index] }
      guard boxes.count == detectors.count else { continue }
      let opened = try images.open(image)
      let pixels = try images.decode(opened, shortSide: min(opened.height, opened.width))
      let labels = truth[image.id] ?? []
      var parts = [(name: "labels", picture: drawing.picture(pixels, truth: labels))]
      parts += zip(detectors, boxes).map { (name: $0.name, picture: drawing.picture(pixels, found: $1)) }
      let counts = zip(detectors, boxes).map { "\($1.count) found by \($0.name)" }.joined(separator: ", ")
      pictures.append(
        HTMLReport.Picture(
          bytes: try ImageFile.encodeJPEG(sideBySide(parts), quality: 85),
          caption: "\(image.name): \(labels.count) labelled; \(counts) with a score of \(drawAbove) or more"))
    }
    return pictures
  }

  /// Pictures of one size next to each other, with their names above.
  private func sideBySide(_ parts: [(name: String, picture: Image)]) -> Image {
    let head = Canvas.height(ofTextAtScale: 1) + Self.gap
    let width = parts.reduce(-Self.gap) { $0 + $1.picture.width + Self.gap }
    let height = parts.map(\.picture.height).max() ?? 1
    var sheet = Canvas(Image(height: head + height, width: max(1, width), color: .white))
    var x = 0
    for (name, picture) in parts {
      sheet.text(name, x: x + 2, y: Self.gap / 2, color: .black)
      sheet.draw(picture, x: x, y: head)
      x += picture.width + Self.gap
    }
    return sheet.image
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
}
