import Documents
import Foundation
import TestSupport
import Testing

@testable import Reporting

@Suite("RunLog")
struct RunLogTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("a step has one row; what has no column is in the JSON lines")
  func rows() throws {
    let log = try RunLog(folder: folder.path, columns: ["loss", "AP"], console: nil)
    log.record(step: 10, values: [("loss", 1.5), ("rate", 0.01)])
    log.record(step: 20, values: [("loss", 0.25)])
    log.record(step: 20, values: [("AP", 0.5)])
    log.record(step: 30, values: [("loss", .nan), ("other", 1)])
    log.record(step: 40, values: [("other", 2)])
    try log.close()
    #expect(try text("metrics.csv") == "step,loss,AP\n10,1.5,\n20,0.25,0.5\n30,nan,\n")
    #expect(
      try text("metrics.jsonl") == """
        {"step":10,"loss":1.5,"rate":0.01}
        {"step":20,"loss":0.25}
        {"step":20,"AP":0.5}
        {"step":30,"loss":null,"other":1}
        {"step":40,"other":2}

        """)
  }

  @Test("a resumed run repeats no step", arguments: [0, 10, 20, 25, 30, 90])
  func resume(_ step: Int) throws {
    func record(_ log: RunLog, from first: Int) {
      for step in stride(from: 10, through: 40, by: 10) where step > first {
        log.record(step: step, values: [("loss", Double(step) / 7)])
        if step % 20 == 0 { log.record(step: step, values: [("AP", Double(step) / 100)]) }
      }
    }
    let first = try RunLog(folder: folder.path, columns: ["loss", "AP"], console: nil)
    record(first, from: 0)
    try first.close()
    let whole = try (text("metrics.csv"), text("metrics.jsonl"))
    let second = try RunLog(folder: folder.path, columns: ["loss", "AP"], resumedAt: step, console: nil)
    if step < 40 { #expect(try text("metrics.csv").split(separator: "\n").count == 1 + step / 10) }
    record(second, from: step)
    try second.close()
    #expect(try text("metrics.csv") == whole.0)
    #expect(try text("metrics.jsonl") == whole.1)
    #expect(try text("log.txt").contains("resumed at step \(step)"))
  }

  @Test("values of the step that was resumed at go into its row")
  func resumedRow() throws {
    let first = try RunLog(folder: folder.path, columns: ["loss", "AP"], console: nil)
    first.record(step: 10, values: [("loss", 1)])
    let second = try RunLog(folder: folder.path, columns: ["loss", "AP"], resumedAt: 10, console: nil)
    second.record(step: 10, values: [("AP", 0.5)])
    #expect(try text("metrics.csv") == "step,loss,AP\n10,1.0,0.5\n")
  }

  @Test("lines that a crash has torn are cut off")
  func torn() throws {
    _ = try folder.write("step,loss\n10,1.5\n20,0.2", to: "metrics.csv")
    _ = try folder.write("{\"step\":10,\"loss\":1.5}\n{\"step\":2", to: "metrics.jsonl")
    _ = try folder.write("2026-01-01 00:00:00 half a li", to: "log.txt")
    let log = try RunLog(folder: folder.path, columns: ["loss"], resumedAt: 20, console: nil)
    log.record(step: 30, values: [("loss", 0.125)])
    try log.close()
    #expect(try text("metrics.csv") == "step,loss\n10,1.5\n30,0.125\n")
    #expect(try text("metrics.jsonl") == "{\"step\":10,\"loss\":1.5}\n{\"step\":30,\"loss\":0.125}\n")
    #expect(try text("log.txt").split(separator: "\n").count == 2)
  }

  @Test("a resumed file keeps its columns, names with commas and quotes too")
  func columns() throws {
    let first = try RunLog(folder: folder.path, columns: ["AP of \"a, b\"", "loss"], console: nil)
    first.record(step: 1, values: [("AP of \"a, b\"", 1)])
    let second = try RunLog(folder: folder.path, columns: ["loss", "new"], resumedAt: 1, console: nil)
    second.record(step: 2, values: [("new", 3), ("loss", 2), ("AP of \"a, b\"", 4)])
    #expect(try text("metrics.csv") == "step,\"AP of \"\"a, b\"\"\",loss\n1,1.0,\n2,4.0,2.0\n")
  }

  @Test("a new run does not write over the log of another")
  func exists() throws {
    _ = try RunLog(folder: folder.path, columns: ["loss"], console: nil)
    #expect(throws: DocumentError.self) { try RunLog(folder: folder.path, columns: ["loss"], console: nil) }
  }

  @Test("a message of two lines gets the time on both")
  func message() throws {
    let log = try RunLog(folder: folder.path, columns: [], console: nil)
    log.message("one\ntwo")
    let lines = try text("log.txt").split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.wholeMatch(of: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (one|two)/) != nil })
  }

  @Test("the history reads back what was recorded, with gaps for NaN")
  func history() throws {
    let log = try RunLog(folder: folder.path, columns: [], console: nil)
    log.record(step: 1, values: [("loss", 0.5), ("AP", 0.1)])
    log.record(step: 2, values: [("loss", .nan)])
    let history = try MetricHistory(folder: folder.path)
    #expect(history.names == ["loss", "AP"])
    #expect(history.points("loss").map(\.x) == [1, 2])
    #expect(history.points("loss")[0].y == 0.5 && history.points("loss")[1].y.isNaN)
    #expect(history.points("nothing").isEmpty)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
  }
}
