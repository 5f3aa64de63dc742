import Documents
import TestSupport
import Testing

@testable import SemiSupervision

@Suite struct LookFileTests {
  private let folder: ScratchFolder
  private var path: String { folder.path + "/looks.json" }

  init() throws { folder = try ScratchFolder() }

  private func looks() throws -> [String] {
    try LookFile.looks(of: path).map { "\($0["step"]?.int ?? -1): \($0["count"]?.int ?? -1)" }
  }

  private func file(resumedAt step: Int?) throws -> LookFile {
    try LookFile(path, head: JSONObject([("of", "discs")]), resumedAt: step)
  }

  @Test("a resumed run goes on with the looks up to its checkpoint, and takes back one that a stop has left open")
  func resumed() throws {
    var file = try file(resumedAt: nil)
    try file.add(step: 10, JSONObject([("count", 1)]))
    try file.add(step: 20, JSONObject([("count", 2)]))
    try file.show(step: 25, JSONObject([("count", 3)]))
    #expect(try looks() == ["10: 1", "20: 2", "25: 3"])
    #expect(try JSON(contentsOf: path)["of"]?.string == "discs")

    var stopped = try self.file(resumedAt: 25)
    try stopped.add(step: 30, JSONObject([("count", 4)]))
    #expect(try looks() == ["10: 1", "20: 2", "30: 4"])
    var killed = try self.file(resumedAt: 12)
    try killed.add(step: 20, JSONObject([("count", 5)]))
    #expect(try looks() == ["10: 1", "20: 5"])
  }

  @Test("a new run does not go on with what is there; a damaged file is named")
  func damaged() throws {
    _ = try folder.write(#"{"looks": 3}"#, to: "looks.json")
    #expect(errorMessage { _ = try file(resumedAt: 5) }?.contains("\(path): looks") == true)
    var new = try file(resumedAt: nil)
    try new.add(step: 1, JSONObject([("count", 1)]))
    #expect(try looks() == ["1: 1"])
  }
}
