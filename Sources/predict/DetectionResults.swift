import Annotations
import Detection
import Documents
import Imaging
import Samples

/// Gathers what is found, draws it, and writes it down.
final class DetectionResults {
  private let source: ImageSource
  private let files: FileOptions
  private let drawing: DetectionDrawing
  private let pictures: String
  private var records: [ImageRecord] = []
  private var objects: [PredictedObject] = []
  private var drawnObjects = 0
  private let drawAbove: Double
  private var names = ResultNames()

  init(_ source: ImageSource, classes: [String], files: FileOptions, drawAbove: Double) throws {
    self.source = source
    self.files = files
    self.drawAbove = drawAbove
    drawing = DetectionDrawing(classes: classes, longSide: 2000)
    pictures = Path.join(files.output, "pictures")
    if !files.noPictures { try Folder.create(pictures) }
  }

  /// Takes the detections of one image, by falling score.
  func add(image place: Int, size: (height: Int, width: Int), found: [FoundBox]) throws {
    let image = source.pool.images[place]
    records.append(ImageRecord(id: image.id, fileName: image.name, height: size.height, width: size.width))
    objects += found.map {
      PredictedObject(
        imageID: image.id, categoryID: source.categories[$0.classIndex].id, box: $0.box, score: $0.score)
    }
    guard !files.noPictures else { return }
    let shown = found.filter { $0.score >= drawAbove }
    drawnObjects += shown.count
    let reader = ImageReader(usesScaledDecoding: false)
    let pixels = try reader.decode(reader.open(image), shortSide: min(size.height, size.width))
    try ImageFile.write(drawing.picture(pixels, found: shown), to: Path.join(pictures, names.next(image.name) + ".jpg"))
  }

  /// Writes the files; gives a line that says what they are.
  func finish(skipped: [SkippedImage]) throws -> String {
    try COCOResults.write(objects, to: Path.join(files.output, "predictions.json"))
    try COCOInstances.write(
      AnnotationSet(categories: source.categories, images: records, objects: []),
      to: Path.join(files.output, "images.json"))
    try SkippedImage.write(skipped, to: Path.join(files.output, "skipped.json"))
    var line = "\(files.output): \(objects.count) boxes in \(records.count) images"
    if !files.noPictures { line += "; drawn: \(drawnObjects) with a score of \(drawAbove) or more" }
    if let first = skipped.first {
      line += "; \(skipped.count) images could not be used, such as \(first.path): \(first.reason)"
    }
    return line
  }
}
