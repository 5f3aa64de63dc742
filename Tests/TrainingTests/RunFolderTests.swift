import Documents
import Samples
import TestSupport
import Testing

@testable import Training

@Suite struct RunFolderTests {
  @Test("a new run gets its folder; one that holds anything is refused, with what to do")
  func create() throws {
    let scratch = try ScratchFolder()
    let path = Path.join(scratch.path, "a/b")
    let run = try RunFolder.create(path)
    #expect(Folder.exists(run.checkpoints))
    // A start that failed before its first file is no run: the same command may be given again.
    #expect(try RunFolder.create(path) == run)
    try AtomicFile.write("x", to: Path.join(run.checkpoints, "x"))
    #expect(
      errorMessage { _ = try RunFolder.create(path) } == "\(path): the output folder is not empty; choose another")
    try run.begin(
      settings: "a: 1\n", command: ["detect-train"], versions: .init(engine: "e", threads: 1, device: "cpu"))
    #expect(
      errorMessage { _ = try RunFolder.create(path) }
        == "\(path): the output folder is not empty; continue it with --resume, or choose another")
    #expect(try RunFolder.open(path) == run)
    #expect(
      errorMessage { _ = try RunFolder.open(Path.join(scratch.path, "none")) }
        == "\(scratch.path)/none: not a run: the folder is missing")
    #expect(
      errorMessage { _ = try RunFolder.open(scratch.path) }
        == "\(scratch.path): not a run: settings.yaml is missing")
    let file = try scratch.write("x", to: "file")
    #expect(
      errorMessage { _ = try RunFolder.create(file) } == "\(file): the output folder's name is taken by a file")
  }

  @Test("each start leaves its command line, as a shell reads it, and its versions")
  func starts() throws {
    let scratch = try ScratchFolder()
    let run = try RunFolder.create(Path.join(scratch.path, "run"))
    let versions = RunVersions(engine: "1.13.1", threads: 2, device: "cpu", folder: scratch.path)
    try run.begin(settings: "a: 1\n", command: ["detect-train", "--output", "it's here", ""], versions: versions)
    var onCard = versions
    (onCard.device, onCard.card) = ("cuda:0", "NVIDIA H100 80GB HBM3")
    try run.resume(command: ["detect-train", "--resume", "run"], versions: onCard)
    func text(_ path: String) throws -> String {
      try MappedFile(path: path).withBytes { String(decoding: $0, as: UTF8.self) }
    }
    #expect(try text(run.commandFile) == "detect-train --output 'it'\\''s here' ''\ndetect-train --resume run\n")
    #expect(try text(run.settingsFile) == "a: 1\n")
    let starts = try JSON(parsing: text(run.versionsFile), file: run.versionsFile).array ?? []
    #expect(starts.count == 2)
    #expect(starts[1]["engine"]?.string == "1.13.1" && starts[1]["revision"]?.string == "unknown")
    #expect(starts[0]["card"] == .null && starts[1]["card"]?.string == "NVIDIA H100 80GB HBM3")
    #expect(starts[0]["processors"]?.int ?? 0 >= 1 && starts[0]["memoryMiB"]?.int ?? 0 > 100)
  }

  @Test("what is found from where the run began alone is said with that place; the rest is left to its readers")
  func otherPlace() throws {
    let scratch = try ScratchFolder()
    let run = try RunFolder.create(Path.join(scratch.path, "run"))
    _ = try scratch.write("x", to: "data/labels.json")
    var versions = RunVersions(engine: "1.13.1", threads: 2, device: "cpu", folder: scratch.path)
    #expect(versions.directory == Path.resolved("."))
    versions.directory = scratch.path
    try run.begin(settings: "a: 1\n", command: ["detect-train"], versions: versions)
    #expect(
      errorMessage { try run.requireFound(["", "data/labels.json"]) }
        == "data/labels.json: not found from here; the run began in \(scratch.path), and is to go on there")
    try run.requireFound(["", "nowhere.json", try scratch.file("data/labels.json")])
  }

  @Test("the revision is read from the repository above, from a branch, packed references or a bare commit")
  func revision() throws {
    let scratch = try ScratchFolder()
    let inside = Path.folder(of: try scratch.file("deep/er/file"))
    #expect(RunVersions.revision(above: inside) == nil)
    let commit = String(repeating: "ab12", count: 10)
    _ = try scratch.write("ref: refs/heads/main\n", to: ".git/HEAD")
    _ = try scratch.write("# pack\n\(commit) refs/heads/main\n", to: ".git/packed-refs")
    #expect(RunVersions.revision(above: inside) == commit)
    let other = String(repeating: "cd34", count: 10)
    _ = try scratch.write(other + "\n", to: ".git/refs/heads/main")
    #expect(RunVersions.revision(above: inside) == other)
    _ = try scratch.write(commit + "\n", to: ".git/HEAD")
    #expect(RunVersions.revision(above: inside) == commit)
  }

  @Test("images that could not be used are listed with their reasons")
  func skipped() throws {
    let scratch = try ScratchFolder()
    let run = try RunFolder.create(Path.join(scratch.path, "run"))
    try run.write(skipped: [SkippedImage(path: "a\"b.jpg", reason: "is truncated")])
    let list = try MappedFile(path: run.skippedFile).withBytes { try JSON(parsing: $0, file: "s") }
    #expect(list == [["image": "a\"b.jpg", "reason": "is truncated"]])
  }

  @Test("a recipe's times in images become steps of this run, scaled with its length")
  func length() {
    let length = RunLength(steps: 500, recipeSteps: 1000, imagesPerStep: 4)
    #expect(length.timeScale == 0.5)
    #expect(length.images(800) == 400)
    #expect(length.steps(ofImages: 800) == 100)
    // Twice as many images a step, in as many steps: all happens at the same steps.
    let wide = RunLength(steps: 1000, recipeSteps: 1000, imagesPerStep: 8, recipeImagesPerStep: 4)
    #expect(wide.timeScale == 2 && wide.images(800) == 1600 && wide.steps(ofImages: 800) == 200)
    var settings = OptimizerSettings()
    settings.warmupImages = 800
    settings.decay = .step
    settings.milestones = [0.5, 0.75]
    let schedule = settings.schedule(for: length)
    #expect(schedule.warmupSteps == 100)
    let factors: [Double] = [249, 250, 375].map { schedule.factor(at: $0) }
    let wanted: [Double] = [1, 0.1, 0.01]
    #expect(zip(factors, wanted).allSatisfy { abs($0 - $1) < 1e-12 })
  }
}
