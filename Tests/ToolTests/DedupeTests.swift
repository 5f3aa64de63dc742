import Annotations
import Documents
import Foundation
import TestSupport
import Testing

@Suite("annotation-tool dedupe")
struct DedupeTests {
  private let tool = Program(named: "annotation-tool")

  /// Images a.png and b.png with the same bytes, c.png with others; an object twice in a.png, once in b.png.
  private func scene() throws -> (folder: ScratchFolder, labels: String) {
    let folder = try ScratchFolder()
    for (index, name) in ["a", "b", "c"].enumerated() {
      try FileManager.default.copyItem(
        atPath: TinySet.images + "/00000\(index < 2 ? 1 : 2).jpg", toPath: folder.file("images/\(name).jpg"))
    }
    let object = { (id: Int, image: Int) in
      #"{"id":\#(id),"image_id":\#(image),"category_id":1,"bbox":[1,2,3,4],"iscrowd":0}"#
    }
    let images = ["a", "b", "c"].enumerated().map {
      #"{"id":\#($0 + 1),"file_name":"\#($1).jpg","height":96,"width":128}"#
    }
    let labels = try folder.write(
      """
      {"images":[\(images.joined(separator: ","))],"categories":[{"id":1,"name":"cat"}],
      "annotations":[\(object(1, 1)),\(object(2, 1)),\(object(3, 2)),\(object(4, 3))]}
      """, to: "labels.json")
    return (folder, labels)
  }

  @Test("duplicates are listed, and nothing is written without --output")
  func listed() throws {
    let (folder, labels) = try scene()
    let outcome = try tool.run(["dedupe", labels])
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.standardOutput == """
        images that are there again: 1
          b.jpg as a.jpg
        objects that are there again: 2
          object 2 as 1
          object 3 as 1

        """)
    #expect(try Folder.names(in: folder.path) == ["images", "labels.json"])
    let objects = try tool.run(["dedupe", labels, "--objects-only", "--json"])
    let report = try JSON(parsing: objects.standardOutput, file: "report")
    #expect(report["duplicateImages"] == [] && report["duplicateObjects"] == [[1, 2]])
  }

  @Test("the labels written have each image and object once")
  func written() throws {
    let (folder, labels) = try scene()
    let out = folder.path + "/out.json"
    #expect(try tool.run(["dedupe", labels, "--output", out, "--dry-run"]).exitCode == 0)
    #expect(!Folder.hasAnything(at: out))
    #expect(try tool.run(["dedupe", labels, "--output", out]).exitCode == 0)
    let set = try AnnotationSource.inspect(out).set
    #expect(set.images.map(\.fileName) == ["a.jpg", "c.jpg"] && set.objects.map(\.id) == [1, 4])
    let again = try tool.run(["dedupe", out, "--json"])
    let report = try JSON(parsing: again.standardOutput, file: "report")
    #expect(report["duplicateImages"] == [] && report["duplicateObjects"] == [])
  }

  @Test("images that are not at hand are an error that names the way out")
  func missing() throws {
    let (folder, labels) = try scene()
    try FileManager.default.removeItem(atPath: folder.path + "/images/b.jpg")
    let outcome = try tool.run(["dedupe", labels, "--images", folder.path + "/images"])
    #expect(outcome.exitCode == 1 && outcome.standardError.contains("1 of 3 image files are not at hand"))
    #expect(outcome.standardError.contains("--objects-only looks at none"))
  }

  @Test("keys of an image that goes are told, in text and JSON")
  func keys() throws {
    let (folder, labels) = try scene()
    let text = try String(contentsOfFile: labels, encoding: .utf8)
    try text.replacingOccurrences(of: #""file_name":"b.jpg""#, with: #""file_name":"b.jpg","extra":1,"license":2"#)
      .write(toFile: labels, atomically: true, encoding: .utf8)
    let arguments = ["dedupe", labels, "--output", folder.path + "/out.json"]
    let outcome = try tool.run(arguments)
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardOutput.contains("images whose other keys go with them: 1\n  b.jpg: extra, license\n"))
    let report = try JSON(parsing: tool.run(arguments + ["--force", "--json"]).standardOutput, file: "report")
    #expect(report["lostKeys"] == [["name": "b.jpg", "keys": ["extra", "license"]]])
  }
}
