import Annotations
import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("annotation-tool synthesize")
struct SynthesizeTests {
  private let program = Program(named: "annotation-tool")

  @Test("writes a data set that reads back, and says what is in it")
  func writes() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path
    let output = Path.join(folder, "set")
    let outcome = try program.run([
      "synthesize", "--count", "3", "--seed", "7", "--size", "40x56", "--output", output,
    ])
    #expect(outcome.exitCode == 0)
    let set = try COCOInstances.read(Path.join(output, "annotations.json")).set
    #expect(set.images.map(\.height) == [40, 40, 40] && set.images.map(\.width) == [56, 56, 56])
    #expect(outcome.standardOutput.hasPrefix("\(output): 3 images, \(set.objects.count) objects: disc "))
    #expect(try ImageFile.size(Path.join(output, "images/000003.jpg")) == (40, 56))
  }

  @Test("does not touch a folder that holds something, unless forced")
  func keeps() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path
    let note = Path.join(folder, "note.txt")
    try AtomicFile.write("mine", to: note)
    let refused = try program.run(["synthesize", "--count", "1", "--output", folder])
    #expect(refused.exitCode == 1)
    #expect(refused.standardError == "error: \(folder): exists; --force writes over it\n")
    #expect(try Folder.names(in: folder) == ["note.txt"])
    let forced = try program.run(["synthesize", "--count", "1", "--output", folder, "--force"])
    #expect(forced.exitCode == 0)
    #expect(try Folder.names(in: folder) == ["annotations.json", "classes.txt", "images", "masks", "note.txt"])
  }

  @Test(
    "a wrong command line is refused with exit code 64",
    arguments: [
      ["--count", "0", "--output", "x"], ["--output", "x"], ["--count", "1"],
      ["--count", "1", "--output", "x", "--size", "31x64"], ["--count", "1", "--output", "x", "--size", "64"],
    ])
  func wrong(_ arguments: [String]) throws {
    #expect(try program.run(["synthesize"] + arguments).exitCode == 64)
  }
}
