import Documents
import Samples

/// An endless stream of batches that can be saved, continued exactly, and divided among processes.
public protocol BatchSource<Batch>: AnyObject {
  /// What a step takes.
  associatedtype Batch
  /// Images of all streams and processes that one step takes.
  var imagesPerStep: Int { get }
  /// Steps for one pass over the list that defines an epoch.
  var stepsPerEpoch: Int { get }
  /// The next batch; waits until it is made.
  func next() throws -> Batch
  /// The names of a batch's images, for messages.
  func imageNames(of batch: Batch) -> [String]
  /// Learns how close predictions came to the labels of a batch's probes; called for every batch, before the next one is asked for. For one
  /// of several processes those of all, in the order of their parts.
  func learn(_ proximities: [Double], from batch: Batch)
  /// The position in the stream, and what identifies the data it belongs to.
  var state: JSON { get }
  /// Goes on from a saved position; refuses one that belongs to other data.
  func restore(_ state: JSON) throws
  /// The part of the stream for one of several processes, from the same position.
  func shard(_ index: Int, of count: Int) -> Self
  /// Images that could not be used so far, in order of their paths.
  var skippedImages: [SkippedImage] { get }
}

extension BatchSource {
  /// Nothing: batches do not depend on what has been learnt.
  public func learn(_ proximities: [Double], from batch: Batch) {}
}
