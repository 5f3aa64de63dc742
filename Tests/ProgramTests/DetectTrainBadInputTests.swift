import Documents
import Foundation
import TestSupport
import Testing

@Suite("detect-train with bad input")
struct DetectTrainBadInputTests {
  private let folder: ScratchFolder
  private var output: String { folder.path + "/run" }

  init() throws { folder = try ScratchFolder() }

  /// Expects exit code 1, nothing on standard output, one line `error: <file>: …` that holds `wanted`, and no run.
  private func expectError(
    _ outcome: Program.Outcome, file: String, _ wanted: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.exitCode == 1, sourceLocation: sourceLocation)
    #expect(outcome.standardOutput.isEmpty, sourceLocation: sourceLocation)
    let lines = outcome.standardError.split(separator: "\n")
    #expect(lines.count == 1, "\(outcome.standardError)", sourceLocation: sourceLocation)
    let line = lines.first ?? ""
    #expect(line.hasPrefix("error: \(file)"), "\(line)", sourceLocation: sourceLocation)
    for text in wanted { #expect(line.contains(text), "\(line)", sourceLocation: sourceLocation) }
    #expect(!Folder.hasAnything(at: output + "/settings.yaml"), sourceLocation: sourceLocation)
  }

  /// One change to the text of good labels, and what the error says.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let other: String
    let wanted: String
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ other: String, _ wanted: String) {
      (self.name, self.text, self.other, self.wanted) = (name, text, other, wanted)
    }
  }

  private static let third = #"{"id":3,"image_id":1,"category_id":4,"bbox":[96,49,32,38]"#

  @Test(
    "labels that contradict themselves name the file and the place",
    arguments: [
      Case(
        "an unknown image", third, #"{"id":3,"image_id":99,"category_id":4,"bbox":[96,49,32,38]"#,
        ": annotations[2] (id 3): image_id 99 is not among the images"),
      Case(
        "an unknown category", third, #"{"id":3,"image_id":1,"category_id":40,"bbox":[96,49,32,38]"#,
        ": annotations[2] (id 3): category_id 40 is not among the categories"),
      Case("NaN", "[96,49,32,38]", "[96,49,NaN,38]", ": annotations[2].bbox[2]: NaN is not a number"),
      Case("an infinite number", "[96,49,32,38]", "[96,49,1e999,38]", ": annotations[2].bbox[2]"),
      Case("a box of three numbers", "[96,49,32,38]", "[96,49,32]", ": annotations[2].bbox"),
      Case("a box of words", "[96,49,32,38]", #"[96,49,"wide",38]"#, ": annotations[2].bbox[2]"),
      Case("a negative size", "[96,49,32,38]", "[96,49,-32,38]", ": annotations[2] (id 3)"),
      Case("an id given twice", #"{"id":3,"image_id":1"#, #"{"id":2,"image_id":1"#, ": annotations[2] (id 2)"),
      Case("an image file outside its folder", "000002.jpg", "../../000002.jpg", "../../000002.jpg"),
    ])
  func labels(_ change: Case) throws {
    let labels = try TinyTraining.labels(replacing: change.text, with: change.other, in: folder)
    let outcome = try TinyTraining.run(TinyTraining.arguments(labels: labels, ["--output", output]))
    expectError(outcome, file: labels, [change.wanted])
  }

  @Test("JSON that ends early names the place, wherever it ends", arguments: [0.1, 0.35, 0.6, 0.95, 0.999])
  func endsEarly(share: Double) throws {
    let labels = try folder.write(String(contentsOfFile: TinyTraining.labels, encoding: .utf8), to: "labels.json")
    try TinyTraining.truncate(labels, toShare: share)
    let outcome = try TinyTraining.run(TinyTraining.arguments(labels: labels, ["--output", output]))
    expectError(outcome, file: labels, ["ends early"])
  }

  @Test(
    "a file that holds no labels is said to be none",
    arguments: [
      ("", "the file is empty"), ("hello", "begins with neither an object nor an array"),
      ("{}", "labels of no known form"),
      ("[]", "it lists no image"), ("{\"images\":[]}", "holds no images"),
    ])
  func noLabels(text: String, wanted: String) throws {
    let labels = try folder.write(text, to: "labels.json")
    let outcome = try TinyTraining.run(TinyTraining.arguments(labels: labels, ["--output", output]))
    expectError(outcome, file: labels, [wanted])
  }

  @Test(
    "a box without area or outside its image is left out and named; refused where the settings say so",
    arguments: [("[96,49,0,38]", "has no area"), ("[196,49,32,38]", "lies outside the image of 128×96")])
  func badBox(box: String, reason: String) throws {
    let labels = try TinyTraining.labels(replacing: "[96,49,32,38]", with: box, in: folder)
    let refused = try TinyTraining.run(
      TinyTraining.arguments(labels: labels, set: ["labels.refuse_bad_boxes=true"], ["--output", output]))
    expectError(refused, file: labels, ["annotations[2] (id 3) in 000001.jpg", reason])
    let kept = try TinyTraining.run(TinyTraining.arguments(labels: labels, ["--dry-run"]))
    #expect(kept.exitCode == 0, "\(kept.standardError)")
    let said = kept.standardOutput + kept.standardError
    #expect(said.contains("labeled: left out: annotations[2] (id 3) in 000001.jpg") && said.contains(reason), "\(said)")
  }

  @Test("no labelled image left after filtering says what was left out")
  func nothingLeft() throws {
    let json = try String(contentsOfFile: TinyTraining.labels, encoding: .utf8)
    let labels = try folder.write(
      json.replacingOccurrences(of: #""iscrowd":0"#, with: #""iscrowd":1"#), to: "labels.json")
    let outcome = try TinyTraining.run(TinyTraining.arguments(labels: labels, ["--output", output]))
    expectError(outcome, file: labels, ["no image to use: left out were", "crowds", "8 images without objects"])
  }

  /// Which of the sources is bad.
  enum Source: String, CaseIterable, Sendable {
    case labeled, validation, test

    /// The flags of a run whose source of this kind has `labels` and `images`.
    func arguments(labels: String, images: String) -> [String] {
      self == .labeled
        ? TinyTraining.arguments(labels: labels, images: images)
        : TinyTraining.arguments(["--\(rawValue)", labels, "--\(rawValue)-images", images])
    }
  }

  @Test("a missing image ends a run before its first step", arguments: Source.allCases)
  func missingImage(source: Source) throws {
    let images = try TinyTraining.copyOfImages(in: folder)
    try FileManager.default.removeItem(atPath: images + "/000005.jpg")
    let outcome = try TinyTraining.run(
      source.arguments(labels: TinyTraining.labels, images: images) + ["--output", output])
    expectError(
      outcome, file: TinyTraining.labels,
      ["1 of 8 \(source) images cannot be used: \(images)/000005.jpg: cannot read: No such file"])
  }

  @Test("an image of another size than its labels say ends a run before its first step", arguments: Source.allCases)
  func otherSize(source: Source) throws {
    let labels = try TinyTraining.labels(
      replacing: #""file_name":"000003.jpg","height":96,"width":128"#,
      with: #""file_name":"000003.jpg","height":96,"width":130"#, in: folder)
    let outcome = try TinyTraining.run(
      source.arguments(labels: labels, images: TinyTraining.images) + ["--output", output])
    expectError(
      outcome, file: labels,
      ["1 of 8 \(source) images cannot be used", "000003.jpg: is 128×96 (width × height), its labels say 130×96"])
  }

  @Test("a file that ends inside its header, or is no image, ends a run before its first step", arguments: [0, 60, -1])
  func noImage(bytes: Int) throws {
    let images = try TinyTraining.copyOfImages(in: folder)
    let bad = images + "/000004.jpg"
    let data = try Data(contentsOf: URL(fileURLWithPath: bad))
    try (bytes < 0 ? Data("no image".utf8) : data.prefix(bytes)).write(to: URL(fileURLWithPath: bad))
    let outcome = try TinyTraining.run(TinyTraining.arguments(images: images, ["--output", output]))
    expectError(outcome, file: TinyTraining.labels, ["1 of 8 labeled images cannot be used: \(bad): "])
  }

  @Test("many bad images are counted, and the first are named in the same line")
  func manyMissing() throws {
    let images = try TinyTraining.copyOfImages(in: folder)
    for number in 2...8 { try FileManager.default.removeItem(atPath: images + "/00000\(number).jpg") }
    let outcome = try TinyTraining.run(TinyTraining.arguments(images: images, ["--output", output]))
    expectError(outcome, file: TinyTraining.labels, ["7 of 8 labeled images", "000002.jpg", "000004.jpg", "; …"])
    #expect(!outcome.standardError.contains("000005.jpg"))
  }

  @Test("classes that differ between the sources name the class", arguments: [Source.validation, .test])
  func otherClasses(source: Source) throws {
    let labels = try TinyTraining.labels(replacing: #""name":"ring""#, with: #""name":"giraffe""#, in: folder)
    let outcome = try TinyTraining.run(
      source.arguments(labels: labels, images: TinyTraining.images) + ["--output", output])
    expectError(
      outcome, file: labels,
      ["its class 'giraffe' is not among the classes disc, ring, square, triangle, star, cross"])
  }

  @Test("a weights file that is none, or that fits nothing, is refused, and the same command may be given again")
  func weights() throws {
    let text = try folder.write("hello", to: "text.pth")
    let empty = try folder.write("", to: "empty.safetensors")
    let broken = try folder.write("\u{8}\0\0\0\0\0\0\0not JSON", to: "broken.safetensors")
    let header = #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    let foreign = try folder.file("foreign.safetensors")
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    try Data(length + Array(header.utf8) + [0, 0, 128, 63]).write(to: URL(fileURLWithPath: foreign))
    for (file, wanted) in [
      (text, "wanted is safetensors or a PyTorch file"), (empty, "the file is empty"),
      (broken, "wanted is safetensors"), (foreign, "weights do not fit"),
      (folder.path + "/none.pth", "cannot read: No such file"),
    ] {
      let outcome = try TinyTraining.run(TinyTraining.arguments(["--output", output, "--weights", file]))
      expectError(outcome, file: file, [wanted])
    }
  }

  @Test(
    "what is not there is named",
    arguments: [
      (["--labeled", "none.json"], "none.json: cannot read: No such file"),
      (["--labeled", TinyTraining.labels, "--labeled-images", "nowhere"], "nowhere: is not a folder of images"),
      (["--labeled", TinyTraining.labels, "--labeled-list", "none.txt"], "none.txt: cannot read: No such file"),
      (["--labeled", TinyTraining.labels, "--recipe", "bccd-smal"], "did you mean 'bccd-small'?"),
      (["--labeled", TinyTraining.labels, "--recipe", "none.yaml"], "recipe 'none.yaml' is neither a file nor"),
      (["--labeled", TinyTraining.labels, "--set", "optimiser.momentum=0"], "did you mean 'optimizer'?"),
      (["--labeled", TinyTraining.labels, "--set", "trainer.steps=many"], "'trainer.steps' is 'many', wanted a whole"),
      (["--labeled", TinyTraining.labels, "--device", "cuda:99"], "device 'cuda:99' is not available"),
      (["--resume", "nowhere"], "nowhere: not a run: the folder is missing"),
    ])
  func notThere(arguments: [String], wanted: String) throws {
    let more = arguments[0] == "--resume" ? [] : ["--output", output]
    let outcome = try TinyTraining.run(arguments + more)
    expectError(outcome, file: "", [wanted])
  }

  @Test("images damaged in their pixels are replaced or count as missed: said, listed, and no end of the run")
  func damagedPixels() throws {
    let images = try TinyTraining.copyOfImages(in: folder)
    let heldOut = try TinyTraining.copyOfImages(in: folder, "held-out")
    let test = try TinyTraining.copyOfImages(in: folder, "test")
    try TinyTraining.truncate(images + "/000003.jpg", toShare: 0.7)
    try TinyTraining.truncate(heldOut + "/000001.jpg", toShare: 0.7)
    try TinyTraining.truncate(test + "/000008.jpg", toShare: 0.7)
    let outcome = try TinyTraining.run(
      TinyTraining.arguments(
        images: images,
        [
          "--validation", TinyTraining.labels, "--validation-images", heldOut, "--test", TinyTraining.labels,
          "--test-images", test, "--steps", "4", "--output", output,
        ]))
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardError.contains("1 image cannot be used so far, others take the place"))
    #expect(outcome.standardError.contains("validation: 1 image cannot be used, what is in them counts as missed"))
    #expect(outcome.standardError.contains("test: 1 image cannot be used, what is in them counts as missed"))
    let listed = try JSON(
      parsing: String(contentsOfFile: output + "/skipped.json", encoding: .utf8), file: "skipped.json")
    #expect(
      Set(listed.array?.compactMap { $0["image"]?.string } ?? []) == [
        images + "/000003.jpg", heldOut + "/000001.jpg", test + "/000008.jpg",
      ])
    #expect(listed.array?.allSatisfy { $0["reason"]?.string?.hasPrefix("the image is truncated") == true } == true)
  }

  @Test("where not one image can be used, the run ends with an error that names one")
  func allDamaged() throws {
    let images = try TinyTraining.copyOfImages(in: folder)
    for number in 1...8 { try TinyTraining.truncate(images + "/00000\(number).jpg", toShare: 0.7) }
    let outcome = try TinyTraining.run(TinyTraining.arguments(images: images, ["--dry-run"]))
    #expect(outcome.exitCode == 1)
    #expect(
      outcome.standardError.contains("error: not one of the 8 labeled images can be used; for example \(images)/"))
  }
}
