import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@Suite("predict detect", .serialized)
struct PredictTests {
  private let program = Program(named: "predict")
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func json(_ name: String) throws -> JSON {
    try JSON(parsing: String(contentsOfFile: path(name), encoding: .utf8), file: name)
  }

  /// A short run on the tiny set, judged on the same images.
  private func train() throws {
    let outcome = try TinyTraining.run(
      TinyTraining.arguments(
        set: ["trainer.evaluate_every=0", "model.regions.score_threshold=0"],
        [
          "--test", TinyTraining.labels, "--test-images", TinyTraining.images, "--steps", "30", "--output", path("run"),
        ]))
    try #require(outcome.exitCode == 0, "\(outcome.standardError)")
  }

  @Test("a run's detector, applied to labelled images, gives through 'evaluate boxes' the figures of the run's summary")
  func sameFigures() throws {
    try train()
    let predicted = try program.run([
      "detect", "--checkpoint", path("run"), "--images", TinyTraining.labels, "--image-folder", TinyTraining.images,
      "--output", path("found"), "--batch-size", "4", "--threads", "1", "--no-pictures",
    ])
    #expect(predicted.exitCode == 0, "\(predicted.standardError)")
    let judged = try Program(named: "evaluate").run([
      "boxes", "--truth", TinyTraining.labels, "--predictions", path("found/predictions.json"), "--json",
      path("figures.json"),
    ])
    #expect(judged.exitCode == 0, "\(judged.standardError)")
    let (figures, summary) = (try json("figures.json"), try json("run/summary.json"))
    for name in ["AP", "AP50", "AR100", "ARs"] {
      #expect(figures[name]?.double != nil && figures[name] == summary["metrics"]?["test"]?[name], "\(name)")
    }
  }

  @Test("a folder of images: ids by file name, COCO results, a picture each; what cannot be read is listed")
  func folderOfImages() throws {
    try train()
    let images = try TinyTraining.copyOfImages(in: folder)
    let names = try Folder.names(in: images).filter { $0.hasSuffix(".jpg") }.sorted()
    try TinyTraining.truncate(images + "/" + names[1], toShare: 0.01)
    let arguments = [
      "detect", "--checkpoint", path("run/checkpoints/last.safetensors"), "--images", images, "--output", path("found"),
      "--draw-above", "0",
    ]
    let outcome = try program.run(arguments)
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardOutput.contains("1 images could not be used, such as \(images)/\(names[1])"))
    let listed = try json("found/images.json")["images"]?.array ?? []
    #expect(
      listed.compactMap { $0["file_name"]?.string } == names.enumerated().filter { $0.offset != 1 }.map(\.element))
    #expect(listed.compactMap { $0["id"]?.int } == (1...names.count).filter { $0 != 2 })
    let results = try json("found/predictions.json").array ?? []
    #expect(!results.isEmpty && results.allSatisfy { $0["bbox"]?.array?.count == 4 && $0["image_id"]?.int != 2 })
    #expect(try json("found/skipped.json").array?.count == 1)
    let size = try ImageFile.size(images + "/" + names[0])
    let picture = try ImageFile.size(path("found/pictures/" + names[0]))
    #expect(picture.height == size.height && picture.width == size.width)

    let again = try program.run(arguments)
    #expect(again.exitCode == 1)
    #expect(again.standardError.hasSuffix("error: \(path("found")): is not empty; --force writes over it\n"))
    #expect(try program.run(arguments + ["--force"]).exitCode == 0)
  }

  @Test(
    "what cannot be a detector is one line and exit code 1",
    arguments: [
      ("missing.safetensors", "cannot read: No such file or directory"),
      ("empty", "has no checkpoints/best.safetensors and no checkpoints/last.safetensors"),
      ("text.pth", "wanted is safetensors or a PyTorch file"),
    ])
  func notADetector(name: String, reason: String) throws {
    try Folder.create(path("empty"))
    _ = try folder.write("no weights", to: "text.pth")
    let outcome = try program.run([
      "detect", "--checkpoint", path(name), "--images", TinyTraining.images, "--output", path("found"),
    ])
    #expect(outcome.exitCode == 1 && !Folder.exists(path("found")))
    let lines = outcome.standardError.split(separator: "\n")
    #expect(lines.count == 1 && lines.first?.hasPrefix("error: \(path(name))") == true)
    #expect(outcome.standardError.contains(reason), "\(outcome.standardError)")
  }

  @Test(
    "a wrong command line is exit code 64",
    arguments: [
      ["--images", "x", "--output", "y"],
      ["--checkpoint", "a", "--model", "fasterrcnn_resnet50_fpn", "--images", "x", "--output", "y"],
      ["--weights", "a.pth", "--images", "x", "--output", "y"],
      ["--model", "yolo", "--weights", "a.pth", "--images", "x", "--output", "y"],
      ["--checkpoint", "a", "--class-count", "3", "--images", "x", "--output", "y"],
      ["--checkpoint", "a", "--images", "x", "--output", "y", "--draw-above", "2"],
      ["--checkpoint", "a", "--images", "x", "--output", "y", "--device", "gpu"],
      ["--checkpoint", "a", "--images", "x", "--output", "y", "--batch-size", "0"],
    ])
  func wrongCommandLine(arguments: [String]) throws {
    let outcome = try program.run(["detect"] + arguments)
    #expect(outcome.exitCode == 64, "\(outcome.standardError)")
    #expect(outcome.standardError.contains("Error: "))
  }
}
