import Layers
import Torch

/// Brings weight files into a detector: a whole detector's, or its backbone's alone.
public enum DetectorWeights {
  /// What was loaded, for the log.
  public struct Outcome: Sendable {
    /// One line a fact.
    public var notes: [String]
    /// Whether the heads were loaded too.
    public var isWholeDetector: Bool
    /// The epsilon that the batch norms got; nil where the detector's own stayed.
    public var normEpsilon: Double?
  }

  /// torchvision's COCO detector was trained with batch norms of epsilon 0, which its file does not say.
  private static let filesWithoutEpsilon = ["258fb6c6"]

  /// Loads a file; finds out what it holds by its names: torchvision's, mmdetection's, or a backbone's alone.
  ///
  /// - Parameters:
  ///   - replacingPredictor: Keeps the random class and box predictor, for other classes than the file's.
  ///   - epsilon: For the batch norms; nil: 0 for files that are known to want it, else unchanged.
  @discardableResult
  public static func load(
    _ path: String, into detector: FasterRCNN, replacingPredictor: Bool = false, epsilon: Double? = nil
  ) throws -> Outcome {
    let stored = try WeightFile.read(path)
    let origin = try WeightOrigin(stored, path: path)
    let isWhole = origin.isWholeDetector
    var notes = stored.notes.map { "\(path): \($0)" }
    notes += try origin.notes(for: detector.settings)
    if isWhole {
      let report = try load(origin, into: detector, replacingPredictor: replacingPredictor, source: path)
      notes.append("\(path): \(report.summary)" + (replacingPredictor ? "; the predictor is new" : ""))
    } else {
      var report = try detector.backbone.loadPublished(origin.state, source: path)
      // What is left over is the classifier's, or loading would have failed.
      let unused = report.unexpected.count
      report.unexpected = []
      notes.append(
        "\(path): backbone: \(report.summary)" + (unused > 0 ? "; its classifier's \(unused) are not used" : ""))
    }
    let digest = stored.sha256()
    var used = epsilon
    if let epsilon {
      notes.append("batch-norm epsilon \(epsilon), as asked for")
    } else if isWhole, filesWithoutEpsilon.contains(where: digest.hasPrefix) {
      used = 0
      notes.append("batch-norm epsilon 0: this file (SHA-256 \(digest.prefix(8))…) was trained with it")
    }
    if let used { detector.setNormEpsilon(used) }
    return Outcome(notes: notes, isWholeDetector: isWhole, normEpsilon: used)
  }

  private static func load(
    _ origin: WeightOrigin, into detector: FasterRCNN, replacingPredictor: Bool, source: String
  ) throws(LoadError) -> LoadReport {
    let predictor = "roi_heads.box_predictor."
    let state = origin.translated(for: detector.settings)
    let used = StateDict(state.entries.filter { !replacingPredictor || !$0.name.hasPrefix(predictor) })
    do {
      return try detector.load(used, excusing: replacingPredictor ? [predictor] : [], source: source)
    } catch {
      throw origin.hasForeignNames ? MMDetectionWeights.translated(error) : error
    }
  }

  /// Loads weights that came with their model's settings, such as a checkpoint of a run.
  public static func load(_ stored: StoredWeights, into detector: FasterRCNN, source: String) throws(LoadError) {
    try detector.load(StateDict(stored), source: source)
  }
}
