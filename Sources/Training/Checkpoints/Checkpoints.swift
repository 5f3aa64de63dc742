#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

import Documents
import Layers
import Torch

/// The weight files of a run and what resuming needs beside them.
///
/// `last.safetensors` holds the judged model alone, under plain names; its metadata names the file beside it,
/// `resume-<step>.safetensors`, with optimizers, other models, the method's memory and the position in the data. The
/// resume file is written first, then the weights: their rename makes the new checkpoint valid, and until then the
/// previous pair is untouched. Only then are older resume files removed.
public struct Checkpoints: Sendable {
  /// The run.
  public let run: RunFolder
  /// What every weights file says about its model, such as `classes` (a JSON array) and `model`.
  public let metadata: [String: String]

  /// The weight files of a run; `metadata` must not use the keys that are written here.
  public init(run: RunFolder, metadata: [String: String] = [:]) {
    for key in ["format", "method", "predictor", "step", "resume", "selected_by", "figures"] {
      precondition(metadata[key] == nil, "Checkpoints: expected metadata without '\(key)'")
    }
    self.run = run
    self.metadata = metadata
  }

  /// Writes the newest state.
  public func saveLast(_ snapshot: Snapshot) throws(RunError) {
    let resume = "resume-\(snapshot.step).safetensors"
    try asRunError { () throws(DocumentError) in
      try SafetensorsFile.write(
        Self.sources(snapshot.resumeTensors), metadata: ["state": snapshot.resumeValues.serialized()],
        to: Path.join(run.checkpoints, resume))
      var metadata = self.metadata
      metadata["format"] = "semivision"
      metadata["method"] = snapshot.method
      metadata["predictor"] = snapshot.judgedName
      metadata["step"] = "\(snapshot.step)"
      metadata["resume"] = resume
      try SafetensorsFile.write(Self.sources(snapshot.weights), metadata: metadata, to: run.lastCheckpoint)
      for name in try Folder.names(in: run.checkpoints) where Self.isResumeFile(name) && name != resume {
        try Self.remove(Path.join(run.checkpoints, name))
      }
    }
  }

  /// Writes the weights of a model that were judged best so far.
  ///
  /// - Parameters:
  ///   - file: One of the run's best checkpoints.
  ///   - selectedBy: the figure that chose them, such as `validation.student.AP`.
  ///   - figures: all figures of that evaluation.
  public func saveBest(
    _ model: Module, to file: String, predictor: String, method: String, step: Int, selectedBy: String, figures: JSON
  ) throws(RunError) {
    var metadata = self.metadata
    metadata["format"] = "semivision"
    metadata["method"] = method
    metadata["predictor"] = predictor
    metadata["step"] = "\(step)"
    metadata["selected_by"] = selectedBy
    metadata["figures"] = figures.serialized()
    let entries = metadata
    try asRunError { () throws(DocumentError) in
      try SafetensorsFile.write(Self.sources(model.stateDict()), metadata: entries, to: file)
    }
  }

  /// Writes the weights of a model as they are at one of several points of the run, counted from 1.
  public func saveSnapshot(_ number: Int, of model: Module, predictor: String, method: String, step: Int)
    throws(RunError)
  {
    var metadata = self.metadata
    metadata["format"] = "semivision"
    metadata["method"] = method
    metadata["predictor"] = predictor
    metadata["step"] = "\(step)"
    let entries = metadata
    try asRunError { () throws(DocumentError) in
      try SafetensorsFile.write(Self.sources(model.stateDict()), metadata: entries, to: run.snapshot(number))
    }
  }

  /// The newest state.
  public func loadLast() throws(RunError) -> SavedRun {
    let file = run.lastCheckpoint
    guard Folder.hasFile(file) else {
      throw .notARun(run.path, missing: "checkpoints/last.safetensors (the run had not saved yet)")
    }
    let weights = try Self.read(file)
    guard let resume = weights.metadata["resume"], Self.isResumeFile(resume), let step = weights.metadata["step"] else {
      throw .checkpoint(
        file: file, reason: "holds weights alone and cannot be resumed; start a new run with --weights \(file)")
    }
    let resumeFile = Path.join(run.checkpoints, resume)
    guard Folder.hasFile(resumeFile) else {
      throw .checkpoint(
        file: file, reason: "\(resume), which it needs, is missing; start a new run with --weights \(file)")
    }
    let saved = try Self.read(resumeFile)
    let values: JSON
    do {
      values = try JSON(parsing: saved.metadata["state"] ?? "", file: resumeFile)
    } catch {
      throw .checkpoint(file: resumeFile, reason: "its state is damaged: \(error)")
    }
    guard values["version"]?.int == 1, values["counters"]?["step"]?.int.map(String.init) == step else {
      throw .checkpoint(file: resumeFile, reason: "is not the state of step \(step)")
    }
    return SavedRun(
      file: resumeFile, judgedFile: file, judged: StateDict(weights), metadata: weights.metadata,
      tensors: StateDict(saved), values: values)
  }

  /// Step, selecting figure's name, and all figures of best weights; nil where the file is not there.
  public func loadBestFigures(
    _ file: String
  ) throws(RunError) -> (step: Int, selectedBy: String, figures: JSON)? {
    guard Folder.hasFile(file) else { return nil }
    let metadata = try Self.read(file).metadata
    guard let step = metadata["step"].flatMap({ Int($0) }), let selectedBy = metadata["selected_by"],
      let figures = try? JSON(parsing: metadata["figures"] ?? "", file: file)
    else { throw .checkpoint(file: file, reason: "its metadata is damaged") }
    return (step, selectedBy, figures)
  }

  /// Loads the best weights, or the newest where none were judged, into a model.
  ///
  /// - Returns: the file they came from.
  @discardableResult
  public func loadSelected(into model: Module) throws(RunError) -> String {
    let file = Folder.hasFile(run.bestCheckpoint) ? run.bestCheckpoint : run.lastCheckpoint
    let weights = StateDict(try Self.read(file))
    do {
      try model.load(weights, source: file)
    } catch {
      throw .checkpoint(file: file, reason: error.report.summary)
    }
    return file
  }

  private static func read(_ path: String) throws(RunError) -> StoredWeights {
    do { return try SafetensorsFile.read(path) } catch { throw .weights(error) }
  }

  static func isResumeFile(_ name: String) -> Bool {
    name.hasPrefix("resume-") && name.hasSuffix(".safetensors") && !name.contains("/")
  }

  /// Tensors are fetched from their device one at a time, when their turn to be written comes.
  private static func sources(_ state: StateDict) -> [SafetensorsFile.Source] {
    state.entries.map { SafetensorsFile.Source(name: $0.name, tensor: $0.tensor) }
  }

  private static func remove(_ path: String) throws(DocumentError) {
    guard unlink(path) == 0 || errno == ENOENT else {
      throw .system(operation: "remove", file: path, code: errno)
    }
  }
}
