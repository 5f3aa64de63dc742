import Annotations
import Evaluation
import Samples
import Torch
import Training

/// Judges detectors by COCO box AP on labelled images.
public struct BoxJudge: Judge {
  private let labels: AnnotationSet
  private let pool: ImagePool
  private let source: String
  private let categoryIDs: [Int]
  private let reader: PoolReader
  private let device: Device

  /// The figure that selects the best checkpoint.
  public let selectedBy: String
  /// The twelve figures of COCO, then AP50 of each class.
  public let figureNames: [String]

  /// - Parameters:
  ///   - reading: The labelled images.
  ///   - classes: The detector's classes in their order; the labels have no others.
  ///   - selectedBy: One of the twelve figures.
  public init(
    _ reading: AnnotationReading, classes: [String], reader: PoolReader, device: Device, selectedBy: String = "AP"
  ) throws(SamplesError) {
    labels = reading.set
    source = reading.source
    pool = try ImagePool.unlabeled(
      reading.set, source: reading.source, folder: reading.imageFolder, name: "evaluated")
    let ids = Dictionary(reading.set.categories.map { ($0.name, $0.id) }) { first, _ in first }
    var unused = (reading.set.categories.map(\.id).max() ?? 0)
    categoryIDs = classes.map { name in
      if let id = ids[name] { return id }
      unused += 1
      return unused
    }
    if let foreign = reading.set.classNames.first(where: { !classes.contains($0) }) {
      throw .otherClasses(source: reading.source, found: foreign, wanted: classes)
    }
    self.reader = reader
    self.device = device
    self.selectedBy = selectedBy
    figureNames =
      ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"]
      + reading.set.classNames.map { "AP50.\($0)" }
  }

  /// What a detector finds in the judged images, under the labels' ids.
  public func predictions(of detector: any BoxDetector) -> (objects: [PredictedObject], skipped: [SkippedImage]) {
    var objects: [PredictedObject] = []
    let skipped = DetectionReader(detector, reader: reader, device: device).forEachImage(of: pool) { image, _, found in
      objects += found.compactMap { box in
        guard labels.categories.contains(where: { $0.id == categoryIDs[box.classIndex] }) else { return nil }
        return PredictedObject(
          imageID: pool.images[image].id, categoryID: categoryIDs[box.classIndex], box: box.box, score: box.score)
      }
    }
    return (objects, skipped)
  }

  /// The median over all judged images, of an even number of them the lower one.
  private func medianBestScore(of objects: [PredictedObject]) -> Double? {
    var best: [Int: Double] = [:]
    for object in objects { best[object.imageID] = max(best[object.imageID] ?? 0, object.score) }
    let scores = pool.images.map { best[$0.id] ?? 0 }.sorted()
    return scores.isEmpty ? nil : scores[(scores.count - 1) / 2]
  }

  /// The figures of a detector; one that finds nothing has AP 0. The objects of images that cannot be used count as
  /// missed, and the images are listed in the judgement.
  public func judge(_ predictor: any Predictor) throws -> Judgement {
    guard let detector = predictor as? any BoxDetector else {
      preconditionFailure("a judge of boxes got a \(type(of: predictor)), which finds none")
    }
    let (objects, skipped) = predictions(of: detector)
    let evaluation = try BoxEvaluation(labels: labels, predictions: objects, file: source)
    let metrics = BoxAveragePrecision.evaluate(
      truth: evaluation.truth, detections: evaluation.detections, categories: evaluation.categories,
      images: evaluation.images)
    // -1 stands for "no such object" in COCO's figures.
    func figure(_ name: String, _ value: Double) -> Figure { Figure(name, value < 0 ? .nan : value) }
    return Judgement(
      figures: metrics.summary.map { figure($0.name, $0.value) }
        + metrics.classes.map { figure("AP50.\($0.category.name)", $0.AP50) },
      json: metrics.json, skipped: skipped, medianBestScore: medianBestScore(of: objects))
  }
}
