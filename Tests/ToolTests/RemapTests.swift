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
      (["--rename", "disc="], 64, "--drop drops a class"),
      ([], 64, "nothing to do"),
    ] as [([String], Int32, String)])
  func refused(arguments: [String], code: Int32, message: String) throws {
    let folder = try ScratchFolder()
    let outcome = try tool.run(["remap", TinySet.labels, "--output", folder.path + "/x.json"] + arguments)
    #expect(outcome.exitCode == code && outcome.standardError.contains(message), "\(outcome.standardError)")
    #expect(!Folder.hasAnything(at: folder.path + "/x.json"))
  }
}
