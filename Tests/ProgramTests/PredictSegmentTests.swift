import Annotations
import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("predict segment", .serialized)
struct PredictSegmentTests {
  private let program = Program(named: "predict")
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { Path.join(folder.path, name) }

  private func predict(_ checkpoint: String, to output: String, _ more: String...) throws -> Program.Outcome {
    try program.run(
      [
        "segment", "--checkpoint", checkpoint, "--images", TinySegmentation.images, "--output", path(output),
        "--threads", "1",
      ] + more)
  }

  private func figures(of output: String, classes: String, _ more: String...) throws -> JSON {
    let judged = try Program(named: "evaluate").run(
      [
        "segmentation", "--truth", TinySegmentation.images, "--truth-masks", TinySegmentation.masks, "--truth-list",
        path("validation.txt"), "--classes", classes, "--predictions", path(output) + "/masks", "--json",
        path("figures.json"),
      ] + more)
    try #require(judged.exitCode == 0, "\(judged.standardError)")
    return try JSON(contentsOf: path("figures.json"))
  }

  @Test("a run's label maps give through 'evaluate segmentation' exactly the figures that training judged")
  func sameFigures() throws {
    // In reversed order, so that numbers in files are not the classes' places.
    let classes = try folder.write(
      "6 cross\n5 star\n4 triangle\n3 square\n2 ring #102030\n1 disc\n0 background 0,0,0\n", to: "classes.txt")
    let trained = try TinySegmentation.train(
      in: folder, steps: 300, classes: classes, set: ["evaluation.mirrored=true", "evaluation.batch_size=1"])
    try #require(trained.exitCode == 0, "\(trained.standardError)")
    let judged = try #require(
      try JSON(contentsOf: path("run/summary.json"))["metrics"]?["validation"]?["student"])
    let outcome = try predict(path("run"), to: "found", "--no-pictures")
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardError.contains("looks at: whole image, own size, mirrored too\n"))
    let found = try figures(of: "found", classes: classes)
    for name in ["mIoU", "pixelAccuracy", "meanAccuracy", "frequencyWeightedIoU", "classes", "classAccuracies"] {
      #expect(found[name] != nil && found[name] == judged[name], "\(name)")
    }
    // Something else than background is said, so that the figures can tell numbers apart.
    let confusion = try #require(found["confusion"]?.array?.last?.array).compactMap(\.int)
    #expect(confusion[6] > 0 && confusion[0..<6].contains { $0 > 0 })

    // Places instead of numbers, other looks, and files that are named.
    #expect(try predict(path("run"), to: "places", "--indices", "--no-pictures").exitCode == 0)
    #expect(try figures(of: "places", classes: classes, "--predicted-indices")["confusion"] == found["confusion"])
    #expect(try predict(path("run"), to: "other", "--no-mirrored", "--no-pictures").exitCode == 0)
    #expect(try figures(of: "other", classes: classes)["confusion"] != found["confusion"])
    let (labels, palette) = try ImageFile.readLabelMapAndPalette(path("found/masks/000005.png"))
    #expect(labels.width == 128 && palette[2] == RGB(0x10, 0x20, 0x30) && palette[0] == RGB(0, 0, 0))

    try exported(classes: classes, asFound: "found")
  }

  /// An exported model predicts as its run; both tools say what it is.
  private func exported(classes: String, asFound run: String) throws {
    let tool = Program(named: "model-tool")
    let file = path("segmenter.safetensors")
    let outcome = try tool.run(["export", "--student", path("run"), "-o", file])
    #expect(outcome.exitCode == 0 && outcome.standardOutput.contains("7 classes; a segmenter under own names, as "))
    #expect(try predict(file, to: "exported", "--no-pictures").exitCode == 0)
    for name in try Folder.names(in: path(run) + "/masks") {
      let (mine, other) = (path("exported/masks/" + name), path(run + "/masks/" + name))
      #expect(try SHA256.hexDigest(ofFile: mine) == SHA256.hexDigest(ofFile: other))
    }
    let said = try JSON(parsing: try tool.run(["inspect", file, "--json"]).standardOutput, file: "report")
    #expect(said["model"]?["task"] == "segmentation" && said["model"]?["kind"] == "fcn_light")
    #expect(said["ids"]?.array?.compactMap(\.int) == [6, 5, 4, 3, 2, 1, 0])
    #expect(try tool.run(["inspect", path("run")]).standardOutput.contains("\nmodel: segmenter fcn_light on "))
    let boxes = try program.run([
      "detect", "--checkpoint", file, "--images", TinySegmentation.images, "--output", path("none"),
    ])
    #expect(
      boxes.exitCode == 1
        && boxes.standardError
          == "error: \(file): is a segmenter's, which gives pixels classes (`predict segment`); wanted is a detector's\n"
    )
  }

  @Test(
    "heat maps of each class that is found are listed with the image, those of named classes alone where some are named"
  )
  func explanations() throws {
    try #require(try TinySegmentation.train(in: folder, steps: 40).exitCode == 0)
    let outcome = try predict(path("run"), to: "found", "--explain", "grad-cam", "--no-pictures")
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let entries = try #require(try JSON(contentsOf: path("found/segments.json"))["images"]?.array)
    #expect(entries.count == 8)
    for entry in entries {
      let shares = try #require(entry["shares"]?.object).keys
      let explanations = try #require(entry["explanations"]?.array)
      // Looked at once and as a whole, as the masks are.
      #expect(explanations.compactMap { $0["class"]?.string } == shares)
      let stem = try #require(entry["mask"]?.string).dropFirst(6).dropLast(4)
      for explanation in explanations {
        let file = try #require(explanation["file"]?.string)
        #expect(file.hasPrefix("explanations/\(stem)/") && file.hasSuffix("-\(explanation["class"]?.string ?? "").jpg"))
        let size = try ImageFile.size(path("found/") + file)
        #expect(size.width == 256 && size.height > 192)
        let name = try #require(explanation["class"]?.string)
        #expect(explanation["share"]?.double == entry["shares"]?[name]?.double)
      }
    }
    let some = try predict(
      path("run"), to: "some", "--explain", "grad-cam", "--explain-classes", "disc,background", "--no-pictures")
    #expect(some.exitCode == 0, "\(some.standardError)")
    let named = try #require(try JSON(contentsOf: path("some/segments.json"))["images"]?.array)
      .flatMap { $0["explanations"]?.array ?? [] }.compactMap { $0["class"]?.string }
    #expect(named.contains("background") && Set(named).isSubset(of: ["background", "disc"]))
    let wrong = try predict(path("run"), to: "none", "--explain", "grad-cam", "--explain-classes", "disc,tree")
    #expect(wrong.exitCode == 1 && !Folder.exists(path("none")))
    #expect(wrong.standardError.contains("error: --explain-classes tree: is none of the classes background, disc, "))
  }

  @Test("files, tables and pictures of images in folders, with names that collide, and of one that cannot be read")
  func files() throws {
    try #require(try TinySegmentation.train(in: folder, steps: 1).exitCode == 0)
    let images = try TinyTraining.copyOfImages(in: folder)
    for name in try Folder.names(in: images) where !["000001.jpg", "000002.jpg"].contains(name) {
      try FileManager.default.removeItem(atPath: Path.join(images, name))
    }
    let large = Image(height: 520, width: 600, color: RGB(120, 40, 200))
    try ImageFile.write(large, to: try folder.file("images/sub/000001.png"))
    try ImageFile.write(large, to: path("images/000001.png"))
    _ = try folder.write("nothing", to: "images/broken.jpg")
    let outcome = try program.run([
      "segment", "--checkpoint", path("run"), "--images", images, "--output", path("found"), "--confidence",
      "--scores", "--tile-above", "0.2", "--tile-side", "256",
    ])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardOutput.hasPrefix("\(path("found")): label maps of 4 images; "))
    #expect(outcome.standardOutput.contains("; 1 images could not be used, such as \(images)/broken.jpg: "))
    let table = try JSON(contentsOf: path("found/segments.json"))
    let entries = try #require(table["images"]?.array)
    #expect(
      entries.map { $0["image"]?.string } == ["000001.jpg", "000001.png", "000002.jpg", "sub/000001.png"])
    #expect(
      entries.map { $0["mask"]?.string } == [
        "masks/000001.png", "masks/000001-2.png", "masks/000002.png", "masks/sub/000001.png",
      ])
    for entry in entries {
      let (height, width) = (try #require(entry["height"]?.int), try #require(entry["width"]?.int))
      for key in ["mask", "confidenceMap"] {
        let size = try ImageFile.size(path("found/") + (try #require(entry[key]?.string)))
        #expect(size.height == height && size.width == width)
      }
      // A legend stands below; small pictures are enlarged.
      let picture = try ImageFile.size(path("found/") + (try #require(entry["picture"]?.string)))
      #expect(picture.height > height && picture.width >= 256)
      let shares = try #require(entry["shares"]?.object).members.compactMap(\.value.double)
      #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
      let confidence = try #require(entry["confidence"]?.double)
      #expect(confidence > 1.0 / 7 && confidence <= 1)
      let scores = try GoldenFile(path: path("found/") + (try #require(entry["scores"]?.string)))
      #expect(scores.shape("probabilities") == [7, height, width])
    }
    #expect(try JSON(contentsOf: path("found/skipped.json")).array?.count == 1)
    #expect(table["classes"]?.array?.compactMap { $0["pixels"]?.int }.reduce(0, +) == 2 * 128 * 96 + 2 * 520 * 600)
    let again = try predict(path("run"), to: "found")
    #expect(again.exitCode == 1)
    #expect(again.standardError.hasSuffix("error: \(path("found")): is not empty; --force writes over it\n"))
  }

  @Test("a state dict with torchvision's names segments into VOC's classes, or into those of a file")
  func foreignWeights() throws {
    let names = Path.join(
      Path.folder(of: Path.folder(of: #filePath)), "SegmentationTests/Fixtures/names/fcn_resnet50.txt")
    let weights = try folder.file("fcn.safetensors")
    try Self.writeDeterministicWeights(names, to: weights)
    let arguments = [
      "segment", "--model", "fcn_resnet50", "--weights", weights, "--images", TinySegmentation.images + "/000001.jpg",
      "--short-side", "96", "--output", path("found"), "--force",
    ]
    let outcome = try program.run(arguments)
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardError.contains("21 classes: taken for VOC's\n"))
    #expect(outcome.standardError.contains("looks at: whole image, shorter side 96\n"))
    let table = try JSON(contentsOf: path("found/segments.json"))
    #expect(table["classes"]?.array?.count == 21 && table["classes"]?.array?[15]["name"] == "person")
    let classes = try folder.write((0..<21).map { "\($0 + 100) thing\($0)\n" }.joined(), to: "own.txt")
    #expect(try program.run(arguments + ["--classes", classes]).exitCode == 0)
    let own = try ImageFile.readLabelMap(path("found/masks/000001.png"))
    #expect(own.pixels.allSatisfy { (100...120).contains($0) })
    let few = try folder.write("a\nb\n", to: "few.txt")
    let wrong = try program.run(arguments + ["--classes", few])
    #expect(wrong.exitCode == 1 && wrong.standardError == "error: \(weights): has 21 classes, wanted are 2\n")
  }

  /// A safetensors file of tensors `name shape` a line, filled by their names; of 21 classes.
  private static func writeDeterministicWeights(_ names: String, to path: String) throws {
    var header = JSONObject()
    var data = Data()
    for line in try String(contentsOfFile: names, encoding: .utf8).split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      let name = String(parts[0])
      var shape = parts.count > 1 ? parts[1].split { !$0.isNumber }.compactMap { Int($0) } : []
      if name.contains("classifier.4.") { shape[0] = 21 }
      let values = DeterministicWeights.elements(name, shape: shape)
      let start = data.count
      let isCount = name.hasSuffix("num_batches_tracked")
      if isCount {
        data.append(Data(repeating: 0, count: 8))
      } else {
        values.withUnsafeBytes { data.append(contentsOf: $0) }
      }
      header[name] = [
        "dtype": isCount ? "I64" : "F32", "shape": .array(shape.map { JSON($0) }),
        "data_offsets": [JSON(start), JSON(data.count)],
      ]
    }
    var text = Data(JSON.object(header).serialized().utf8)
    while text.count % 8 != 0 { text.append(0x20) }
    var file = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
    file.append(text)
    file.append(data)
    try file.write(to: URL(fileURLWithPath: path))
  }

  @Test("what cannot be a segmenter is one line that names what it is")
  func notASegmenter() throws {
    let trained = try TinyTraining.run(
      TinyTraining.arguments(set: ["trainer.evaluate_every=0"], ["--steps", "1", "--output", path("run")]))
    try #require(trained.exitCode == 0, "\(trained.standardError)")
    _ = try folder.write("no weights", to: "text.pth")
    try Folder.create(path("empty"))
    for (name, reason) in [
      ("run", "is a detector's, which finds boxes (`predict detect`); wanted is a segmenter's"),
      ("missing.safetensors", "cannot read: No such file or directory"),
      ("empty", "has no checkpoints/best.safetensors and no checkpoints/last.safetensors"),
      ("text.pth", "wanted is safetensors or a PyTorch file"),
    ] {
      let outcome = try predict(path(name), to: "found")
      #expect(outcome.exitCode == 1 && !Folder.exists(path("found")))
      #expect(
        outcome.standardError.hasPrefix("error: \(path(name))") && outcome.standardError.contains(reason)
          && outcome.standardError.split(separator: "\n").count == 1, "\(outcome.standardError)")
    }
  }

  @Test(
    "a wrong command line is exit code 64",
    arguments: [
      [], ["--checkpoint", "a", "--model", "fcn_resnet50"], ["--weights", "a.pth"],
      ["--model", "unet", "--weights", "a.pth"], ["--model", "fcn_resnet50"], ["--checkpoint", "a", "--classes", "c"],
      ["--checkpoint", "a", "--sliding", "512"], ["--checkpoint", "a", "--sliding", "0x5"],
      ["--checkpoint", "a", "--sliding", "64x64", "--whole"], ["--checkpoint", "a", "--scales", "0.5,,2"],
      ["--checkpoint", "a", "--scales", "0"], ["--checkpoint", "a", "--tile-side", "100"],
      ["--checkpoint", "a", "--tile-above", "-1"], ["--checkpoint", "a", "--short-side", "-1"],
      ["--checkpoint", "a", "--draw-above", "0.5"], ["--checkpoint", "a", "--explain", "saliency"],
      ["--checkpoint", "a", "--explain-classes", "b"],
    ])
  func wrongCommandLine(arguments: [String]) throws {
    let outcome = try program.run(["segment", "--images", "x", "--output", "y"] + arguments)
    #expect(outcome.exitCode == 64, "\(outcome.standardError)")
    #expect(outcome.standardError.contains("Error: "))
  }
}
