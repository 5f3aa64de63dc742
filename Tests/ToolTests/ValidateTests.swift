import Documents
import Foundation
import TestSupport
import Testing

@Suite("annotation-tool validate")
struct ValidateTests {
  private let tool = Program(named: "annotation-tool")
  private let folder: ScratchFolder
  private let names = (1...8).map { "00000\($0).jpg" }

  init() throws { folder = try ScratchFolder() }

  /// The tiny set's labels with some of its images beside them.
  private func labels(_ images: [String], in place: String = "images") throws -> String {
    for name in images {
      try FileManager.default.copyItem(atPath: "\(TinySet.images)/\(name)", toPath: folder.file("\(place)/\(name)"))
    }
    return try folder.write(String(contentsOfFile: TinySet.labels, encoding: .utf8), to: "labels.json")
  }

  @Test("where the first image is missing the others are looked at, and the missing ones named")
  func firstMissing() throws {
    let labels = try labels(Array(names.dropFirst()))
    let outcome = try tool.run(["validate", labels])
    #expect(outcome.exitCode == 1)
    #expect(outcome.standardOutput.contains("image files: headers read in \(folder.path)/images\n"))
    #expect(
      outcome.standardOutput.contains(
        "error missing-image ×1\n  \(folder.path)/images/000001.jpg: there is no such image\n"))
  }

  @Test("without any image they are not looked at, but with --strict each is missing; --labels-only leaves them alone")
  func noneThere() throws {
    let labels = try labels([])
    let plain = try tool.run(["validate", labels])
    #expect(plain.exitCode == 0 && plain.standardOutput.contains("image files: not looked at (none found at"))
    let strict = try tool.run(["validate", labels, "--strict"])
    #expect(strict.exitCode == 1 && strict.standardOutput.contains("error missing-image ×8"))
    let alone = try tool.run(["validate", labels, "--strict", "--labels-only"])
    #expect(alone.exitCode == 0 && alone.standardOutput.contains("image files: not looked at\nno problems found"))
    #expect(try tool.run(["validate", labels, "--labels-only", "--decode"]).exitCode == 64)
  }

  @Test("in a VOC folder images are missing wherever JPEGImages is there")
  func voc() throws {
    let voc = folder.path + "/voc"
    try Folder.create(voc)
    let source = Path.join(TinySet.folder, "voc")
    try FileManager.default.copyItem(atPath: source + "/Annotations", toPath: voc + "/Annotations")
    #expect(try tool.run(["validate", voc]).exitCode == 0)
    try Folder.create(voc + "/JPEGImages")
    let outcome = try tool.run(["validate", voc])
    #expect(outcome.exitCode == 1 && outcome.standardOutput.contains("error missing-image ×8"))
  }

  @Test("--strict passes COCO's own numbering of classes")
  func strict() throws {
    let labels = try folder.write(
      #"""
      {"images":[],"categories":[{"id":11,"name":"fire hydrant"},{"id":13,"name":"stop sign"}],"annotations":[]}
      """#, to: "labels.json")
    let outcome = try tool.run(["validate", labels, "--strict"])
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.standardOutput.contains(
        "note class-id-gap ×1\n  of the class ids up to 13 these are missing: 1–10, 12\n"))
    #expect(outcome.standardOutput.contains("note class-without-objects ×2"))
  }

  @Test("every code of a problem that reports can have is in annotations/README.md")
  func documented() throws {
    let source = Path.folder(of: Path.folder(of: TinySet.folder))
    let text = try String(contentsOfFile: source + "/annotations/README.md", encoding: .utf8)
    let codes = try String(
      contentsOfFile: source + "/Sources/Annotations/Checks/AnnotationProblems.swift", encoding: .utf8
    ).split(separator: "\n").compactMap { $0.firstMatch(of: /case \w+ = "([a-z-]+)"/).map { String($0.1) } }
    #expect(codes.count > 30)
    for code in codes { #expect(text.contains("`\(code)`"), "\(code) is not documented") }
  }
}
