import Annotations
import Documents
import Imaging

/// Label maps of a source and those that were predicted for its images, brought together in one confusion matrix.
///
/// Every image is judged in its full size; the label maps are opened, of the pictures the headers alone.
public struct SegmentationEvaluation: Sendable {
  /// How the numbers in predicted label maps are to be taken.
  public enum PredictedNumbers: Sendable {
    /// As those of the truth's label maps.
    case asInTruth
    /// As class indices, 0 ..< K.
    case indices
  }

  /// The classes.
  public let classes: ClassTable
  /// The images that were judged.
  public let imageCount: Int
  /// PNG files among the predictions that belong to no image.
  public let surplus: [String]
  /// All counts.
  public let matrix: ConfusionMatrix

  /// Reads and counts all label maps.
  ///
  /// - Parameters:
  ///   - predictions: a folder of PNG label maps that are called as the images, with or without the folders before their names.
  ///   - report: gets the number of images done, after each.
  ///   - counts: gets the matrix of each image alone, in the order of the images.
  /// - Throws: where a prediction is missing (all are named), has another size than the truth, or holds a number that is no class.
  public init(
    truth: SegmentationReading, predictions: String, numbers: PredictedNumbers = .asInTruth,
    report: (Int) -> Void = { _ in }, counts: (ConfusionMatrix) -> Void = { _ in }
  ) throws(EvaluationError) {
    let files = try Self.throwing { () throws(AnnotationError) in try Self.files(of: truth, in: predictions) }
    classes = truth.classes
    imageCount = truth.images.count
    surplus = files.surplus
    guard files.missing.isEmpty else {
      throw .missingMaps(folder: predictions, names: files.missing, images: truth.images.count)
    }
    let reader = LabelMapReader(classes)
    let predicted = numbers == .asInTruth ? reader : LabelMapReader(ClassTable(names: classes.names))
    var matrix = ConfusionMatrix(classCount: classes.count)
    for (place, image) in truth.images.enumerated() {
      try Self.throwing { () throws(AnnotationError) in
        // The picture's own size, where it is at hand, says which of two label maps is wrong.
        let labels =
          if let size = try? ImageFile.sizes(image.path).upright {
            try reader.labels(of: image, height: size.height, width: size.width)
          } else {
            try reader.labels(of: image)
          }
        var found = image
        found.mask = .file(files.paths[place])
        let prediction = try predicted.labels(of: found, height: labels.height, width: labels.width)
        var own = ConfusionMatrix(classCount: truth.classes.count)
        own.add(truth: labels.pixels, prediction: prediction.pixels)
        counts(own)
        matrix.merge(own)
      }
      report(place + 1)
    }
    self.matrix = matrix
  }

  private static func throwing<Result>(
    _ body: () throws(AnnotationError) -> Result
  ) throws(EvaluationError) -> Result {
    do throws(AnnotationError) { return try body() } catch { throw .annotations(error) }
  }

  /// The prediction of each image, the names of missing ones, and files of no image.
  private static func files(
    of truth: SegmentationReading, in folder: String
  ) throws(AnnotationError) -> (paths: [String], missing: [String], surplus: [String]) {
    guard Folder.exists(folder) else { throw .content(place: folder, reason: "is not a folder of label maps") }
    let names: [String]
    do throws(DocumentError) {
      names = try Folder.filesBelow(folder).filter { Path.extension(of: $0) == "png" }
    } catch { throw .document(error) }
    let known = Set(names)
    var used: Set<String> = []
    var (paths, missing): ([String], [String]) = ([], [])
    var owners: [String: String] = [:]
    for image in truth.images {
      let whole = Path.withoutExtension(image.name) + ".png"
      let file = known.contains(whole) ? whole : Path.stem(of: image.name) + ".png"
      guard known.contains(file) else {
        missing.append(whole)
        continue
      }
      if let other = owners.updateValue(image.name, forKey: file) {
        throw .content(
          place: Path.join(folder, file), reason: "would be the prediction of both \(other) and \(image.name)")
      }
      used.insert(file)
      paths.append(Path.join(folder, file))
    }
    return (paths, missing, names.filter { !used.contains($0) })
  }

  /// The figures.
  public func metrics(absentClasses: AbsentClasses = .skipped) -> SegmentationMetrics {
    SegmentationMetrics(matrix, names: classes.names, absentClasses: absentClasses)
  }

  /// The figures as `evaluate segmentation --json` writes them: those of the metrics, the number of images, and the matrix, of which
  /// a row is a class of the truth, a column a predicted one, the last for no class.
  public func json(_ metrics: SegmentationMetrics) -> JSON {
    var members = metrics.json.object ?? JSONObject()
    members["images"] = JSON(imageCount)
    members["confusion"] = .array(
      (0..<classes.count).map { truth in
        .array((0...classes.count).map { JSON(Int(matrix[truth: truth, prediction: $0])) })
      })
    return .object(members)
  }
}
