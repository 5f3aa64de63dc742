import Layers

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
  /// The figures of a predictor in the order they are shown; empty predictions count as such and are no error.
  ///
  /// The predictor's model is in evaluation mode and nothing is recorded for gradients.
  func figures(of predictor: any Predictor) throws -> [Figure]
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
