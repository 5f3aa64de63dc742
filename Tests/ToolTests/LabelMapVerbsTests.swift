import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("annotation-tool's verbs that change labels, on label maps")
struct LabelMapVerbsTests {
  private let tool = Program(named: "annotation-tool")
  private let folder: ScratchFolder
  /// Pictures and masks of the tiny set: background, disc, ring, square, triangle, star, cross as 0 to 6.
  private var set: String { folder.path + "/set" }
  private var out: String { folder.path + "/out" }

  init() throws {
    folder = try ScratchFolder()
    for name in ["images", "masks", "classes.txt"] {
      try FileManager.default.copyItem(atPath: TinySet.folder + "/" + name, toPath: folder.file("set/" + name))
    }
  }

  private func run(_ arguments: String...) throws -> Program.Outcome {
    let outcome = try tool.run(arguments)
    #expect(outcome.exitCode == 0, "\(outcome)")
    return outcome
  }

  /// Whether all label maps of a folder are those of the set with other numbers.
  private func expect(_ root: String, _ count: Int = 8, number: (UInt8) -> UInt8) throws {
    let names = try Folder.names(in: root + "/masks")
    #expect(names.count == count)
    for name in names {
      let (before, after) = (
        try ImageFile.readLabelMap(set + "/masks/" + name), try ImageFile.readLabelMap(root + "/masks/" + name)
      )
      #expect(after.pixels == before.pixels.map(number), "\(name)")
    }
  }

  @Test("filter makes pixels of what goes background, or ignored where that is asked for")
  func filter() throws {
    let outcome = try run("filter", set, "--classes", "disc", "--output", out)
    #expect(outcome.standardOutput.contains(" pixels are background now\n"), "\(outcome)")
    try expect(out) { $0 == 1 ? 1 : 0 }
    let classes = try String(contentsOfFile: out + "/classes.txt", encoding: .utf8)
    #expect(classes.hasPrefix("0 background ") && classes.contains("\n1 disc ") && !classes.contains("ring"))
    let json = try run(
      "filter", set, "--without-classes", "star", "--gone-pixels", "ignored", "--output", out + "2", "--json")
    try expect(out + "2") { $0 == 5 ? 255 : $0 }
    let report = try JSON(parsing: json.standardOutput, file: "report")
    #expect(report["removed"]?["pixels"]?["become"] == "ignored")
    #expect(report["removed"]?["pixels"]?["count"]?.int ?? 0 > 0)
  }

  @Test("where no class is the background, pixels of what goes are ignored")
  func withoutBackground() throws {
    let root = folder.path + "/scene"
    _ = try folder.write("0 sky\n1 road\n", to: "scene/classes.txt")
    try ImageFile.write(Image(height: 1, width: 3, color: .white), to: folder.file("scene/images/a.png"))
    try AtomicFile.write(
      RawPNG.bytes(width: 3, depth: 8, .grey, rows: [[0, 1, 1]]), to: folder.file("scene/masks/a.png"))
    _ = try run("remap", root, "--drop", "sky", "--output", out)
    #expect(try ImageFile.readLabelMap(out + "/masks/a.png").pixels == [255, 1, 1])
    _ = try run("remap", root, "--drop", "sky", "--gone-pixels", "background", "--output", out + "2")
    #expect(try ImageFile.readLabelMap(out + "2/masks/a.png").pixels == [0, 1, 1])
  }

  @Test("remap renames, unites, drops and numbers classes without a loss; the background is named in a clear sentence")
  func remap() throws {
    let united = try run(
      "remap", set, "--rename", "disc=ring", "--rename", "cross=plus", "--drop", "star", "--output", out)
    #expect(!united.standardError.contains("loss"), "\(united)")
    try expect(out) { $0 == 1 ? 2 : $0 == 5 ? 0 : $0 }
    #expect(try String(contentsOfFile: out + "/classes.txt", encoding: .utf8).contains("6 plus "))
    _ = try run("remap", set, "--number-from", "11", "--output", out + "2")
    try expect(out + "2") { $0 == 0 ? 0 : $0 + 10 }
    let background = try tool.run(["remap", set, "--rename", "background=void", "--output", out + "3"])
    #expect(background.exitCode == 1)
    #expect(
      background.standardError.hasSuffix(
        "error: --rename, of \(set): background is what no object covers, no class that can be named; to unite a class with "
          + "it, drop the class\n"), "\(background)")
  }

  @Test("sample, merge, dedupe and diff take label maps; parts merge to what they were parts of")
  func parts() throws {
    _ = try run("sample", set, "--count", "3", "--output", out)
    try expect(out, 3) { $0 }
    for (part, numbers) in [("p1", 1...3), ("p2", 4...8)] {
      let root = folder.path + "/" + part
      for number in numbers {
        for file in ["images/00000\(number).jpg", "masks/00000\(number).png"] {
          try FileManager.default.copyItem(atPath: set + "/" + file, toPath: folder.file(part + "/" + file))
        }
      }
      try FileManager.default.copyItem(atPath: set + "/classes.txt", toPath: root + "/classes.txt")
    }
    let parts = [folder.path + "/p1", folder.path + "/p2"]
    _ = try run("merge", parts[0], parts[1], "--output", out + "2")
    try expect(out + "2") { $0 }
    _ = try run("dedupe", set, "--output", out + "3")
    try expect(out + "3") { $0 }
    let same = try run("diff", set, out + "2", "--images", set + "/images", "--fail")
    #expect(same.standardOutput == "no differences\n")
    _ = try run("remap", set, "--rename", "disc=ball", "--output", out + "4")
    let other = try run("diff", set, out + "4", "--images", set + "/images", "--by", "iou", "--count", "0")
    #expect(
      other.standardOutput.contains("classes removed ×1\n") && other.standardOutput.contains("objects relabelled ×"))
    #expect(!other.standardOutput.contains("objects moved"), "\(other)")
  }

  @Test("VOC's objects stay apart; the form may be named for several sources")
  func objects() throws {
    let voc = TinySet.folder + "/voc-masks"
    _ = try run("remap", voc, "--rename", "disc=ball", "--output", out)
    for part in ["SegmentationClass", "SegmentationObject"] {
      for name in try Folder.names(in: voc + "/" + part) {
        let (before, after) = (
          try ImageFile.readLabelMap("\(voc)/\(part)/\(name)"), try ImageFile.readLabelMap("\(out)/\(part)/\(name)")
        )
        #expect(before == after, "\(part)/\(name)")
      }
    }
    let filtered = try run("filter", voc, "--classes", "disc", "--output", out + "2", "--json")
    let report = try JSON(parsing: filtered.standardOutput, file: "report")
    #expect(report["to"] == "voc-masks" && report["removed"]?["pixels"]?["become"] == "background")
    _ = try run("diff", voc, out, "--from", "voc-masks", "--images", TinySet.images)
  }

  @Test("Cityscapes' folders are changed into a form that is written")
  func cityscapes() throws {
    let png = RawPNG.bytes(width: 3, depth: 8, .grey, rows: [[7, 26, 255], [7, 26, 0]])
    try AtomicFile.write(png, to: folder.file("city/gtFine/val/ulm/a_gtFine_labelIds.png"))
    let arguments = ["filter", folder.path + "/city", "--classes", "road", "--allow-lossy", "--output", out]
    let refused = try tool.run(arguments)
    #expect(refused.standardError.hasSuffix("cityscapes is read only; --to names the form to write\n"), "\(refused)")
    let written = try tool.run(arguments + ["--to", "masks"])
    #expect(written.exitCode == 0, "\(written)")
    #expect(
      try ImageFile.readLabelMap(out + "/masks/val/ulm/a_leftImg8bit.png").pixels == [7, 255, 255, 7, 255, 255])
  }

  @Test("a folder of boxes and label maps is refused by all verbs that change labels, as by convert")
  func ambiguous() throws {
    try FileManager.default.copyItem(
      atPath: TinySet.folder + "/voc/Annotations", toPath: folder.file("both/Annotations"))
    try FileManager.default.copyItem(
      atPath: TinySet.folder + "/voc-masks/SegmentationClass", toPath: folder.file("both/SegmentationClass"))
    let both = folder.path + "/both"
    for arguments in [
      ["convert", both, "--to", "coco", "--output", out], ["filter", both, "--output", out],
      ["sample", both, "--count", "1", "--output", out], ["diff", both, both], ["dedupe", both],
      ["merge", both, both, "--output", out], ["remap", both, "--drop", "disc", "--output", out],
    ] {
      let refused = try tool.run(arguments)
      #expect(
        refused.exitCode == 1 && refused.standardError.contains("could be voc (the folder Annotations)"), "\(refused)")
    }
    #expect(try run("diff", both, both, "--from", "voc").standardOutput == "no differences\n")
  }
}
