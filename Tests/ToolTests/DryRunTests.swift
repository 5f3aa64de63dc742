import Documents
import Foundation
import TestSupport
import Testing

@Suite("annotation-tool with --dry-run and --json")
struct DryRunTests {
  private let tool = Program(named: "annotation-tool")
  private let folder: ScratchFolder
  private var existing: String { folder.path + "/existing" }

  init() throws {
    folder = try ScratchFolder()
    _ = try folder.write("mine", to: "existing/mine.txt")
    _ = try folder.write("mine", to: "existing/mine.json")
  }

  @Test(
    "a verb that writes nothing takes --dry-run, too",
    arguments: [
      ["validate", TinySet.labels], ["stats", TinySet.labels], ["diff", TinySet.labels, TinySet.labels], ["formats"],
    ])
  func taken(arguments: [String]) throws {
    let (plain, dry) = (try tool.run(arguments), try tool.run(arguments + ["--dry-run"]))
    #expect(dry.exitCode == 0 && dry.standardOutput == plain.standardOutput && !dry.standardOutput.isEmpty, "\(dry)")
  }

  @Test("a manifest is checked with --dry-run as without")
  func verify() throws {
    let manifest = folder.path + "/manifest.json"
    let written = try tool.run(["verify", TinySet.labels, "--write", manifest, "--root", "/"])
    #expect(written.exitCode == 0, "\(written)")
    let outcome = try tool.run(["verify", manifest, "--root", "/", "--dry-run"])
    #expect(outcome.exitCode == 0, "\(outcome)")
  }

  @Test("stats --html says what it would write")
  func page() throws {
    let file = folder.path + "/stats.html"
    let outcome = try tool.run(["stats", TinySet.labels, "--html", file, "--dry-run"])
    #expect(outcome.exitCode == 0 && outcome.standardError == "\(file): would be written\n", "\(outcome)")
    #expect(!Folder.hasAnything(at: file))
  }

  @Test(
    "a dry run says that the place is taken, and writes nothing",
    arguments: [
      ["convert", TinySet.labels, "--to", "yolo", "--allow-lossy", "--output", "@"],
      ["filter", TinySet.labels, "--output", "@/mine.json"],
      ["sample", TinySet.labels, "--count", "2", "--output", "@/mine.json"],
      ["dedupe", TinySet.labels, "--output", "@/mine.json"], ["draw", TinySet.labels, "--output", "@"],
      ["split", TinySet.labels, "--labeled-fraction", "1/2", "--output", "@"],
      [
        "split", TinySet.folder + "/voc-masks", "--from", "voc", "--label-maps", "--labeled-fraction", "1/2",
        "--output", "@",
      ],
      ["synthesize", "--count", "1", "--output", "@"],
      ["verify", TinySet.labels, "--root", "/", "--write", "@/mine.json"],
    ])
  func told(arguments: [String]) throws {
    let command = arguments.map { $0.replacing("@", with: existing) } + ["--dry-run"]
    let outcome = try tool.run(command)
    #expect(outcome.exitCode == 0, "\(outcome)")
    let place = command[command.count - 2]
    let reason = "\(place): exists; --force writes over it"
    #expect(outcome.standardOutput.contains("would be refused: \(reason)\n"), "\(outcome)")
    let report = try JSON(parsing: tool.run(command + ["--json"]).standardOutput, file: "report")
    #expect(report["refusals"] == [JSON(reason)] && report["written"] == false)
    #expect(try Folder.filesBelow(existing) == ["mine.json", "mine.txt"])
    #expect(try String(contentsOfFile: existing + "/mine.json", encoding: .utf8) == "mine")
  }

  @Test("a refused conversion and a merge with conflicts print their reports before the error")
  func refused() throws {
    let out = folder.path + "/out"
    let convert = try tool.run(["convert", TinySet.labels, "--to", "voc", "--output", out, "--json"])
    let report = try JSON(parsing: convert.standardOutput, file: "report")
    #expect(convert.exitCode == 1 && report["refused"] == true && report["written"] == false)
    #expect(report["losses"]?.array?.isEmpty == false)
    let merge = try tool.run([
      "merge", TinySet.labels, TinySet.folder + "/voc", "--to", "coco", "--output", out, "--json",
    ])
    let merged = try JSON(parsing: merge.standardOutput, file: "report")
    #expect(merge.exitCode == 1 && merged["refused"] == true && merged["written"] == false)
    #expect(merged["changes"]?["conflicts"]?.array?.count == 8)
    #expect(!Folder.hasAnything(at: out))
  }

  @Test("the report says by what the labels were read, and their classes")
  func reading() throws {
    let arguments = ["convert", TinySet.folder + "/voc", "--to", "coco", "--voc-pixel-base", "0", "--exif", "ignore"]
    let text = try tool.run(arguments + ["--output", folder.path + "/a.json"])
    #expect(
      text.standardOutput.hasSuffix(
        "\nVOC pixel base 0, EXIF ignore; classes: 1 cross, 2 disc, 3 ring, 4 square, 5 star, 6 triangle\n"), "\(text)")
    let outcome = try tool.run(arguments + ["--output", folder.path + "/b.json", "--json"])
    let report = try JSON(parsing: outcome.standardOutput, file: "report")
    #expect(report["vocPixelBase"] == 0 && report["exif"] == "ignore")
    #expect(report["classTable"]?.array?.first == ["id": 1, "name": "cross"])
  }
}
