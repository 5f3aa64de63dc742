import Annotations
import Documents
import TestSupport
import Testing

@Suite("annotation-tool remap")
struct RemapTests {
  private let tool = Program(named: "annotation-tool")

  @Test("a mapping file renames, unites and drops classes; all objects of the others stay")
  func mapped() throws {
    let folder = try ScratchFolder()
    let out = folder.path + "/out.json"
    let map = try folder.write("disc = round\nring = round\nstar =\n", to: "map.txt")
    let outcome = try tool.run(["remap", TinySet.labels, "--mapping", map, "--number-from", "0", "--output", out])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardOutput.contains("round unites disc, ring\n"))
    #expect(outcome.standardOutput.contains("gone: star with 9 objects\n"))
    let (whole, part) = try (AnnotationSource.inspect(TinySet.labels).set, AnnotationSource.inspect(out).set)
    #expect(part.categories.map(\.name) == ["round", "square", "triangle", "cross"])
    #expect(part.categories.map(\.id) == [0, 1, 2, 3])
    #expect(part.objects.count == 22 && part.objects.count { $0.categoryID == 0 } == 9)
    #expect(part.images == whole.images)
  }

  @Test("ids that a form without ids cannot hold are a loss where they were asked for")
  func ids() throws {
    let folder = try ScratchFolder()
    let voc = TinySet.folder + "/voc"
    let plain = try tool.run(["remap", voc, "--rename", "disc=zebra", "--output", folder.path + "/a"])
    #expect(plain.exitCode == 0, "\(plain.standardError)")
    let numbered = try tool.run(["remap", voc, "--number-from", "10", "--output", folder.path + "/b"])
    #expect(numbered.exitCode == 1 && numbered.standardError.contains("renumbers-classes ×6"))
  }

  @Test(
    "a class that is not there and a command without work are refused",
    arguments: [
      (
        ["--rename", "disk=x"], Int32(1),
        "--rename, of \(TinySet.labels): no class is called \"disk\"; did you mean \"disc\"?"
      ),
      (["--drop", "zzzzzz"], 1, "--drop, of \(TinySet.labels): no class is called \"zzzzzz\" (classes:"),
      (["--rename", "disc="], 64, "--rename disc= has no new name; --drop disc drops the class"),
      (["--rename", "disc"], 64, "--rename disc is not OLD=NEW; --drop disc drops the class"),
      (["--rename", "=x"], 64, "--rename =x is not OLD=NEW\n"),
      (["--rename", "a=b=c"], 64, "--rename a=b=c is not OLD=NEW\n"),
      (["--rename", ""], 64, "--rename  is not OLD=NEW\n"),
      (["--drop", ""], 64, "--drop names no class"),
      (
        ["--rename", "disc=a", "--rename", "disc=b"], 64, "--rename: says a second time what becomes of \"disc\""
      ),
      (["--drop", "disc", "--rename", "disc=x"], 64, "--drop: says a second time what becomes of \"disc\""),
      ([], 64, "nothing to do"),
    ] as [([String], Int32, String)])
  func refused(arguments: [String], code: Int32, message: String) throws {
    let folder = try ScratchFolder()
    let outcome = try tool.run(["remap", TinySet.labels, "--output", folder.path + "/x.json"] + arguments)
    #expect(outcome.exitCode == code && outcome.standardError.contains(message), "\(outcome.standardError)")
    #expect(!Folder.hasAnything(at: folder.path + "/x.json"))
  }

  @Test("keys of a class that goes up in another are told, in text and JSON")
  func lostKeys() throws {
    let folder = try ScratchFolder()
    let labels = try folder.write(
      #"{"images":[],"annotations":[],"categories":[{"id":1,"name":"cat"},{"id":2,"name":"dog","color":"blue"}]}"#,
      to: "a.json")
    let arguments = ["remap", labels, "--rename", "dog=cat", "--output", folder.path + "/out.json"]
    let outcome = try tool.run(arguments)
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardOutput.contains("other keys of dog are not kept: color\n"), "\(outcome.standardOutput)")
    let report = try JSON(parsing: tool.run(arguments + ["--force", "--json"]).standardOutput, file: "report")
    #expect(report["changes"]?["lostKeys"] == [["name": "dog", "keys": ["color"]]])
  }
}
