import Annotations
import Documents
import Foundation
import Imaging
import TestSupport
import Testing

/// What is wrong with images and masks is said in one line that names the file, before anything is written.
@Suite("seg-train, bad input", .serialized)
struct SegTrainBadInputTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  /// A folder of images with masks: `images/` and `masks/`, one for each pair.
  private func write(_ masks: [Image], sizes: (Int, Int) = (64, 64), classes: String = "background\nthing\n") throws {
    for (index, mask) in masks.enumerated() {
      var image = Image(height: sizes.0, width: sizes.1, channels: 3, fill: UInt8(40 * index + 10))
      image[index, 0, 0] = 255
      try ImageFile.write(image, to: folder.file("data/images/\(index).png"))
      try ImageFile.write(mask, to: folder.file("data/masks/\(index).png"))
    }
    _ = try folder.write(classes, to: "data/classes.txt")
  }

  private func mask(_ value: UInt8, height: Int = 64, width: Int = 64) -> Image {
    var mask = Image(height: height, width: width, channels: 1)
    for x in 0..<width / 2 { for y in 0..<height { mask[y, x, 0] = value } }
    return mask
  }

  private func run(_ more: [String] = []) throws -> Program.Outcome {
    try TinySegmentTraining.run(
      ["--labeled", path("data"), "--threads", "1", "--steps", "1", "--output", path("run")]
        + (TinySegmentTraining.settings + ["method.labeled_images=2"]).flatMap { ["--set", $0] } + more)
  }

  /// The one line of a run that fails.
  private func error(_ more: [String] = []) throws -> String {
    let outcome = try run(more)
    #expect(outcome.exitCode == 1 && outcome.standardOutput.isEmpty, "\(outcome.standardError)")
    let lines = outcome.standardError.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    #expect(lines.count == 1, "\(outcome.standardError)")
    #expect(!Folder.exists(path("run")) || (try? Folder.names(in: path("run")).contains("settings.yaml")) != true)
    return String(lines.first ?? "")
  }

  @Test("a number that is no class: the file, the number, where")
  func unknownNumber() throws {
    try write([mask(1), mask(7)])
    let line = try error()
    #expect(line.contains("data/masks/1.png") && line.contains("the number 7 is no class"), "\(line)")
    #expect(line.contains("row 0, column 0"))
  }

  @Test("masks of 0 and 255: what to set, and with it they are learnt")
  func zeroAnd255() throws {
    try write([mask(255), mask(255)])
    let line = try error()
    #expect(line.contains("--mask-values 0,255"), "\(line)")
    let outcome = try run(["--mask-values", "0,255"])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardError.contains("thing 50 %"))
  }

  @Test("a mask of another size than its image: both sizes")
  func otherSize() throws {
    try write([mask(1), mask(1, height: 32, width: 48)])
    let line = try error()
    #expect(line.contains("data/masks/1.png") && line.contains("48×32") && line.contains("64×64"), "\(line)")
  }

  @Test("a mask of colours that are no class's is refused with the colour")
  func coloredMask() throws {
    try write([mask(1), Image(height: 64, width: 64, color: RGB(1, 2, 3))])
    let line = try error()
    #expect(line.contains("data/masks/1.png") && line.contains("#010203"), "\(line)")
  }

  @Test("an image without a mask, and a mask without an image, are named")
  func missingPairs() throws {
    try write([mask(1), mask(1)])
    try FileManager.default.removeItem(atPath: path("data/masks/1.png"))
    #expect(try error().contains("1.png"))
    try write([mask(1), mask(1)])
    try FileManager.default.removeItem(atPath: path("data/images/0.png"))
    #expect(try error().contains("0.png"))
  }

  @Test("an empty list is said to be empty")
  func emptyList() throws {
    try write([mask(1), mask(1)])
    let list = try folder.write("\n", to: "none.txt")
    let line = try error(["--labeled-list", list])
    #expect(line.contains("none.txt"), "\(line)")
  }

  @Test("a labelled image that is also held out is refused, by its contents")
  func leaked() throws {
    try write([mask(1), mask(1)])
    try FileManager.default.createDirectory(atPath: path("held/images"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: path("held/masks"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: path("data/images/1.png"), toPath: path("held/images/other.png"))
    try FileManager.default.copyItem(atPath: path("data/masks/1.png"), toPath: path("held/masks/other.png"))
    let line = try error(["--validation", path("held")])
    #expect(line.contains("1 labelled images are also validation images") && line.contains("1.png"), "\(line)")
  }

  @Test("one labelled image, smaller than the part that a view is, grey and with alpha: it is learnt all the same")
  func smallest() throws {
    try write([mask(1, height: 40, width: 30)], sizes: (40, 30))
    try ImageFile.write(Image(height: 40, width: 30, channels: 1, fill: 90), to: path("data/images/0.png"))
    let outcome = try run(["--set", "views.scale_from=1", "--set", "views.scale_to=1"])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    try FileManager.default.removeItem(atPath: path("run"))
    try ImageFile.write(Image(height: 40, width: 30, channels: 4, fill: 90), to: path("data/images/0.png"))
    #expect(try run().exitCode == 0)
  }

  @Test("fewer images at a time than batch norms of the network can do with are refused before the first step")
  func tooFewAtATime() throws {
    try write([mask(1), mask(1)])
    let line = try error(["--set", "model.kind=deeplabv3plus_light", "--set", "method.labeled_images=1"])
    #expect(
      line.contains("model.kind deeplabv3plus_light")
        && line.contains("2 images at a time are wanted; this run takes 1"), "\(line)")
  }

  @Test("a class that is nowhere is said, and the run goes on")
  func absentClass() throws {
    try write([mask(1), mask(1)], classes: "background\nthing\nnobody\n")
    let outcome = try run()
    #expect(outcome.exitCode == 0)
    #expect(outcome.standardError.contains("labeled: no pixel of nobody: a class that is never shown cannot be learnt"))
  }

  @Test("unlabelled images need no masks, and none is opened")
  func unlabeledMasks() throws {
    try write([mask(1), mask(1)])
    for index in 2..<4 {
      try ImageFile.write(
        Image(height: 64, width: 64, channels: 3, fill: UInt8(50 * index)), to: folder.file("more/\(index).png"))
    }
    let outcome = try run([
      "--unlabeled", path("more"), "--method", "st", "--set", "method.labeled_images=1", "--set",
      "method.unlabeled_images=1", "--set", "method.labeling={scales: [1]}",
    ])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
  }

  @Test("image tags are learnt by methods that learn them, refused by others, and what is wrong with them is one line")
  func imageTags() throws {
    try write([mask(1), mask(1)])
    for index in 2..<4 {
      try ImageFile.write(
        Image(height: 64, width: 64, channels: 3, fill: UInt8(50 * index)), to: folder.file("more/\(index).png"))
    }
    let tags = try folder.write("image,class\n2,thing\n0,thing\n", to: "tags.csv")
    func flags(_ method: String) -> [String] {
      [
        "--unlabeled", path("more"), "--method", method, "--set", "method.labeled_images=1", "--set",
        "method.unlabeled_images=1", "--image-tags", tags,
      ]
    }
    #expect(
      try error(flags("fixmatch"))
        == "error: --image-tags \(tags): the method fixmatch learns no image-level labels; pseudo-seg does")
    for (text, reason) in [
      ("2,nothing\n", "line 1: 'nothing' is none of the classes background, thing"),
      ("7,thing\n", "line 1: 7 is not among the images"), ("0,thing\n", "tags none of the 2 unlabelled images"),
      ("", "holds no image tag"),
    ] {
      _ = try folder.write(text, to: "tags.csv")
      #expect(try error(flags("pseudo-seg")) == "error: \(tags): \(reason)")
    }
    let share = ["--set", "method.tagged_share=0.5"]
    #expect(
      try error(Array(flags("pseudo-seg").dropLast(2)) + share)
        == "error: method.tagged_share is 0.5, and no image has tags; --image-tags FILE is wanted")
    _ = try folder.write("2,thing\n3,thing\n", to: "tags.csv")
    #expect(
      try error(flags("pseudo-seg") + share)
        == "error: method.tagged_share is 0.5, and \(tags) tags all 2 unlabelled images; 0 or 1 is wanted")
    _ = try folder.write("image,class\n2,thing\n0,thing\n", to: "tags.csv")
    for more in [[], share] {
      try? FileManager.default.removeItem(atPath: path("run"))
      let outcome = try run(flags("pseudo-seg") + more)
      #expect(outcome.exitCode == 0, "\(outcome.standardError)")
      #expect(outcome.standardError.contains("image tags: 1 of 2 unlabelled images have some"))
    }
  }

  @Test("recipes and programs that do not belong together are told apart")
  func otherTask() throws {
    let wrong = try TinyTraining.run(["--labeled", path("data"), "--recipe", "camvid-small"])
    #expect(wrong.exitCode == 64 && wrong.standardError.contains("--recipe camvid-small is for segmentation"))
    let other = try TinySegmentTraining.run(["--labeled", path("data"), "--recipe", "bccd-small"])
    #expect(other.exitCode == 64 && other.standardError.contains("--recipe bccd-small is for detection"))
    let list = try TinySegmentTraining.run(["--list-recipes"])
    #expect(list.standardOutput.contains("camvid-small-st++") && !list.standardOutput.contains("bccd"))
    let methods = try TinySegmentTraining.run(["--list-methods"])
    let names = methods.standardOutput.split(separator: "\n").compactMap { $0.split(separator: " ").first }
    // All of them are asked for by PixelMethodsTrainTests; the plainest come first, and no box is a label of pixels.
    #expect(names.starts(with: ["supervised", "self-training", "st", "st++"]) && !names.contains("soft-teacher"))
  }
}
