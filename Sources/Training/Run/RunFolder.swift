import Documents
import Samples

/// The folder that holds all of one training run; the names in it are public.
public struct RunFolder: Sendable, Equatable {
  /// Where the folder lies.
  public let path: String

  /// The resolved settings.
  public var settingsFile: String { Path.join(path, "settings.yaml") }
  /// The command lines that started and resumed the run, one a line.
  public var commandFile: String { Path.join(path, "command.txt") }
  /// Engine, compiler, machine and source revision of each start.
  public var versionsFile: String { Path.join(path, "versions.json") }
  /// The metrics, a row a report.
  public var metricsTable: String { Path.join(path, "metrics.csv") }
  /// The metrics, a JSON object a line.
  public var metricsLines: String { Path.join(path, "metrics.jsonl") }
  /// What was printed.
  public var logFile: String { Path.join(path, "log.txt") }
  /// Images that could not be used, with the reason.
  public var skippedFile: String { Path.join(path, "skipped.json") }
  /// The result, written at the end.
  public var summaryFile: String { Path.join(path, "summary.json") }
  /// The report of the run as one web page.
  public var reportFile: String { Path.join(path, "report.html") }
  /// Where the time of the steps went, where that was asked for.
  public var profileFile: String { Path.join(path, "profile.json") }
  /// What a teacher passed on, counted, where there is one.
  public var pseudoBoxFile: String { Path.join(path, "pseudo-boxes.json") }
  /// What was learnt of the pixels of unlabelled images, counted.
  public var pseudoPixelFile: String { Path.join(path, "pseudo-pixels.json") }
  /// How much of it is right by hidden labels, where that was asked for.
  public var auditFile: String { Path.join(path, "audit.json") }
  /// What thresholds would let through of what the teacher finds in labelled images that it has not learnt from.
  public var thresholdFile: String { Path.join(path, "thresholds.json") }
  /// Contact sheets and other pictures made on the way.
  public var pictures: String { Path.join(path, "pictures") }
  /// Kinds of contact sheets of what is learnt of unlabelled images, by the beginning of their files' names.
  public enum Sheet: String, CaseIterable, Sendable {
    case pseudoBoxes = "pseudo-boxes"
    case pseudoMasks = "pseudo-masks"
  }
  /// The contact sheet of what was learnt of unlabelled images in a step.
  public func sheet(_ kind: Sheet, ofStep step: Int) -> String {
    Path.join(pictures, kind.rawValue + "-" + Path.digits(step, atLeast: 6) + ".jpg")
  }
  /// The contact sheets that are there, by their steps.
  public func sheets() throws(RunError) -> [String] {
    guard Folder.exists(pictures) else { return [] }
    let names = try asRunError { () throws(DocumentError) in try Folder.names(in: pictures) }
    return names.filter { name in
      name.hasSuffix(".jpg") && Sheet.allCases.contains { name.hasPrefix($0.rawValue + "-") }
    }.sorted().map { Path.join(pictures, $0) }
  }
  /// The folder of the weights.
  public var checkpoints: String { Path.join(path, "checkpoints") }
  /// The newest weights of the model that is judged first; beside it lies what resuming needs.
  public var lastCheckpoint: String { Path.join(checkpoints, "last.safetensors") }
  /// The weights of that model to be used: the best, else the newest; nil where there are none.
  public var usedCheckpoint: String? { [bestCheckpoint, lastCheckpoint].first(where: Folder.hasFile) }
  /// The weights of that model with the best figure on the validation images.
  public var bestCheckpoint: String { Path.join(checkpoints, "best.safetensors") }
  /// The weights of another model with its own best figure there.
  public func bestCheckpoint(ofOther predictor: String) -> String {
    Path.join(checkpoints, "best-\(predictor).safetensors")
  }

  /// The weights of the judged model at one of several points of the run, counted from 1.
  public func snapshot(_ number: Int) -> String {
    Path.join(checkpoints, "snapshot-\(number).safetensors")
  }

  /// A folder that may hold a run or not.
  public init(path: String) { self.path = path }

  /// Makes the folder of a new run; refuses one that holds anything.
  public static func create(_ path: String) throws(RunError) -> RunFolder {
    let run = RunFolder(path: path)
    if Folder.hasFile(path) {
      throw .document(.content(file: path, reason: "the output folder's name is taken by a file"))
    }
    try asRunError { () throws(DocumentError) in
      try Folder.create(path)
    }
    let names = try asRunError { () throws(DocumentError) in try Folder.names(in: path) }
    // A start that failed before its first file leaves an empty folder of checkpoints behind.
    let inside =
      names == ["checkpoints"]
      ? try asRunError { () throws(DocumentError) in try Folder.names(in: run.checkpoints) } : names
    guard inside.isEmpty else {
      let isRun = names.contains("settings.yaml")
      throw .folderInUse(path, hint: isRun ? "continue it with --resume, or choose another" : "choose another")
    }
    try asRunError { () throws(DocumentError) in try Folder.create(run.checkpoints) }
    return run
  }

  /// The first free name of the form `<parent>/<stem>-0001`.
  public static func nextName(below parent: String, stem: String) -> String {
    for number in 1... {
      let path = Path.join(parent, "\(stem)-\(Path.digits(number, atLeast: 4))")
      if !Folder.exists(path), !Folder.hasFile(path) { return path }
    }
    preconditionFailure("no free name below \(parent)")
  }

  /// The folder of a run that is to be continued or looked at.
  public static func open(_ path: String) throws(RunError) -> RunFolder {
    let run = RunFolder(path: path)
    guard Folder.exists(path) else { throw .notARun(path, missing: "the folder") }
    guard Folder.hasFile(run.settingsFile) else { throw .notARun(path, missing: "settings.yaml") }
    return run
  }

  /// Writes what must be known before the first step: settings, command line, versions.
  public func begin(settings: String, command: [String], versions: RunVersions) throws(RunError) {
    try asRunError { () throws(DocumentError) in
      try AtomicFile.write(settings, to: settingsFile)
      try AtomicFile.write(Self.line(command), to: commandFile)
      try AtomicFile.write(JSON.array([versions.json]).serialized(pretty: true) + "\n", to: versionsFile)
    }
  }

  /// Adds the command line and the versions of a resumed run to those of its start.
  public func resume(command: [String], versions: RunVersions) throws(RunError) {
    try asRunError { () throws(DocumentError) in
      var starts: [JSON] = []
      if Folder.hasFile(versionsFile) {
        starts = try JSON(parsing: text(of: versionsFile), file: versionsFile).array ?? []
      }
      starts.append(versions.json)
      try AtomicFile.write(JSON.array(starts).serialized(pretty: true) + "\n", to: versionsFile)
      let before = Folder.hasFile(commandFile) ? try text(of: commandFile) : ""
      try AtomicFile.write(before + Self.line(command), to: commandFile)
    }
  }

  /// Refuses to go on with files that are not found from here, but are from where the run began.
  ///
  /// - Parameter files: Paths of the settings, relative to that place or not.
  public func requireFound(_ files: [String]) throws(RunError) {
    guard Folder.hasFile(versionsFile) else { return }
    let starts = try asRunError { () throws(DocumentError) in
      try JSON(parsing: text(of: versionsFile), file: versionsFile)
    }
    guard let begun = starts.array?.first?["directory"]?.string else { return }
    for file in files where !file.isEmpty && Path.resolved(file) == nil {
      guard Path.resolved(Path.join(begun, file)) != nil else { continue }
      throw .data("\(file): not found from here; the run began in \(begun), and is to go on there")
    }
  }

  /// Writes the list of images that could not be used; in the given order.
  public func write(skipped: [SkippedImage]) throws(RunError) {
    try asRunError { () throws(DocumentError) in try SkippedImage.write(skipped, to: skippedFile) }
  }

  /// The images that were listed as unusable before; none where there is no list.
  public func skippedImages() throws(RunError) -> [SkippedImage] {
    guard Folder.hasFile(skippedFile) else { return [] }
    return try asRunError { () throws(DocumentError) in
      let entries = try JSON(parsing: text(of: skippedFile), file: skippedFile).array ?? []
      return entries.compactMap { entry in
        guard let path = entry["image"]?.string, let reason = entry["reason"]?.string else { return nil }
        return SkippedImage(path: path, reason: reason)
      }
    }
  }

  private func text(of path: String) throws(DocumentError) -> String {
    try MappedFile(path: path).withBytes { String(decoding: $0, as: UTF8.self) }
  }

  /// A command line as one line that a shell reads back to the same arguments.
  static func line(_ command: [String]) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@%+")
    let quoted = command.map { argument in
      if !argument.isEmpty, argument.allSatisfy({ plain.contains($0) }) { return argument }
      return "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
    return quoted.joined(separator: " ") + "\n"
  }
}
