import Annotations
import Documents
import TestSupport
import Testing

@Suite("annotation-tool merge")
struct MergeTests {
  private let tool = Program(named: "annotation-tool")

  @Test("parts of a set merge to what they were parts of")
  func parts() throws {
    let folder = try ScratchFolder()
    let (one, two, out) = (folder.path + "/1.json", folder.path + "/2.json", folder.path + "/out.json")
    let names = try AnnotationSource.inspect(TinySet.labels).set.images.map(\.fileName)
    for (file, part) in [(one, names.prefix(3)), (two, names.dropFirst(3))] {
      let list = try folder.write(part.joined(separator: "\n"), to: "list.txt")
      let outcome = try tool.run(["filter", TinySet.labels, "--list", list, "--output", file])
      #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    }
    let outcome = try tool.run(["merge", one, two, "--images", TinySet.images, "--output", out])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let (whole, merged) = try (AnnotationSource.inspect(TinySet.labels).set, AnnotationSource.inspect(out).set)
    #expect(merged == whole)
  }

  @Test("images of the same name are listed and refused; --prefix and --on-conflict write")
  func conflicts() throws {
    let folder = try ScratchFolder()
    let out = folder.path + "/out.json"
    let voc = TinySet.folder + "/voc"
    let arguments = ["merge", TinySet.labels, voc, "--to", "coco", "--output", out]
    let refused = try tool.run(arguments)
    #expect(refused.exitCode == 1 && !Folder.hasAnything(at: out))
    #expect(refused.standardError.contains("conflict: 000001.jpg is in \(TinySet.labels), \(voc)\n"))
    #expect(refused.standardError.contains("error: 8 images have the name of an image in another source (see above)"))
    #expect(try tool.run(arguments + ["--on-conflict", "first"]).exitCode == 0)
    #expect(try AnnotationSource.inspect(out).set.objects == AnnotationSource.inspect(TinySet.labels).set.objects)
    #expect(try tool.run(arguments + ["--on-conflict", "unite", "--force"]).exitCode == 0)
    #expect(try AnnotationSource.inspect(out).set.objects.count == 62)
    #expect(try tool.run(arguments + ["--prefix", "a/", "--prefix", "b/", "--force"]).exitCode == 0)
    let set = try AnnotationSource.inspect(out).set
    #expect(set.images.count == 16 && set.images[8].fileName == "b/000001.jpg" && set.categories.count == 6)
  }

  @Test("where the images lie in folders of their own, it is said what names are relative to")
  func folders() throws {
    let folder = try ScratchFolder()
    var sources: [String] = []
    for part in ["train", "valid"] {
      let outcome = try tool.run(["synthesize", "--count", "2", "--size", "32x32", "--output", folder.file(part)])
      #expect(outcome.exitCode == 0, "\(outcome.standardError)")
      sources += ["\(folder.path)/\(part)/annotations.json"]
    }
    let images = sources.flatMap { ["--images", Path.folder(of: $0)] }
    func note(_ prefixes: String...) throws -> String {
      let arguments = ["merge"] + sources + images + prefixes.flatMap { ["--prefix", $0] }
      return try tool.run(arguments + ["--on-conflict", "first", "--force", "--output", folder.path + "/out.json"])
        .standardError
    }
    let places = "\(folder.path)/train, \(folder.path)/valid"
    #expect(try note() == "note: the images lie in 2 folders, \(places); names stay relative to each\n")
    #expect(try note("train/", "valid/") == "note: names are relative to \(folder.path) now\n")
    #expect(
      try note("a/", "b/")
        == "note: the images lie in 2 folders, \(places); with their prefixes, names are where the images are to lie\n")
  }

  @Test("several forms want one to write; a source is never written over")
  func refused() throws {
    let folder = try ScratchFolder()
    let forms = try tool.run(["merge", TinySet.labels, TinySet.folder + "/voc", "--output", folder.path + "/x"])
    #expect(
      forms.standardError == "error: the sources have several forms (coco, voc); --to names that to write\n"
        && forms.exitCode == 1)
    let copy = try folder.write("{\"images\":[]}", to: "b.json")
    let own = try tool.run(["merge", TinySet.labels, copy, "--output", copy, "--force"])
    #expect(own.standardError == "error: \(copy): is the source itself, which is never changed\n")
    #expect(try tool.run(["merge", TinySet.labels, "--output", folder.path + "/x"]).exitCode == 64)
  }
}
