import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("annotation-tool draw")
struct DrawTests {
  private let tool = Program(named: "annotation-tool")
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("images whose names would become one are drawn in files of their own")
  func names() throws {
    let names = ["a/b.jpg", "a_b.jpg", "a/b.png", "c.jpg"]
    for name in names {
      try ImageFile.write(Image(height: 8, width: 8, color: .white), to: folder.file("images/" + name))
    }
    let images = names.enumerated().map { #"{"id":\#($0 + 1),"file_name":"\#($1)","height":8,"width":8}"# }
    let labels = try folder.write(
      #"{"images":[\#(images.joined(separator: ","))],"categories":[],"annotations":[]}"#, to: "coco.json")
    let outcome = try tool.run(["draw", labels, "--output", folder.path + "/out"])
    #expect(outcome.exitCode == 0 && outcome.standardOutput == "\(folder.path)/out: 4 images\n", "\(outcome)")
    #expect(try Folder.names(in: folder.path + "/out") == ["a_b-2.jpg", "a_b-3.jpg", "a_b.jpg", "c.jpg"])
  }

  @Test(
    "a sheet leaves out a broken picture and says so, of boxes, of label maps and of views",
    arguments: [
      ["annotations.json"], [""], ["annotations.json", "--views", "detection"], ["", "--views", "segmentation"],
    ])
  func broken(arguments: [String]) throws {
    let set = folder.path + "/set"
    let made = try tool.run(["synthesize", "--count", "4", "--size", "48x64", "--output", set])
    #expect(made.exitCode == 0)
    _ = try folder.write("no picture", to: "set/images/000002.jpg")
    let source = arguments[0].isEmpty ? set : set + "/" + arguments[0]
    let sheet = folder.path + "/sheet.png"
    let command = ["draw", source, "--output", sheet, "--json"] + arguments.dropFirst()
    let outcome = try tool.run(command)
    #expect(outcome.exitCode == 0 && outcome.standardError.contains("left out: "), "\(outcome)")
    let report = try JSON(parsing: outcome.standardOutput, file: "report")
    #expect(report["leftOut"] == ["000002.jpg"] && report["images"]?.array?.count == 3)
    #expect(Folder.hasFile(sheet))
    for number in [1, 3, 4] { _ = try folder.write("no picture", to: "set/images/00000\(number).jpg") }
    let none = try tool.run(command + ["--force"])
    #expect(
      none.exitCode == 1 && none.standardError.hasSuffix("error: \(source): no picture could be drawn\n"), "\(none)")
  }
}
