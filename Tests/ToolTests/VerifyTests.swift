import Documents
import Foundation
import TestSupport
import Testing

@Suite("annotation-tool verify")
struct VerifyTests {
  private let tool = Program(named: "annotation-tool")

  private func copy() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try FileManager.default.copyItem(atPath: TinySet.images, toPath: folder.path + "/images")
    try FileManager.default.copyItem(atPath: TinySet.labels, toPath: folder.path + "/coco.json")
    return folder
  }

  @Test("a manifest of labels and images is written, moves with them, and finds what is missing, changed and new")
  func checked() throws {
    let folder = try copy()
    let labels = folder.path + "/coco.json"
    let file = folder.path + "/manifest.json"
    let dry = try tool.run(["verify", labels, "--write", file, "--dry-run"])
    #expect(dry.exitCode == 0 && !Folder.hasAnything(at: file))
    let written = try tool.run(["verify", labels, "--write", file])
    #expect(written.exitCode == 0 && written.standardOutput.hasPrefix("\(file): 9 files, "))
    #expect(
      try tool.run(["verify", labels, "--write", file]).standardError
        == "error: \(file): exists; --force writes over it\n")

    let moved = try ScratchFolder().path + "-moved"
    try FileManager.default.copyItem(atPath: folder.path, toPath: moved)
    defer { try? FileManager.default.removeItem(atPath: moved) }
    let copy = moved + "/manifest.json"
    let good = try tool.run(["verify", copy])
    #expect(good.exitCode == 0 && good.standardOutput == "\(copy): all 9 files are as they were\n")

    try FileManager.default.removeItem(atPath: moved + "/images/000003.jpg")
    try FileManager.default.copyItem(atPath: moved + "/images/000002.jpg", toPath: moved + "/images/new.jpg")
    try AtomicFile.write("{}", to: moved + "/coco.json")
    let bad = try tool.run(["verify", copy])
    #expect(bad.exitCode == 1)
    #expect(bad.standardOutput == "changed: coco.json\nmissing: images/000003.jpg\nnew: images/new.jpg\n")
    #expect(bad.standardError == "error: \(copy): 1 missing, 1 changed, 1 new\n")
    let json = try tool.run(["verify", copy, "--json"])
    let report = try JSON(parsing: json.standardOutput, file: "report")
    #expect(report["same"] == false && report["new"] == ["images/new.jpg"])
  }

  @Test("a data set outside the manifest's folder wants --root; a folder without --write is told what is wanted")
  func refused() throws {
    let folder = try copy()
    let other = try ScratchFolder()
    let labels = folder.path + "/coco.json"
    let file = other.path + "/m.json"
    let outside = try tool.run(["verify", labels, "--write", file])
    #expect(
      outside.exitCode == 1
        && outside.standardError
          == "error: \(labels): lies outside \(other.path); --root names a folder that holds all of the data set\n"
    )
    #expect(try tool.run(["verify", labels, "--write", file, "--root", folder.path]).exitCode == 0)
    #expect(try tool.run(["verify", file, "--root", folder.path]).exitCode == 0)
    let bare = try tool.run(["verify", folder.path])
    #expect(bare.exitCode == 1 && bare.standardError.contains("wanted is a manifest to check, or --write FILE"))
    #expect(try tool.run(["verify", file, "--force"]).exitCode == 64)
  }
}
