import Documents
import Layers
import Samples

/// Something that can be judged and saved: a model, used as after training.
///
/// A task adds a protocol of its own with what its judge needs, such as the detections of a batch.
public protocol Predictor: AnyObject {
  /// The model whose weights a checkpoint of this predictor holds under plain names.
  var model: Module { get }
}

/// Computes the figures of a predictor on held-out images.
public protocol Judge {
  /// The figure that selects the best checkpoint, such as `AP`; declared beforehand. Higher is better.
  var selectedBy: String { get }
  /// The names of the figures that every judgement has, in the order they are shown.
  var figureNames: [String] { get }
  /// Judges a predictor; that it predicts nothing is a result, no error.
  ///
  /// The predictor's model is in evaluation mode and nothing is recorded for gradients.
  func judge(_ predictor: any Predictor) throws -> Judgement
}

/// What a judge found.
public struct Judgement: Sendable, Equatable {
  /// The figures by name, in the order they are shown.
  public var figures: [Figure]
  /// All that was found, as `evaluate --json` writes it: the figures and more, such as those of each class.
  public var json: JSON
  /// Held-out images that could not be used; what is in them counts as missed.
  public var skipped: [SkippedImage]
  /// The median over the images of the best score that was given in one, 0 where nothing was found; nil where a judge knows no
  /// scores.
  public var medianBestScore: Double?

  /// Figures, and the whole of it in JSON.
  public init(figures: [Figure], json: JSON, skipped: [SkippedImage] = [], medianBestScore: Double? = nil) {
    self.figures = figures
    self.json = json
    self.skipped = skipped
    self.medianBestScore = medianBestScore
  }

  /// The value of a figure; NaN where it is missing.
  public subscript(name: String) -> Double { figures.first { $0.name == name }?.value ?? .nan }
}

/// One number about a model, by name.
public struct Figure: Sendable, Equatable {
  /// As in `metrics.csv` and `summary.json`, such as `AP50`.
  public let name: String
  /// The value; NaN where it is not defined, as the AP of a class without objects.
  public let value: Double

  /// A named number.
  public init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}
