import Documents
import Samples

/// The stream of image files is what methods usually train from.
extension SampleStream: BatchSource {
  /// The names of a batch's images.
  public func imageNames(of batch: SampleBatch) -> [String] { batch.imageNames }
}
