import Documents
import Foundation
import TestSupport
import Testing

@testable import Annotations

@Suite struct ContentManifestTests {
  private func dataSet() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    _ = try folder.write("{}", to: "labels.json")
    for name in ["a", "b"] { _ = try folder.write(name, to: "images/\(name).png") }
    _ = try folder.write("other", to: "images/.hidden")
    return folder
  }

  private func manifest(of folder: ScratchFolder) throws -> ContentManifest {
    let images = folder.path + "/images"
    return try ContentManifest(
      source: folder.path + "/labels.json", images: [images + "/a.png", images + "/b.png"], imageFolder: images,
      root: folder.path, manifest: folder.path + "/manifest.json")
  }

  @Test("a manifest has the labels and every image, sorted, and reads back")
  func written() throws {
    let folder = try dataSet()
    let manifest = try manifest(of: folder)
    #expect(manifest.entries.map(\.path) == ["images/a.png", "images/b.png", "labels.json"])
    #expect(manifest.folders == ["images"])
    // printf a | sha256sum
    #expect(
      manifest.entries[0].digest == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
        && manifest.entries[0].size == 1)
    let file = folder.path + "/manifest.json"
    try manifest.write(to: file)
    #expect(try ContentManifest(contentsOf: file) == manifest)
    #expect(try manifest.differences(root: folder.path, manifest: file).isEmpty)
  }

  @Test("missing, changed and new files are found, each once")
  func differences() throws {
    let folder = try dataSet()
    let manifest = try manifest(of: folder)
    _ = try folder.write("A", to: "images/a.png")
    try FileManager.default.removeItem(atPath: folder.path + "/images/b.png")
    _ = try folder.write("c", to: "images/more/c.png")
    _ = try folder.write("beside", to: "notes.txt")
    let found = try manifest.differences(root: folder.path, manifest: folder.path + "/manifest.json")
    #expect(found.map(\.path) == ["images/a.png", "images/b.png", "images/more/c.png"])
    #expect(found.map(\.difference) == [.changed, .missing, .new])
  }

  @Test("a whole folder is taken with all its files but the manifest")
  func wholeFolder() throws {
    let folder = try dataSet()
    let file = try folder.write("old", to: "manifest.json")
    let manifest = try ContentManifest(
      source: folder.path, images: [], imageFolder: nil, root: folder.path, manifest: file)
    #expect(manifest.folders == ["."])
    #expect(manifest.entries.map(\.path) == ["images/a.png", "images/b.png", "labels.json"])
  }

  @Test("names that differ in the composition of a character alone are two files")
  func composition() throws {
    let folder = try dataSet()
    let names = ["e\u{301}.png", "\u{E9}.png"]
    func bytes(_ paths: [String]) -> [[UInt8]] { paths.map { Array($0.utf8) } }
    for name in names { _ = try folder.write(name, to: "images/" + name) }
    let whole = try manifest(of: folder)
    let file = folder.path + "/manifest.json"
    try whole.write(to: file)
    let read = try ContentManifest(contentsOf: file)
    #expect(
      bytes(read.entries.map(\.path))
        == bytes(["a.png", "b.png"].map { "images/" + $0 } + names.map { "images/" + $0 } + ["labels.json"]))
    try FileManager.default.removeItem(atPath: folder.path + "/images/" + names[0])
    let part = try manifest(of: folder)
    #expect(part.entries.count == 4)
    _ = try folder.write(names[0], to: "images/" + names[0])
    let found = try part.differences(root: folder.path, manifest: file)
    #expect(bytes(found.map(\.path)) == bytes(["images/" + names[0]]) && found.map(\.difference) == [.new])
  }

  @Test("a folder beside the root whose name differs in composition alone lies outside")
  func siblings() throws {
    let folder = try ScratchFolder()
    _ = try folder.write("", to: "e\u{301}/l.json")
    let other = try folder.write("", to: "\u{E9}/l.json")
    let message = errorMessage {
      _ = try ContentManifest(
        source: other, images: [], imageFolder: nil, root: folder.path + "/e\u{301}",
        manifest: folder.path + "/m.json")
    }
    #expect(message?.contains("lies outside") == true)
  }

  @Test("nothing outside the root is read: neither by name nor by link")
  func outside() throws {
    let folder = try dataSet()
    let other = try ScratchFolder()
    let secret = try other.write("secret", to: "x.png")
    #expect(
      errorMessage {
        _ = try ContentManifest(
          source: secret, images: [], imageFolder: nil, root: folder.path, manifest: folder.path + "/m.json")
      } == "\(secret): lies outside \(folder.path); --root names a folder that holds all of the data set")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/images/x.png", withDestinationPath: secret)
    #expect(errorMessage { _ = try manifest(of: folder) }?.contains("images/x.png: lies outside") == true)
  }

  @Test(
    "a file that is no manifest, or leads out of its root, is refused",
    arguments: [
      ("{}", "is no manifest of contents, as `verify SRC --write FILE` writes them"),
      (
        #"{"kind":"SemiVision content manifest","version":1,"folders":[],"files":[{"path":"../x","bytes":1,"sha256":"D"}]}"#,
        "files[0]: \"../x\" leads out of the root"
      ),
      (
        #"{"kind":"SemiVision content manifest","version":1,"folders":["/etc"],"files":[]}"#,
        "folders[0]: is no folder below the root"
      ),
      (#"{"kind":"SemiVision content manifest","version":2,"folders":[],"files":[]}"#, "version: only 1 is known"),
      (
        #"{"kind":"SemiVision content manifest","version":1,"folders":[],"files":[{"path":"x"}]}"#,
        "files[0]: has no path, bytes and sha256"
      ),
    ])
  func refused(text: String, message: String) throws {
    let folder = try ScratchFolder()
    let digest = String(repeating: "0", count: 64)
    let file = try folder.write(text.replacing("\"D\"", with: "\"\(digest)\""), to: "m.json")
    #expect(errorMessage { _ = try ContentManifest(contentsOf: file) } == "\(file): \(message)")
  }
}
