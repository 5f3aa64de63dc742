import Documents
import Foundation
import TestSupport
import Testing
import Torch

@testable import Training

@Suite(.serialized) struct CheckpointsTests {
  private func saved(_ toy: ToyRun) throws -> (run: RunFolder, checkpoints: Checkpoints) {
    let trainer = toy.trainer()
    try trainer.takeStep()
    let run = try toy.runFolder()
    let checkpoints = Checkpoints(run: run)
    try checkpoints.saveLast(trainer.snapshot())
    return (run, checkpoints)
  }

  @Test("the weights file holds the judged model alone under plain names; older resume files go")
  func files() throws {
    let toy = try ToyRun()
    let trainer = toy.trainer()
    let run = try toy.runFolder()
    let checkpoints = Checkpoints(run: run, metadata: ["classes": "[\"a\",\"b\"]"])
    for _ in 0..<3 {
      try trainer.takeStep()
      try checkpoints.saveLast(trainer.snapshot())
    }
    #expect(try Folder.names(in: run.checkpoints) == ["last.safetensors", "resume-3.safetensors"])
    let weights = try SafetensorsFile.read(run.lastCheckpoint)
    #expect(Set(weights.entries.map(\.name)) == Set(trainer.method.student.stateDict().names))
    #expect(weights.metadata["predictor"] == "teacher" && weights.metadata["step"] == "3")
    #expect(weights.metadata["classes"] == "[\"a\",\"b\"]")
  }

  /// Counts steps, as an observer that is kept with a checkpoint.
  private final class StepCounter: SavedObserver {
    static let stateName = "step counter"
    var count: Int
    var state: JSON { ["count": JSON(count)] }
    init(_ saved: SavedRun?) { count = saved?.state(ofObserver: Self.stateName)?["count"]?.int ?? 0 }
    func stepDidEnd(_ report: StepReport, of run: any TrainingRun) { count += 1 }
  }

  @Test("what an observer remembers is kept under its name, and goes on with the run")
  func observers() throws {
    let toy = try ToyRun()
    let checkpoints = Checkpoints(run: try toy.runFolder())
    let trainer = toy.trainer()
    let counter = StepCounter(nil)
    trainer.observers = [counter, CheckpointObserver(checkpoints, every: 6)]
    trainer.isStopRequested = { trainer.stepsDone == 8 }
    try trainer.run()
    let saved = try checkpoints.loadLast()
    #expect(saved.stepsDone == 8 && saved.state(ofObserver: "another") == nil)
    let resumed = toy.trainer()
    try resumed.restore(saved)
    let again = StepCounter(saved)
    #expect(again.count == 8)
    resumed.observers = [again]
    try resumed.run()
    #expect(again.count == 20 && counter.count == 8)
  }

  @Test("a save that fails in either file leaves the previous state to be resumed")
  func failedSave() throws {
    for blocked in ["resume-2.safetensors", "last.safetensors"] {
      let toy = try ToyRun()
      let trainer = toy.trainer()
      let run = try toy.runFolder()
      let checkpoints = Checkpoints(run: run)
      try trainer.takeStep()
      try checkpoints.saveLast(trainer.snapshot())
      let after = ToyRun.digest(trainer)
      try trainer.takeStep()
      // A folder in the file's place cannot be renamed over: the write fails after the temporary file is whole.
      let place = Path.join(run.checkpoints, blocked)
      let kept = blocked == "last.safetensors" ? try MappedFile(path: place).withBytes { Array($0) } : nil
      if kept != nil { #expect(unlinkFile(place)) }
      try Folder.create(Path.join(place, "x"))
      #expect(throws: RunError.self) { try checkpoints.saveLast(trainer.snapshot()) }
      if let kept {
        #expect(removeFolder(Path.join(place, "x")) && removeFolder(place))
        try AtomicFile.write(kept, to: place)
      }
      let resumed = toy.trainer()
      try resumed.restore(checkpoints.loadLast())
      #expect(resumed.stepsDone == 1)
      #expect(ToyRun.digest(resumed) == after)
      #expect(try Folder.names(in: run.checkpoints).allSatisfy { !$0.hasPrefix(".") })
    }
  }

  @Test("a full disk, here a limit on file size, leaves the previous state to be resumed")
  func fullDisk() async {
    await #expect(processExitsWith: .exitCode(7)) {
      _ = signal(SIGXFSZ, SIG_IGN)
      let toy = try ToyRun()
      let trainer = toy.trainer()
      let checkpoints = Checkpoints(run: try toy.runFolder())
      try trainer.takeStep()
      try checkpoints.saveLast(trainer.snapshot())
      let before = ToyRun.digest(trainer)
      try trainer.takeStep()
      for limit: rlim_t in [0, 100, 3000] {
        var size = rlimit(rlim_cur: limit, rlim_max: rlim_t.max)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &size)
        let message = errorMessage { try checkpoints.saveLast(trainer.snapshot()) }
        guard message?.contains("cannot write") == true else { exit(1) }
      }
      var free = rlimit(rlim_cur: rlim_t.max, rlim_max: rlim_t.max)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &free)
      let resumed = toy.trainer()
      try resumed.restore(checkpoints.loadLast())
      exit(resumed.stepsDone == 1 && ToyRun.digest(resumed) == before ? 7 : 2)
    }
  }

  @Test("what is missing or damaged is said in one line with the file")
  func damaged() throws {
    let toy = try ToyRun()
    let (run, checkpoints) = try saved(toy)
    let resume = Path.join(run.checkpoints, "resume-1.safetensors")
    let bytes = try MappedFile(path: resume).withBytes { Array($0) }
    for length in [0, 7, 100, bytes.count - 1] {
      try AtomicFile.write(bytes.prefix(length), to: resume)
      let message = errorMessage { _ = try checkpoints.loadLast() }
      #expect(message?.hasPrefix(resume + ":") == true && message?.contains("\n") == false, "\(message ?? "none")")
    }
    #expect(unlinkFile(resume))
    #expect(
      errorMessage { _ = try checkpoints.loadLast() }
        == "\(run.lastCheckpoint): resume-1.safetensors, which it needs, is missing; "
        + "start a new run with --weights \(run.lastCheckpoint)")
    #expect(unlinkFile(run.lastCheckpoint))
    #expect(
      errorMessage { _ = try checkpoints.loadLast() }
        == "\(run.path): not a run: checkpoints/last.safetensors (the run had not saved yet) is missing")
  }

  @Test("a checkpoint of another seed or other data is refused")
  func other() throws {
    let toy = try ToyRun()
    let (_, checkpoints) = try saved(toy)
    let state = try checkpoints.loadLast()
    #expect(errorMessage { try toy.trainer(seed: 4).restore(state) }?.contains("another seed than 4") == true)
    let message = errorMessage { try toy.trainer(pool: toy.pool.first(5)).restore(state) }
    #expect(message?.contains("the saved position in the data is of 8 labeled images") == true)
  }
}

private func unlinkFile(_ path: String) -> Bool { (try? FileManager.default.removeItem(atPath: path)) != nil }
private func removeFolder(_ path: String) -> Bool { (try? FileManager.default.removeItem(atPath: path)) != nil }
