import Documents
import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite("RunSummary")
struct RunSummaryTests {
  private let summary = RunSummary(
    method: "soft-teacher", seed: .max, steps: 300, imagesSeen: 2400, seconds: 61.5,
    selectedBy: "validation.teacher.AP",
    step: 250,
    validation: [.init("student", ["AP": 0.25, "AP50": 0.5]), .init("teacher", ["AP": 0.5, "AP50": 0.75])],
    best: [.init("student", step: 200, ["AP": 0.3]), .init("teacher", step: 250, ["AP": 0.5])],
    test: ["AP": 0.375, "AP50": -1, "classes": ["cell": 0.4]],
    split: ["hash": "ab", "fold": 1])

  @Test("summary.json has the agreed shape and reads back")
  func shape() throws {
    let folder = try ScratchFolder()
    try summary.write(to: folder.path)
    #expect(try RunSummary(folder: folder.path) == summary)
    #expect(
      summary.json.serialized() == #"""
        {"method":"soft-teacher","seed":"18446744073709551615","steps":300,"imagesSeen":2400,"seconds":61.5,\#
        "selectedBy":"validation.teacher.AP","step":250,"split":{"hash":"ab","fold":1},"metrics":{"validation":{"student":{"AP":0.25,"AP50":0.5},\#
        "teacher":{"AP":0.5,"AP50":0.75}},"best":{"student":{"step":200,"validation":{"AP":0.3}},"teacher":{"step":250,"validation":{"AP":0.5}}},\#
        "test":{"AP":0.375,"AP50":-1,"classes":{"cell":0.4}}}}
        """#)
  }

  @Test("a summary without a key is refused with the key's name", arguments: ["method", "seed", "steps", "metrics"])
  func missing(_ key: String) throws {
    let members = try #require(summary.json.object).members.filter { $0.key != key }.map { ($0.key, $0.value) }
    let error = #expect(throws: DocumentError.self) {
      try RunSummary(.object(JSONObject(members)), file: "summary.json")
    }
    #expect(error?.description.contains(key) == true)
  }

  @Test("the comparison has a row for each model and for the test set")
  func comparison() throws {
    let folder = try ScratchFolder()
    let supervised = RunSummary(
      method: "supervised", seed: 1, steps: 300, imagesSeen: 1200, seconds: 30, selectedBy: "validation.AP", step: 300,
      validation: [.init("model", ["AP": 0.125])])
    let comparison = RunComparison([supervised, summary])
    try comparison.write(to: folder.path, figures: ["AP", "classes.cell"])
    #expect(
      comparison.table(figures: ["AP", "classes.cell"]).rows.map { $0[2...5].joined(separator: " ") } == [
        "validation model 0.125 –", "validation student 0.250 –", "validation teacher 0.500 –",
        "test teacher 0.375 0.400",
      ])
    let json = try String(contentsOfFile: folder.path + "/comparison.json", encoding: .utf8)
    #expect(try JSON(parsing: json, file: "comparison.json") == .array([supervised.json, summary.json]))
    let markdown = try String(contentsOfFile: folder.path + "/comparison.md", encoding: .utf8)
    #expect(markdown.split(separator: "\n").count == 2 + 4)
  }

  @Test("a run with stages has their images and time, too, and its comparison shows all of them")
  func stages() throws {
    var staged = summary
    staged.stages = [.init("stage-1", imagesSeen: 100, seconds: 20), .init("stage-4", imagesSeen: 200, seconds: 60)]
    #expect(staged.allImagesSeen == 2700 && staged.allSeconds == 141.5 && summary.allImagesSeen == 2400)
    let folder = try ScratchFolder()
    try staged.write(to: folder.path)
    #expect(try RunSummary(folder: folder.path) == staged)
    let row = try #require(RunComparison([staged]).table().rows.last)
    #expect(row.suffix(2) == ["2700", "2:22 min"])
  }
}
