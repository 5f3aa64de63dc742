import Imaging

extension ResizeNormalize {
  /// The normalization that a backbone's published weights want.
  public init(_ normalization: InputNormalization) {
    self.init(mean: normalization.mean.map(Float.init), deviation: normalization.deviation.map(Float.init))
  }
}
