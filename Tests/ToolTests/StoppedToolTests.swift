import Documents
import Foundation
import TestSupport
import Testing

/// A signal while something is written: exit code 130, a line, and nothing half written left.
@Suite struct StoppedToolTests {
  @Test("what is not finished is removed", arguments: [SIGINT, SIGTERM])
  func stopped(_ number: Int32) throws {
    let folder = try ScratchFolder()
    let program = try RunningProgram(
      Program(named: "annotation-tool"),
      ["synthesize", "--count", "100000", "--size", "64x64", "--output", folder.path + "/out/set"],
      errors: folder.path + "/errors")
    // The hidden folder has images before the signal comes.
    func staged() throws -> [String] {
      guard Folder.exists(folder.path + "/out") else { return [] }
      return try Folder.names(in: folder.path + "/out").filter { $0.hasPrefix(".") }
    }
    for _ in 0..<30_000 {
      if let name = try staged().first, Folder.hasFile("\(folder.path)/out/\(name)/images/000001.jpg") { break }
      usleep(2000)
    }
    #expect(try staged().count == 1)
    program.send(number)
    let outcome = try program.wait()
    #expect(outcome.exitCode == 130 && outcome.standardError.contains("error: stopped"), "\(outcome)")
    #expect(try Folder.names(in: folder.path + "/out").isEmpty)
  }

  @Test("a result that cannot be printed is an error", arguments: ["annotation-tool", "evaluate"])
  func fullOutput(name: String) throws {
    let folder = try ScratchFolder()
    let predictions = try folder.write(
      #"[{"image_id":1,"category_id":1,"bbox":[1,2,3,4],"score":1}]"#, to: "results.json")
    let arguments =
      name == "evaluate"
      ? ["boxes", "--truth", TinySet.labels, "--predictions", predictions] : ["stats", TinySet.labels]
    let outcome = try Program(path: "/bin/sh").run(
      ["-c", "exec \"$0\" \"$@\" > /dev/full", Program(named: name).path] + arguments)
    #expect(outcome.exitCode == 1)
    #expect(
      outcome.standardError == "error: standard output: cannot write: No space left on device\n",
      "\(outcome.standardError)")
  }
}
