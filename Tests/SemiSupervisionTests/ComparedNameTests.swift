import Documents
import Foundation
import TestSupport
import Testing
import Training

@testable import SemiSupervision

@Suite struct ComparedNameTests {
  private func resolved(_ words: [String], hasData: Bool = true) throws -> [ComparedName] {
    try ComparedName.resolve(words, among: SegmentationMethods.self, hasData: hasData)
  }

  @Test("names of methods stand with commas between or as words, also with a plus in them")
  func methods() throws {
    let wanted = [ComparedName.method("supervised"), .method("st++"), .method("fixmatch")]
    #expect(try resolved(["supervised,st++,fixmatch"]) == wanted)
    #expect(try resolved(["supervised", "st++,", "fixmatch"]) == wanted)
    #expect(try resolved(["fixmatch"]).map(\.label) == ["fixmatch"])
  }

  @Test("recipes are built in or YAML files, folders are runs, and all of them may be mixed")
  func mixed() throws {
    let folder = try ScratchFolder()
    let file = try folder.write("method: {name: st}\n", to: "mine.yaml")
    let run = try folder.write("", to: "a,b/settings.yaml").dropLast("/settings.yaml".count)
    let names = try resolved(["st", "camvid-small-st++,\(file)", String(run), "runs/nowhere"])
    #expect(
      names == [
        .method("st"), .recipe("camvid-small-st++"), .recipe(file), .run(String(run)), .run("runs/nowhere"),
      ])
    #expect(names.map(\.label) == ["st", "camvid-small-st++", "mine", nil, nil])
  }

  @Test("without images to train on a folder goes before a name")
  func folders() throws {
    let here = FileManager.default.currentDirectoryPath
    let folder = try ScratchFolder()
    #expect(FileManager.default.changeCurrentDirectoryPath(folder.path))
    defer { _ = FileManager.default.changeCurrentDirectoryPath(here) }
    try Folder.create("supervised")
    #expect(try resolved(["supervised"], hasData: false) == [.run("supervised")])
    #expect(try resolved(["supervised"]) == [.method("supervised")])
    #expect(try resolved(["./supervised"]) == [.run("./supervised")])
  }

  @Test(
    "what is neither is refused with the nearest names",
    arguments: [
      (["fixmach"], "--compare fixmach: is no method, no recipe and no run's folder; did you mean fixmatch?"),
      (["supervised,st+++"], "--compare st+++: is no method, no recipe and no run's folder; did you mean st++?"),
      (
        ["camvid-smal"],
        "--compare camvid-smal: is no method, no recipe and no run's folder; did you mean camvid-small?"
      ),
      (["xyzzyxyzzy"], "--compare xyzzyxyzzy: is no method, no recipe and no run's folder (methods: supervised, "),
      (
        ["bccd-small"],
        "--compare bccd-small: the recipe is of another task; --list-recipes shows those of this program"
      ),
      (["st", "supervised,st"], "--compare st: is named twice"),
      ([","], "--compare: names of methods or folders of runs are wanted"),
    ])
  func refused(words: [String], wanted: String) {
    let message = errorMessage { _ = try resolved(words) }
    #expect(message?.hasPrefix(wanted) == true, "\(message ?? "")")
  }

  @Test("two recipes whose runs would lie in one folder are refused")
  func sameLabel() throws {
    let folder = try ScratchFolder()
    let files = try ["a/mine.yaml", "b/mine.yaml"].map { try folder.write("method: {name: st}\n", to: $0) }
    #expect(errorMessage { _ = try resolved(files) }?.contains("would both lie in mine-1") == true)
  }
}
