import Annotations
import Documents
import TestSupport
import Testing

@Suite("annotation-tool filter")
struct FilterTests {
  private let tool = Program(named: "annotation-tool")

  @Test("what passes is written in the source's form, and what goes is counted")
  func filtered() throws {
    let folder = try ScratchFolder()
    let out = folder.path + "/out.json"
    let outcome = try tool.run([
      "filter", TinySet.labels, "--classes", "disc,ring", "--min-side", "20", "--with-objects", "--output", out,
    ])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(
      outcome.standardOutput == """
        gone: 4 of 8 images, 25 of 31 objects, 4 of 6 classes
        objects gone by their class: 22, side: 3
        \(out): 4 images, 6 objects, 2 classes

        """)
    let (whole, part) = try (AnnotationSource.inspect(TinySet.labels).set, AnnotationSource.inspect(out).set)
    let names = Dictionary(uniqueKeysWithValues: whole.categories.map { ($0.id, $0.name) })
    #expect(
      part.objects
        == whole.objects.filter {
          ["disc", "ring"].contains(names[$0.categoryID]) && $0.box.width >= 20 && $0.box.height >= 20
        })
    #expect(part.extra == whole.extra)
  }

  @Test("a VOC folder stays one: ids that only count its files are no loss, an outline is")
  func voc() throws {
    let folder = try ScratchFolder()
    let out = folder.path + "/voc"
    let outcome = try tool.run([
      "filter", TinySet.folder + "/voc", "--without-classes", "star", "--with-objects", "--output", out,
    ])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(try AnnotationSource.inspect(out).set.classNames == ["cross", "disc", "ring", "square", "triangle"])
    let lossy = try tool.run(["filter", TinySet.labels, "--to", "voc", "--output", folder.path + "/other"])
    #expect(lossy.exitCode == 1 && lossy.standardError.contains("drops-segmentation ×31"))
    #expect(!Folder.hasAnything(at: folder.path + "/other"))
  }

  @Test("an unknown class is refused with the nearest; nothing is written over")
  func refused() throws {
    let folder = try ScratchFolder()
    let out = folder.path + "/out.json"
    let unknown = try tool.run(["filter", TinySet.labels, "--classes", "disk", "--output", out])
    #expect(unknown.exitCode == 1)
    #expect(
      unknown.standardError
        == "error: \(TinySet.labels): no class is called \"disk\"; did you mean \"disc\"? "
        + "(classes: disc, ring, square, triangle, star, cross)\n")
    let twice = try tool.run([
      "filter", TinySet.labels, "--classes", "disc", "--without-classes", "ring", "--output", out,
    ])
    #expect(twice.exitCode == 64)
    let existing = try folder.write("mine", to: "mine.json")
    let over = try tool.run(["filter", TinySet.labels, "--output", existing])
    #expect(over.exitCode == 1 && over.standardError == "error: \(existing): exists; --force writes over it\n")
    #expect(!Folder.hasAnything(at: out))
  }

  @Test("a dry run writes nothing and reports as JSON")
  func dryRun() throws {
    let folder = try ScratchFolder()
    let out = folder.path + "/out.json"
    let outcome = try tool.run([
      "filter", TinySet.labels, "--truncated", "only", "--output", out, "--dry-run", "--json",
    ])
    let report = try JSON(parsing: outcome.standardOutput, file: "report")
    #expect(report["objects"] == 11 && report["written"] == false && report["removed"]?["reasons"]?["truncated"] == 20)
    #expect(!Folder.hasAnything(at: out))
  }

  @Test(
    "names that are empty, as of a shell variable that is not set, and numbers that are none are refused",
    arguments: [
      (["--classes", ""], "--classes \"\" has a name that is empty"),
      (["--classes", "disc,,ring"], "--classes \"disc,,ring\" has a name that is empty"),
      (["--classes", "disc, "], "has a name that is empty"), (["--without-classes", ""], "has a name that is empty"),
      (["--min-area", "1e400"], "wanted is a number such as 32 or 0.5"),
      (["--max-area", "inf"], "wanted is a number such as 32 or 0.5"),
      (["--min-side", "0x1"], "wanted is a number such as 32 or 0.5"),
      (["--max-side", "nan"], "wanted is a number such as 32 or 0.5"),
    ])
  func wrongValues(arguments: [String], message: String) throws {
    let folder = try ScratchFolder()
    let out = folder.path + "/out.json"
    let outcome = try tool.run(["filter", TinySet.labels, "--output", out] + arguments)
    #expect(outcome.exitCode == 64 && outcome.standardError.contains(message), "\(outcome.standardError)")
    #expect(!Folder.hasAnything(at: out))
  }
}
