import Documents
import Reporting
import Training

/// The stage that pre-trains a run's encoder before all others: done once, in a folder of the run's.
enum EncoderStage {
  /// The stage's folder in the run's.
  static let name = "stage-0"

  /// One step of the stage, one evaluation, one save, one resume, in a folder within one that the caller removes.
  ///
  /// - Returns: What was done and what the stage would do, in lines that name it.
  static func rehearse<Method: SegmentationMethodSettings>(
    for run: SegmentationRun<Method>, in folder: RunFolder
  ) throws -> [String] {
    let stage = try PretrainingRun(PretrainingRunSettings(of: run.settings), data: run.data)
    return try stage.rehearse(in: RunFolder.create(Path.join(folder.path, name))).map { "\(name): \($0)" }
  }

  /// Does the stage, or what is left of it.
  ///
  /// - Returns: The weights of the encoder: the best by the validation images, else the last.
  static func weights<Method: SegmentationMethodSettings>(
    for run: SegmentationRun<Method>, in folder: RunFolder
  ) throws -> String {
    let stage = try PretrainingRun(PretrainingRunSettings(of: run.settings), data: run.data)
    Console.standardError.print("\(name): pre-training the encoder, in \(Path.join(folder.path, name))")
    let place = try stage.train(asStage: name, of: folder)
    guard let file = RunFolder(path: place).usedCheckpoint else {
      throw RunError.notARun(place, missing: "checkpoints/last.safetensors")
    }
    return file
  }
}

extension TaskRun {
  /// Trains as a stage of another run, in a folder of that run's; goes on with what was begun there, and does nothing where it is finished.
  ///
  /// - Returns: The stage's folder.
  /// - Throws: ``StoppedByUser`` of the whole run, which is the one to go on with.
  func train(asStage stage: String, of folder: RunFolder) throws -> String {
    let place = Path.join(folder.path, stage)
    do {
      if let begun = try? RunFolder.open(place) {
        _ = try resume(in: begun, command: [])
      } else {
        _ = try start(in: RunFolder.create(place), command: [])
      }
    } catch let stopped as StoppedByUser {
      throw StoppedByUser(folder: folder, stepsDone: stopped.stepsDone, stage: stage)
    }
    return place
  }
}
