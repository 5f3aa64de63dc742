import Documents
import Torch

/// One model of a run with its weights, as the checkpoints hold it; the tensors stay in the mapped file.
public struct SavedModel {
  /// Which checkpoint.
  public enum Checkpoint: String, Sendable, CaseIterable {
    /// The weights with the best figure on the validation images.
    case best
    /// The newest weights.
    case last
  }

  /// The model's name, such as `teacher`.
  public let name: String
  /// The file that its tensors lie in.
  public let file: String
  /// The weights under plain names.
  public let entries: [StoredWeights.Entry]
  /// What the checkpoint says about this model.
  public let metadata: [String: String]

  /// Finds a model of a run.
  ///
  /// The judged model lies in either checkpoint; others, such as a student whose teacher is judged, in a best one of their
  /// own and in what resuming needs beside the last one.
  /// - Parameters:
  ///   - wanted: Names, any of which is meant.
  ///   - checkpoint: Where to look; nil: in the best, else in the last.
  public init(_ wanted: [String], of run: String, in checkpoint: Checkpoint?) throws(RunError) {
    guard Folder.exists(run) else { throw .notARun(run, missing: "the folder") }
    let folder = RunFolder(path: run)
    let bests = [folder.bestCheckpoint] + wanted.map { folder.bestCheckpoint(ofOther: $0) }
    let places = (bests.map { (Checkpoint.best, $0) } + [(.last, folder.lastCheckpoint)])
      .filter { (checkpoint == nil || checkpoint == $0.0) && Folder.hasFile($0.1) }
    if places.isEmpty, let checkpoint, Folder.hasFile(folder.lastCheckpoint) || Folder.hasFile(folder.bestCheckpoint) {
      throw .checkpoint(file: run, reason: "has no checkpoints/\(checkpoint.rawValue).safetensors")
    }
    guard !places.isEmpty else {
      let names = (checkpoint.map { [$0] } ?? Checkpoint.allCases).map { "checkpoints/\($0.rawValue).safetensors" }
      throw .notARun(run, missing: names.joined(separator: " or "))
    }
    var found: [String] = []
    for (_, file) in places {
      let stored = try Self.read(file)
      guard let judged = stored.metadata["predictor"] else {
        throw .checkpoint(file: file, reason: "does not say which model it holds")
      }
      var metadata = stored.metadata
      metadata["resume"] = nil
      if wanted.contains(judged) {
        self.init(name: judged, file: file, entries: stored.entries, metadata: metadata)
        return
      }
      found.append(judged)
      guard let resume = stored.metadata["resume"], Checkpoints.isResumeFile(resume) else { continue }
      let beside = try Self.read(Path.join(folder.checkpoints, resume))
      // A trained model, or one that its method remembers.
      for (name, prefix) in wanted.flatMap({ [($0, "models/\($0)/"), ($0, "method/\($0).")] }) {
        let entries = beside.entries.filter { $0.name.hasPrefix(prefix) }
        guard !entries.isEmpty else { continue }
        metadata["predictor"] = name
        self.init(
          name: name, file: beside.path,
          entries: entries.map { .init(name: String($0.name.dropFirst(prefix.count)), tensor: $0.tensor) },
          metadata: metadata)
        return
      }
    }
    let others = Set(found).sorted().joined(separator: ", ")
    let files = places.map(\.1).joined(separator: " and ")
    let hint = checkpoint == .best && Folder.hasFile(folder.lastCheckpoint) ? "; --last may hold it" : ""
    throw .checkpoint(
      file: files, reason: "no \(wanted.joined(separator: " or ")) is there, the judged model is the \(others)\(hint)")
  }

  private init(name: String, file: String, entries: [StoredWeights.Entry], metadata: [String: String]) {
    self.name = name
    self.file = file
    self.entries = entries
    self.metadata = metadata
  }

  private static func read(_ path: String) throws(RunError) -> StoredWeights {
    do { return try SafetensorsFile.read(path) } catch { throw .weights(error) }
  }
}
