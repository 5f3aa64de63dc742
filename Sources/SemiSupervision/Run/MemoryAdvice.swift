import Documents
import Torch
import Training

/// What a training run says when its memory is at an end: the settings that take less, and how to go on.
struct MemoryAdvice: Sendable {
  private let smaller: String
  private let folder: RunFolder?

  /// The advice for a run with these settings.
  ///
  /// - Parameter folder: Where it saves; nil for one that does not.
  init(_ settings: some RunSettings, on device: Device, folder: RunFolder?) {
    let (images, microBatch) = (settings.method.stepImages, settings.microBatch)
    var ways = ["smaller views (\(settings.waysToSmallerViews))"]
    if settings.takesBatchFlags, microBatch.total > images.unit.total {
      ways.insert("fewer images a step (--batch N, now \(images.total), or --batch auto)", at: 0)
      ways.insert(
        "the same step in smaller micro-batches (--micro-batch N, now \(microBatch.total), or --micro-batch auto)",
        at: 0)
    }
    if settings.run.precision != .bfloat16 {
      ways.append("--precision bfloat16" + (device.isFastAtBFloat16 ? "" : " (slow on this \(device))"))
    }
    if settings.evaluationBatchSize > 1 {
      ways.append("while it judges, --set evaluation.batch_size=N (now \(settings.evaluationBatchSize))")
    }
    smaller = "less is taken by " + ways.joined(separator: ", ")
    self.folder = folder
  }

  /// One clause for what takes less, one for what was saved, as it is now.
  var text: String {
    guard let folder else { return smaller }
    guard Folder.hasFile(folder.lastCheckpoint) else { return smaller + "; nothing had been saved yet" }
    return smaller + "; the last checkpoint is whole: --resume \(folder.path) goes on from it where more memory is"
      + " free, --weights \(folder.lastCheckpoint) begins a run with other settings at its weights"
  }

  /// Has the engine say it.
  func install() { Engine.adviseOnMemory { text } }
}
