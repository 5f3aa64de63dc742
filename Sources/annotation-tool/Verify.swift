import Annotations
import ArgumentParser
import Documents

/// `annotation-tool verify`.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the SHA-256 of all files of a data set, or check files against it.",
    discussion: """
      `verify SRC --write FILE` takes the labels and every image; of a folder all files in it. `verify FILE` says what is \
      missing, changed or new since, with exit code 1 where anything is. Paths are relative to the folder of FILE, or to \
      --root, and never lead out of it, so that a data set can be moved with its manifest.
      """)

  @Argument(help: ArgumentHelp("Source of labels with --write; else a manifest.", valueName: "src"))
  var source: String

  @Option(help: ArgumentHelp("Write the manifest.", valueName: "FILE"))
  var write: String?

  @Option(help: ArgumentHelp("Folder that paths are relative to; that of the manifest otherwise.", valueName: "DIR"))
  var root: String?

  @Option(
    name: [.customLong("images"), .customLong("images-root")],
    help: "With --write: folder that image names are relative to; found near SRC otherwise.")
  var images: String?

  @Flag(help: "Write over what exists.")
  var force = false

  @Flag(help: "With --write: read everything; write nothing.")
  var dryRun = false

  @Flag(help: "Report as JSON on standard output.")
  var json = false

  mutating func validate() throws {
    if write == nil, images != nil || force {
      throw ValidationError("--images and --force want --write")
    }
  }

  mutating func run() throws {
    if let write { try make(write) } else { try check() }
  }

  private func make(_ file: String) throws {
    let place = OutputPlace(path: file, sources: [source], force: force, isDry: dryRun)
    try place.requireFree()
    let root = root ?? Path.folder(of: file)
    if !dryRun { try Folder.create(Path.folder(of: file)) }
    let (paths, folder) = try imageFiles()
    let refusals = try place.refusals(ReadFiles(others: paths + (try listedFiles(but: file))))
    let manifest = try hashing(paths.count) { report in
      try ContentManifest(
        source: source, images: paths, imageFolder: folder, root: root, manifest: file, report: report)
    }
    if !dryRun { try manifest.write(to: file) }
    let bytes = manifest.entries.reduce(0) { $0 + $1.size }
    if json {
      let report: JSON = [
        "source": JSON(source), "manifest": JSON(file), "root": JSON(root), "files": JSON(manifest.entries.count),
        "bytes": JSON(bytes), "folders": .array(manifest.folders.map { JSON($0) }),
        "refusals": .array(refusals.map { JSON($0) }), "written": .bool(!dryRun),
      ]
      Output.result(report.serialized(pretty: true))
    } else {
      Output.result("\(file): \(dryRun ? "would hold " : "")\(manifest.entries.count) files, \(bytes) bytes")
      Output.refusals(refusals)
    }
  }

  /// The files of a folder that is taken as a whole, but for a manifest that is written anew.
  private func listedFiles(but file: String) throws -> [String] {
    guard Folder.exists(source), Folder.hasFile(file), (try? ContentManifest(contentsOf: file)) == nil else {
      return []
    }
    return try Folder.filesBelow(source).map { Path.join(source, $0) }
  }

  /// The images that the labels name, where SRC is a file, and their folder.
  private func imageFiles() throws -> (paths: [String], folder: String?) {
    if Folder.exists(source) { return ([], images) }
    let reading = try LabelSource(path: source, images: images).read()
    if let missing = reading.imagesNotAtHand {
      throw ToolFailure(
        description: "\(source): \(missing.count) of \(reading.set.images.count) image files are not at hand in "
          + "\(reading.imageFolder), such as \(missing.example); --images names the folder")
    }
    return (reading.set.images.map { Path.join(reading.imageFolder, $0.fileName) }, reading.imageFolder)
  }

  private func check() throws {
    if Folder.exists(source) {
      throw ToolFailure(
        description: "\(source): is a folder; wanted is a manifest to check, or --write FILE to make one")
    }
    let manifest = try ContentManifest(contentsOf: source)
    let root = root ?? Path.folder(of: source)
    let found = try hashing(manifest.entries.count) { report in
      try manifest.differences(root: root, manifest: source, report: report)
    }
    if json {
      let lists = ContentManifest.Difference.allCases.map { kind in
        (kind.rawValue, JSON.array(found.filter { $0.difference == kind }.map { JSON($0.path) }))
      }
      let head: [(String, JSON)] = [
        ("manifest", JSON(source)), ("root", JSON(root)), ("files", JSON(manifest.entries.count)),
        ("same", .bool(found.isEmpty)),
      ]
      Output.result(JSON.object(JSONObject(head + lists)).serialized(pretty: true))
    } else {
      for (path, difference) in found { Output.result("\(difference.rawValue): \(path)") }
      if found.isEmpty { Output.result("\(source): all \(manifest.entries.count) files are as they were") }
    }
    guard found.isEmpty else {
      let counts = ContentManifest.Difference.allCases.compactMap { kind -> String? in
        let count = found.count { $0.difference == kind }
        return count > 0 ? "\(count) \(kind.rawValue)" : nil
      }
      throw ToolFailure(description: "\(source): \(counts.joined(separator: ", "))")
    }
  }
}
