import Annotations
import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("annotation-tool split of label maps") struct SplitMasksTests {
  private let tool = Program(named: "annotation-tool")
  private let folder: ScratchFolder
  private var set: String { folder.path + "/set" }
  private var out: String { folder.path + "/out" }

  init() throws {
    folder = try ScratchFolder()
    let made = try tool.run([
      "synthesize", "--count", "16", "--seed", "2", "--size", "48x64", "--output", folder.path + "/set",
    ])
    #expect(made.exitCode == 0)
  }

  private func split(_ more: String...) throws -> Program.Outcome {
    try tool.run(["split", set, "--output", out, "--force"] + more)
  }

  private func lines(_ name: String) throws -> [String] {
    try String(contentsOfFile: out + "/" + name, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private func manifest() throws -> JSON { try JSON(contentsOf: out + "/split.json") }

  @Test("lists, digests and hash; fractions as 1/8 or 0.125; the same bytes again")
  func written() throws {
    let outcome = try split("--labeled-fraction", "1/8", "--folds", "2", "--by-spread", "--seed", "3")
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(try lines("fold-1/labeled.txt") == ["000004.jpg", "000012.jpg"])
    #expect(try lines("fold-2/labeled.txt") == ["000005.jpg", "000013.jpg"])
    #expect(try lines("fold-1/unlabeled.txt").count == 14)
    let first = try manifest()
    #expect(first["labeledFraction"]?.double == 0.125 && first["mode"] == "by-spread" && first["listForm"] == "names")
    let record = try #require(first["splits"]?.array?[0])
    var digest = SHA256()
    for image in try #require(try JSON(contentsOf: out + "/fold-1/labeled-images.json").array) {
      let name = try #require(image["file_name"]?.string)
      let contents = try SHA256.hexDigest(ofFile: set + "/images/" + name)
      #expect(image["sha256"]?.string == contents)
      digest.update("\(Path.stem(of: name)) \(contents)\n")
    }
    #expect(record["hash"]?.string == digest.hexDigest())
    #expect(outcome.standardOutput.contains("; hash \(digest.hexDigest().prefix(12))\n"))
    #expect(
      record["classes"]?["background"]?["images"] == 2 && record["classes"]?["background"]?["pixels"]?.int ?? 0 > 0)
    for file in try #require(first["files"]?.array) {
      let name = try #require(file["file"]?.string)
      #expect(file["sha256"]?.string == (try SHA256.hexDigest(ofFile: out + "/" + name)))
    }
    #expect(try split("--labeled-fraction", "0.125", "--folds", "2", "--by-spread", "--seed", "3").exitCode == 0)
    #expect(try manifest() == first)
  }

  @Test("by class, every class is in few images", arguments: [UInt64(1), 2, 3])
  func byClass(seed: UInt64) throws {
    let outcome = try split("--labeled-fraction", "1/4", "--by-class", "--seed", "\(seed)")
    #expect(
      outcome.exitCode == 0 && outcome.standardOutput.contains("4 labelled images with 7 of 7 classes, 12 unlabelled"),
      "\(outcome)")
  }

  @Test("a list of a split of the same images' boxes chooses label maps and names its split")
  func ofBoxes() throws {
    let boxes = folder.path + "/boxes"
    let outcome = try tool.run([
      "split", set + "/annotations.json", "--images", set + "/images", "--labeled-fraction", "0.25", "--output", boxes,
    ])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let list = boxes + "/fold-1/labeled.txt"
    let hash = try JSON(contentsOf: boxes + "/split.json")["splits"]?.array?[0]["hash"]?.string
    let record = try SegmentationSource.read(set, list: list).split(list: list).record
    #expect(record?.hash == hash && record?.mode == .byImage)
    // Other images under the same names are refused.
    let name = try #require(String(contentsOfFile: list, encoding: .utf8).split(separator: "\n").first)
    try FileManager.default.removeItem(atPath: "\(set)/images/\(name)")
    try ImageFile.write(Image(height: 48, width: 64, channels: 3), to: "\(set)/images/\(name)", quality: 90)
    let message = errorMessage { _ = try SegmentationSource.read(set, list: list).split(list: list) }
    #expect(message?.hasPrefix("\(list): its images are not those of the split") == true, "\(message ?? "nothing")")
    // Without the ids beside the list there is nothing to compare with.
    try FileManager.default.removeItem(atPath: boxes + "/fold-1/labeled-images.json")
    let (none, note) = try SegmentationSource.read(set, list: list).split(list: list)
    #expect(none == nil && note?.contains("were not compared") == true)
  }

  @Test(
    "lists of every form read back, as the source's list or as a source, and name their split",
    arguments: ["names", "stems", "pairs"])
  func readBack(form: String) throws {
    let outcome = try split("--labeled-fraction", "1/4", "--list-form", form)
    #expect(outcome.exitCode == 0)
    let list = out + "/fold-1/labeled.txt"
    let first = try #require(try lines("fold-1/labeled.txt").first)
    let stem = Path.stem(of: first.split(separator: " ")[0].description)
    #expect(first == ["names": stem + ".jpg", "stems": stem, "pairs": "images/\(stem).jpg masks/\(stem).png"][form])
    let hash = try #require(try manifest()["splits"]?.array?[0]["hash"]?.string)
    let chosen = try SegmentationSource.read(set, list: list)
    #expect(chosen.images.count == 4)
    #expect(try chosen.split(list: list).record?.hash == hash)
    if form == "pairs" {
      #expect(outcome.standardOutput.hasSuffix("pairs are relative to \(try #require(Path.resolved(set)))\n"))
      let source = try SegmentationSource.read(list, images: set)
      #expect(source.images.map(\.path) == chosen.images.map(\.path))
      #expect(try source.split(list: nil).record == chosen.split(list: list).record)
    }
  }

  @Test("other images than were drawn are an error, other labels a note, no split.json no split")
  func verified() throws {
    #expect(try split("--labeled-fraction", "1/4").exitCode == 0)
    let list = out + "/fold-1/labeled.txt"
    let names = try lines("fold-1/labeled.txt")
    let record = try #require(try SegmentationSource.read(set, list: list).split(list: list).record)
    let summary = try SegmentationSource.read(set, list: list).split(list: list).note
    #expect(summary == "split \(record.hash.prefix(12)) (by-image, fraction 0.25, fold 1, seed 1)")
    // A label map of the labelled part changes; then one of the unlabelled part, which is nobody's concern.
    let mask = set + "/masks/" + Path.stem(of: names[0]) + ".png"
    let kept = try MappedFile(path: mask).withBytes { Array($0) }
    try ImageFile.writeLabelMap(Image(height: 48, width: 64, channels: 1, fill: 1), palette: Palette.voc, to: mask)
    let changed = try SegmentationSource.read(set, list: list).split(list: list)
    #expect(changed.record == record && changed.note?.hasSuffix("same images, other labels") == true)
    try AtomicFile.write(kept, to: mask)
    let other = try lines("fold-1/unlabeled.txt")[0]
    try ImageFile.writeLabelMap(
      Image(height: 48, width: 64, channels: 1, fill: 1), palette: Palette.voc,
      to: set + "/masks/" + Path.stem(of: other) + ".png")
    #expect(try SegmentationSource.read(set, list: list).split(list: list).note == summary)
    try ImageFile.write(Image(height: 48, width: 64, color: .white), to: set + "/images/" + names[1])
    #expect(
      errorMessage { _ = try SegmentationSource.read(set, list: list).split(list: list) }?.hasPrefix(
        "\(list): its images are not those of the split: their hash is ") == true)
    let copy = folder.path + "/mine.txt"
    try FileManager.default.copyItem(atPath: list, toPath: copy)
    #expect(try SegmentationSource.read(set, list: copy).split(list: copy).record == nil)
  }

  @Test("outlines of COCO are split as label maps where that is asked for")
  func outlines() throws {
    let source = set + "/annotations.json"
    let outcome = try tool.run([
      "split", source, "--label-maps", "--labeled-fraction", "1/4", "--by-class", "--output", out,
    ])
    #expect(outcome.exitCode == 0 && outcome.standardOutput.contains("with 7 of 7 classes"), "\(outcome)")
    let list = out + "/fold-1/labeled.txt"
    #expect(try SegmentationSource.read(source, list: list).split(list: list).record != nil)
    let pairs = try tool.run([
      "split", source, "--label-maps", "--labeled-fraction", "1/4", "--list-form", "pairs", "--output", out, "--force",
    ])
    #expect(pairs.exitCode == 1 && pairs.standardError.contains("a list of pairs cannot name them"))
  }

  @Test("bad label maps and wrong command lines are refused")
  func refused() throws {
    for wrong in [["1/0"], ["x"], ["9/8"], ["0.1", "--protocol", "stac"], ["0.1", "--by-class", "--by-spread"]] {
      let outcome = try tool.run(["split", set, "--output", out, "--labeled-fraction"] + wrong)
      #expect(outcome.exitCode == 64, "\(wrong): \(outcome.standardError)")
    }
    let boxes = try tool.run([
      "split", set + "/annotations.json", "--output", out, "--labeled-fraction", "1/4", "--list-form", "stems",
    ])
    #expect(boxes.exitCode == 64)
    let spread = try tool.run([
      "split", set + "/annotations.json", "--output", out, "--labeled-fraction", "1/4", "--by-spread",
    ])
    #expect(spread.exitCode == 0)
    #expect(try lines("fold-1/labeled.txt") == ["000002.jpg", "000006.jpg", "000010.jpg", "000014.jpg"])
    try ImageFile.writeLabelMap(
      Image(height: 48, width: 64, channels: 1, fill: 99), palette: Palette.voc, to: set + "/masks/000003.png")
    let bad = try split("--labeled-fraction", "1/4")
    #expect(bad.exitCode == 1 && bad.standardError.contains("000003.png: the number 99 is no class"))
  }
}
