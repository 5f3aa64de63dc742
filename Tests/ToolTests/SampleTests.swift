import Annotations
import Documents
import TestSupport
import Testing

@Suite("annotation-tool sample")
struct SampleTests {
  private let tool = Program(named: "annotation-tool")

  @Test("the same seed gives the same bytes, and the images of split's first fold")
  func deterministic() throws {
    let folder = try ScratchFolder()
    for name in ["a.json", "b.json"] {
      let outcome = try tool.run([
        "sample", TinySet.labels, "--count", "4", "--seed", "3", "--output", folder.path + "/" + name,
      ])
      #expect(outcome.exitCode == 0 && outcome.standardOutput.hasPrefix("drawn: 4 of 8 images, "))
    }
    #expect(try SHA256.hexDigest(ofFile: folder.path + "/a.json") == SHA256.hexDigest(ofFile: folder.path + "/b.json"))
    let split = folder.path + "/split"
    _ = try tool.run(["split", TinySet.labels, "--labeled-fraction", "1/2", "--seed", "3", "--output", split])
    let labeled = try AnnotationSource.inspect(split + "/fold-1/labeled.json").set
    #expect(try AnnotationSource.inspect(folder.path + "/a.json").set.images == labeled.images)
  }

  @Test("with --by-class no class is missing where the number of images allows it")
  func byClass() throws {
    let folder = try ScratchFolder()
    let outcome = try tool.run([
      "sample", TinySet.labels, "--fraction", "1/2", "--by-class", "--output", folder.path + "/a.json", "--json",
    ])
    let report = try JSON(parsing: outcome.standardOutput, file: "report")
    let shown = report["imagesByClass"]?.object?.members.compactMap { $0.value["images"]?.int } ?? []
    #expect(report["images"] == 4 && shown.count == 6 && shown.allSatisfy { $0 > 0 })
  }

  @Test(
    "a number that cannot be is refused",
    arguments: [
      (["--count", "9"], Int32(1), "has 8 images, not 9"), (["--count", "0"], 64, "--count is 0, not 1 or more"),
      ([], 64, "give --count or --fraction"), (["--fraction", "1.5"], 64, "--fraction is 1.5"),
      (["--fraction", "nan"], 64, "--fraction is nan"),
    ] as [([String], Int32, String)])
  func refused(arguments: [String], code: Int32, message: String) throws {
    let outcome = try tool.run(["sample", TinySet.labels, "--output", "/nowhere/x.json"] + arguments)
    #expect(outcome.exitCode == code && outcome.standardError.contains(message), "\(outcome.standardError)")
  }
}
