import Documents
import Imaging
import TestSupport
import Testing

@Suite("evaluate segmentation")
struct EvaluateSegmentationTests {
  private let program = Program(named: "evaluate")
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    for name in ["a", "b"] {
      try ImageFile.write(Image(height: 2, width: 4, color: .white), to: try folder.file("images/\(name).jpg"))
    }
    try map("masks/a", "00110011")
    try map("masks/b", "0000111f")
    try map("found/a", "00010001")
    try map("found/b", "00001110")
    _ = try folder.write("background\nthing\nnever\n", to: "classes.txt")
  }

  /// A label map of 2×4 pixels, a hexadecimal digit each; f is 255.
  private func map(_ name: String, _ digits: String, width: Int = 4) throws {
    let pixels = digits.compactMap { $0.hexDigitValue.map { UInt8($0 == 15 ? 255 : $0) } }
    try ImageFile.writeLabelMap(
      Image(height: pixels.count / width, width: width, channels: 1, pixels: pixels), palette: Palette.voc,
      to: try folder.file(name + ".png"))
  }

  private func run(_ arguments: String...) throws -> Program.Outcome {
    try program.run(["segmentation", "--truth", folder.path, "--predictions", folder.path + "/found"] + arguments)
  }

  @Test("prints the figures and the classes, and writes the JSON")
  func judged() throws {
    let json = folder.path + "/figures.json"
    let outcome = try run("--json", json)
    #expect(outcome.exitCode == 0 && outcome.standardError.isEmpty, "\(outcome.standardError)")
    let text = outcome.standardOutput
    #expect(
      text.hasPrefix(
        "2 images, 15 pixels, 1 not judged, 3 classes\nnote: classes: those of \(folder.path)/classes.txt\n"))
    #expect(text.contains("note: classes that the truth does not show, left out of the means: never\n"))
    // background: 8 of 10, thing: 5 of 7.
    #expect(text.contains(" mean IoU               = 0.757\n pixel accuracy         = 0.867\n"))
    #expect(text.contains("thing       0.714     0.714   46.67 %         33.33 %\n"))
    #expect(text.contains("never           –         –    0.00 %          0.00 %\n"))
    let figures = try JSON(contentsOf: json)
    #expect(
      figures.object?.keys == [
        "mIoU", "pixelAccuracy", "meanAccuracy", "frequencyWeightedIoU", "classes", "classAccuracies", "absentClasses",
        "absentFromTruth", "pixels", "ignoredPixels", "otherPixels", "images", "confusion",
      ])
    #expect(figures["confusion"] == [[8, 0, 0, 0], [2, 5, 0, 0], [0, 0, 0, 0]])
    #expect(figures["classes"]?["background"]?.double == 0.8 && figures["classes"]?["never"]?.int == -1)
    #expect(figures["absentClasses"] == "skipped" && figures["absentFromTruth"] == ["never"])
    let zero = try run("--absent-classes", "zero")
    #expect(zero.standardOutput.contains(" mean IoU               = 0.505\n"))
  }

  @Test("a list judges a part; predictions of others are told, predictions of no class are wrong")
  func list() throws {
    try map("found/b", "0000111f")
    try map("found/a", "000f0011")
    let list = try folder.write("a\n", to: "list.txt")
    let outcome = try run("--truth-list", list)
    #expect(outcome.standardOutput.hasPrefix("1 images, 8 pixels, 0 not judged, 3 classes\n"))
    #expect(outcome.standardOutput.contains("note: 1 pixels are predicted as no class: they are wrong\n"))
    #expect(
      outcome.standardOutput.contains("note: 1 label maps in \(folder.path)/found belong to no image, such as b.png\n"))
    #expect(outcome.standardOutput.contains(" pixel accuracy         = 0.750\n"))
  }

  @Test("ignored numbers, masks of 0 and 255, and predictions by index")
  func numbers() throws {
    let ignored = try run("--ignore-id", "1", "--ignore-id", "255")
    #expect(ignored.exitCode == 0, "\(ignored.standardError)")
    #expect(ignored.standardOutput.hasPrefix("2 images, 8 pixels, 8 not judged, 2 classes\n"))
    for name in ["a", "b"] { try map("masks/\(name)", "0000ffff") }
    _ = try folder.write("background\nthing\n", to: "classes.txt")
    let refused = try run()
    #expect(refused.exitCode == 1 && refused.standardError.hasSuffix("--mask-values 0,255 makes it class 1\n"))
    try map("found/a", "00001111")
    let judged = try run("--mask-values", "0,255", "--predicted-indices")
    #expect(judged.exitCode == 0 && judged.standardOutput.contains(" pixel accuracy         = 0.938\n"), "\(judged)")
  }

  @Test("what is missing or does not fit is one line, and leaves no JSON")
  func badInput() throws {
    let json = folder.path + "/figures.json"
    func error() throws -> String {
      let outcome = try run("--json", json)
      #expect(outcome.exitCode == 1 && outcome.standardOutput.isEmpty && !Folder.hasAnything(at: json))
      #expect(outcome.standardError.split(separator: "\n").count == 1)
      return outcome.standardError
    }
    try map("found/b", "00001112")
    try map("found/a", "00030001")
    #expect(
      try error()
        == "error: \(folder.path)/found/a.png: the number 3 is no class (0…2; ignored 255): 1 pixel, the first at row 0, column 3\n"
    )
    try map("found/a", "0001", width: 2)
    #expect(try error() == "error: \(folder.path)/found/a.png: the label map is 2×2, the image a.jpg 4×2\n")
    // The picture says which of the two is wrong.
    try map("masks/a", "0001", width: 2)
    #expect(try error() == "error: \(folder.path)/masks/a.png: the label map is 2×2, the image a.jpg 4×2\n")
    try ImageFile.write(Image(height: 2, width: 4, color: .white), to: folder.path + "/images/c.jpg")
    try map("masks/c", "00000000")
    try ImageFile.write(Image(height: 2, width: 4, color: .white), to: folder.path + "/images/d.jpg")
    try map("masks/d", "00000000")
    #expect(try error() == "error: \(folder.path)/found: 2 of 4 label maps are missing: c.png, d.png\n")
  }

  @Test(
    "a wrong command line exits with 64",
    arguments: [["--ignore-id", "300"], ["--mask-values", "0,x"], ["--absent-classes", "no"]])
  func wrongCommandLine(_ arguments: [String]) throws {
    let outcome = try program.run(["segmentation", "--truth", "x", "--predictions", "y"] + arguments)
    #expect(outcome.exitCode == 64 && !outcome.standardError.isEmpty)
  }
}
