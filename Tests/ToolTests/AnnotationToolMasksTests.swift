import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("annotation-tool on label maps")
struct AnnotationToolMasksTests {
  private let program = Program(named: "annotation-tool")
  private let folder: ScratchFolder
  private var set: String { folder.path + "/set" }

  init() throws {
    folder = try ScratchFolder()
    let made = try program.run([
      "synthesize", "--count", "6", "--seed", "4", "--size", "48x64", "--output", folder.path + "/set",
    ])
    #expect(made.exitCode == 0)
  }

  @Test("stats counts the pixels and images of each class")
  func stats() throws {
    let outcome = try program.run(["stats", set])
    #expect(outcome.exitCode == 0 && outcome.standardError == "note: classes: those of \(set)/classes.txt\n")
    #expect(outcome.standardOutput.hasPrefix("images   6\nsizes    64×48 ×6\npixels   18432, 0.00 % ignored\n"))
    let report = try JSON(parsing: try program.run(["stats", set, "--json"]).standardOutput, file: "stats")
    let classes = try #require(report["classes"]?.array)
    #expect(classes.count == 7 && classes[0]["name"] == "background" && classes[0]["images"] == 6)
    #expect(classes.reduce(0) { $0 + ($1["pixels"]?.int ?? 0) } == 18432)
    // The same set as boxes, where that is meant.
    #expect(try program.run(["stats", set + "/annotations.json"]).standardOutput.contains("objects in"))
    let outlines = try program.run(["stats", set + "/annotations.json", "--label-maps", "--json"])
    #expect(try JSON(parsing: outlines.standardOutput, file: "stats") == report)
  }

  @Test(
    "stats --html is one page that needs nothing beside it, of boxes and of label maps",
    arguments: ["/annotations.json", ""])
  func page(name: String) throws {
    let file = folder.path + "/pages/stats.html"
    let outcome = try program.run(["stats", set + name, "--html", file])
    #expect(outcome.exitCode == 0 && outcome.standardError.hasSuffix("\(file): written\n"), "\(outcome)")
    let page = try String(contentsOfFile: file, encoding: .utf8)
    #expect(
      page.hasPrefix("<!DOCTYPE html>") && page.contains("<svg") && page.contains("src=\"data:image/jpeg;base64,"))
    #expect(!page.contains("<script") && !page.contains("src=\"http") && !page.contains("href="))
    #expect(page.contains(name.isEmpty ? "Pixels of each class" : "Where boxes lie"))
    let again = try program.run(["stats", set + name, "--html", file])
    #expect(again.exitCode == 1 && again.standardError == "error: \(file): exists; --force writes over it\n")
    #expect(try program.run(["stats", set + name, "--html", file, "--force"]).exitCode == 0)
    let same = try String(contentsOfFile: file, encoding: .utf8)
    #expect(same == page)
  }

  @Test("stats, validate and draw take Cityscapes' folder and a panoptic file by their objects")
  func otherForms() throws {
    let root = folder.path + "/city"
    let png = RawPNG.bytes(width: 3, depth: 8, .grey, rows: [[7, 26, 255], [7, 26, 0]])
    try AtomicFile.write(png, to: folder.file("city/gtFine/val/ulm/a_gtFine_labelIds.png"))
    let stats = try program.run(["stats", root, "--json"])
    let report = try JSON(parsing: stats.standardOutput, file: "stats")
    #expect(report["objects"] == 2 && report["segmented"] == 2, "\(stats)")
    let valid = try program.run(["validate", root])
    #expect(
      valid.exitCode == 0 && valid.standardOutput.contains("cityscapes, 1 images, 2 objects, 19 classes"), "\(valid)")
    let coco = try program.run(["convert", root, "--to", "coco", "--output", folder.path + "/city.json"])
    #expect(coco.exitCode == 0, "\(coco)")
    let back = try program.run(["convert", folder.path + "/city.json", "--to", "cityscapes", "--output", root + "2"])
    #expect(back.exitCode == 64 && back.standardError.contains("read only"), "\(back)")
  }

  @Test("a VOC folder with boxes and label maps wants --from")
  func ambiguous() throws {
    let root = try folder.write("<annotation><object/></annotation>", to: "both/Annotations/a.xml")
    _ = root
    try AtomicFile.write(
      RawPNG.bytes(width: 2, depth: 8, .grey, rows: [[0, 1]]), to: folder.file("both/SegmentationClass/a.png"))
    let both = folder.path + "/both"
    let arguments = ["convert", both, "--to", "coco", "--output", folder.path + "/both.json"]
    let refused = try program.run(arguments)
    #expect(
      refused.standardError
        == "error: \(both): could be voc (the folder Annotations) or voc-masks (the folder SegmentationClass); keep them apart, "
        + "or say which (annotation-tool: --from)\n"
    )
    #expect(try program.run(arguments + ["--from", "voc-masks"]).standardOutput.contains("1 objects, 20 classes"))
  }

  @Test("validate finds what does not fit, and exits with 1")
  func validate() throws {
    let good = try program.run(["validate", set, "--decode"])
    #expect(
      good.exitCode == 0 && good.standardOutput.hasSuffix("\nnote absent-class ×1\n  no label map shows triangle\n"),
      "\(good)")
    #expect(
      good.standardOutput.hasPrefix(
        "\(set): masks, 6 images, 7 classes\nimage files: decoded in \(set)/images; label maps decoded\n"))
    let classes = try folder.write("background\ndisc\n", to: "few.txt")
    let bad = try program.run(["validate", set, "--classes", classes])
    #expect(bad.exitCode == 1 && bad.standardError.hasPrefix("error: \(set): "))
    #expect(
      bad.standardOutput.contains("error bad-segmentation ×")
        && bad.standardOutput.contains("is no class (0…1; ignored 255)"))
    let report = try JSON(
      parsing: try program.run(["validate", set, "--classes", classes, "--json"]).standardOutput, file: "r")
    #expect(report["valid"]?.bool == false && report["form"] == "masks")
    try ImageFile.write(Image(height: 4, width: 4, color: .white), to: set + "/images/extra.png")
    let unpaired = try program.run(["validate", set])
    #expect(
      unpaired.exitCode == 1
        && unpaired.standardError.hasSuffix("1 image has no label map in \(set)/masks: extra.png\n"))
  }

  @Test("convert takes label maps, as a folder or a list, and writes what they came from")
  func convert() throws {
    _ = try folder.write("images/000001.jpg masks/000001.png\n", to: "set/list.txt")
    let list = try program.run([
      "convert", set + "/list.txt", "--to", "coco", "--output", folder.path + "/list.json", "--json",
    ])
    #expect(list.exitCode == 0 && list.standardError.hasPrefix("note: label-maps ×1: classes: those of "), "\(list)")
    let report = try JSON(parsing: list.standardOutput, file: "report")
    #expect(report["from"] == "masks" && report["images"] == 1 && report["losses"] == [])
    let coco = folder.path + "/coco.json"
    #expect(try program.run(["convert", set, "--to", "coco", "--output", coco]).exitCode == 0)
    let back = try program.run(["convert", coco, "--to", "masks", "--output", folder.path + "/masks"])
    #expect(back.exitCode == 0, "\(back)")
    for name in try Folder.names(in: set + "/masks") {
      #expect(
        try ImageFile.readLabelMap(folder.path + "/masks/masks/" + name)
          == ImageFile.readLabelMap(set + "/masks/" + name))
    }
  }

  @Test("convert refuses what label maps cannot hold, and an unknown number with the file's name")
  func losses() throws {
    let (coco, out) = (set + "/annotations.json", folder.path + "/voc")
    let whole = try program.run(["convert", coco, "--to", "voc-masks", "--output", out, "--images", set + "/images"])
    #expect(whole.exitCode == 1 && whole.standardError.contains("drops-file-keys ×1"), "\(whole)")
    #expect(!whole.standardError.contains("later-object-covers") && !Folder.hasAnything(at: out))
    let lossy = try program.run([
      "convert", coco, "--to", "voc-masks", "--output", out, "--images", set + "/images", "--allow-lossy",
    ])
    #expect(lossy.exitCode == 0 && lossy.standardError.hasPrefix("loss: "), "\(lossy)")
    let classes = try folder.write("0 background\n1 disc\n", to: "few.txt")
    let few = try program.run([
      "convert", out, "--classes", classes, "--to", "coco", "--output", folder.path + "/few.json",
    ])
    #expect(few.exitCode == 1 && few.standardError.contains("\(out)/SegmentationClass/"), "\(few)")
    #expect(few.standardError.contains("is no class (0…1; ignored 255)"))
  }

  @Test("draw lays label maps over the pictures, with a legend, alone or in a sheet")
  func draw() throws {
    let one = try program.run(["draw", set, "--count", "2", "--output", folder.path + "/drawn"])
    #expect(one.exitCode == 0 && one.standardOutput == "\(folder.path)/drawn: 2 images\n")
    #expect(try Folder.names(in: folder.path + "/drawn") == ["000001.jpg", "000004.jpg"])
    // Enlarged, so that the legend can be read, which stands below.
    let size = try ImageFile.size(folder.path + "/drawn/000001.jpg")
    #expect(size.width == 256 && size.height > 192)
    let side = try program.run(["draw", set, "--count", "1", "--side-by-side", "--output", folder.path + "/side"])
    #expect(side.exitCode == 0)
    #expect(try ImageFile.size(folder.path + "/side/000001.jpg").width == 2 * 260)
    let sheet = try program.run([
      "draw", set, "--contact-sheet", "--columns", "3", "--output", folder.path + "/sheet.png",
    ])
    #expect(sheet.exitCode == 0)
    #expect(try ImageFile.size(folder.path + "/sheet.png").width == 3 * 320)
    let boxes = try program.run(["draw", set + "/annotations.json", "--side-by-side", "--output", folder.path + "/no"])
    #expect(boxes.exitCode == 64 && boxes.standardError.contains("--side-by-side wants label maps"))
  }

  @Test("a folder without labels is told all that was looked for; a folder of masks wants the images' folder")
  func layouts() throws {
    let none = try program.run(["stats", set + "/images"])
    #expect(
      none.exitCode == 1
        && none.standardError.hasPrefix("error: \(set)/images: has labels of no known form; looked for: ")
        && none.standardError.hasSuffix(
          ", or label maps (SegmentationClass or masks in it, imagesannot beside it, or --masks DIR)\n"),
      "\(none)")
    let masks = try program.run(["stats", set + "/masks", "--images", set + "/images"])
    #expect(masks.exitCode == 0 && masks.standardOutput.hasPrefix("images   6\n"), "\(masks)")
  }

  @Test("draw --views shows every part of the views of segmenters and detectors; the same seed gives the same bytes")
  func views() throws {
    let (one, again, other) = (folder.path + "/one.png", folder.path + "/again.png", folder.path + "/other.png")
    for (output, seed) in [(one, "1"), (again, "1"), (other, "2")] {
      let outcome = try program.run([
        "draw", set, "--views", "segmentation", "--count", "2", "--columns", "5", "--seed", seed, "--output", output,
      ])
      #expect(outcome.exitCode == 0 && outcome.standardOutput == "\(output): 2 images\n", "\(outcome)")
    }
    let sheet = try ImageFile.read(one)
    let (same, different) = (try ImageFile.read(again), try ImageFile.read(other))
    #expect(sheet.width == 5 * 240 + 4 && sheet == same && sheet != different)
    // A sheet for each image, of boxes; the views are those of detectors.
    let sheets = folder.path + "/sheets"
    let outcome = try program.run([
      "draw", set + "/annotations.json", "--views", "detection", "--count", "3", "--output", sheets,
    ])
    let names = try Folder.names(in: sheets)
    #expect(outcome.exitCode == 0 && names.count == 3, "\(outcome)")
    let wrong = try program.run(["draw", set, "--views", "weak", "--output", sheets, "--force"])
    #expect(wrong.exitCode == 64 && wrong.standardError.contains("detection"), "\(wrong)")
    let both = try program.run([
      "draw", set, "--views", "segmentation", "--side-by-side", "--output", sheets, "--force",
    ])
    #expect(both.exitCode == 64 && both.standardError.contains("--side-by-side is not for --views"), "\(both)")
  }
}
