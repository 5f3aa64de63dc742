import Documents
import Layers
import Reporting
import Segmentation
import TestSupport
import Testing
import Torch
import Training

@testable import SemiSupervision

/// The stage that pre-trains an encoder, in a segmentation run on the eight images of `annotations/tiny`.
@Suite(.serialized) struct PretrainingRunTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let data = Path.join(Path.folder(of: Path.folder(of: Path.folder(of: #filePath))), "annotations/tiny")

  private func settings<Method: SegmentationMethodSettings>(
    _: Method.Type, _ assignments: [String] = []
  ) throws -> SegmentationSettings<Method> {
    var settings = try SegmentationSettings<Method>.resolved(
      assignments: [
        "initial_weights=random", "model.kind=fcn_light", "model.width=16", "views.resize=own", "views.scale_from=0.4",
        "views.scale_to=0.6", "views.crop_height=48", "views.crop_width=48", "trainer.steps=1", "pretraining.kind=cpc",
        "pretraining.steps=2",
        "pretraining.cpc={images: 2, patch: 16, stride: 8, rows: 4, columns: 4, predict_to: 3, patch_jitter: 2}",
        "pretraining.optimizer.learning_rate=0.01",
      ] + assignments)
    func source(_ numbers: ClosedRange<Int>, _ name: String) throws -> LabelSource {
      LabelSource(
        source: Path.join(Self.data, "images"), images: nil,
        list: try folder.write(numbers.map { "00000\($0)\n" }.joined(), to: name))
    }
    let masks = Path.join(Self.data, "masks")
    (settings.run.labeled, settings.masks.labeled) = (try source(1...3, "labeled.txt"), masks)
    settings.run.unlabeled = try source(4...6, "unlabeled.txt")
    settings.masks.classes = Path.join(Self.data, "classes.txt")
    settings.run.threads = 1
    return settings
  }

  private func withValidation<Method: SegmentationMethodSettings>(
    _ settings: SegmentationSettings<Method>
  ) throws -> SegmentationSettings<Method> {
    var settings = settings
    settings.run.validation = LabelSource(
      source: Path.join(Self.data, "images"), images: nil, list: try folder.write("000007\n000008\n", to: "val.txt"))
    settings.masks.validation = Path.join(Self.data, "masks")
    return settings
  }

  private func state(_ file: String) throws -> StateDict { StateDict(try WeightFile.read(file)) }

  @Test("the encoder's weights and nothing else come from the stage; the decoder is that of a run without it")
  func arrives() throws {
    let settings = try settings(SupervisedSegmentation.Settings.self)
    let run = try SegmentationRun(settings)
    #expect(run.data.unlabeled?.count == 3)
    let place = try RunFolder.create(Path.join(folder.path, "run"))
    let ready = try run.prepared(in: place)
    let file = RunFolder(path: Path.join(place.path, "stage-0")).lastCheckpoint
    #expect(ready.settings.initialWeights == file && !ready.settings.pretraining.isOn)
    func network(_ run: SegmentationRun<SupervisedSegmentation.Settings>) throws -> StateDict {
      try #require(run.makeParts(saved: nil).method.trainedModels.first).model.stateDict()
    }
    let (trained, random) = (try network(ready), try network(run))
    let encoder = try state(file)
    #expect(trained.names == random.names)
    var moved = 0
    for (name, tensor) in trained.entries {
      let start = try #require(random.entries.first { $0.name == name }).tensor
      guard name.hasPrefix("backbone.") else {
        #expect(tensor.isEqual(to: start), "\(name)")
        continue
      }
      let learnt = try #require(encoder.entries.first { "backbone." + $0.name == name }, "\(name)").tensor
      #expect(tensor.isEqual(to: learnt), "\(name)")
      if !tensor.isEqual(to: start) { moved += 1 }
    }
    #expect(moved > encoder.entries.count / 2)
    #expect(encoder.entries.count == trained.names.count { $0.hasPrefix("backbone.") })
    #expect(encoder.names.allSatisfy { !$0.contains("context") && !$0.contains("predictions") })
    let metadata = try WeightFile.read(file).metadata
    #expect(try EncoderMetadata(metadata, file: file)?.encoder.kind == .efficientnetLite0)
    #expect(metadata["method"] == "cpc" && metadata["predictor"] == "encoder")
  }

  @Test("a run does the stage once, counts it, shows its figures, and begins its own steps at its weights")
  func whole() throws {
    let settings = try withValidation(settings(SupervisedSegmentation.Settings.self))
    let place = try RunFolder.create(Path.join(folder.path, "run"))
    let summary = try SegmentationRun(settings).start(in: place, command: ["seg-train"])
    #expect(summary.stages.map(\.name) == ["stage-0"] && summary.stages[0].imagesSeen == 4)
    let stage = Path.join(place.path, "stage-0")
    let judged = try RunSummary(folder: stage)
    #expect(judged.method == "cpc" && judged.selectedBy == "validation.encoder.bound" && judged.steps == 2)
    let figures = try #require(try EncoderStageFigures(folder: stage, summary: judged))
    // Two images of sixteen patches each.
    #expect(abs(figures.loss + figures.bound - InfoNCE.largestBound(candidates: 32)) < 1e-6)
    #expect((0...1).contains(figures.accuracy))
    let report = try #require(try? MappedFile(path: place.reportFile)).withBytes { String(decoding: $0, as: UTF8.self) }
    #expect(report.contains("pre-training") && figures.cells.allSatisfy { report.contains($0) })
    // Without a summary they are those of the log.
    #expect(try EncoderStageFigures(folder: stage, summary: nil).map { $0.loss > 0 } == true)
    let log = try MappedFile(path: place.logFile).withBytes { String(decoding: $0, as: UTF8.self) }
    #expect(log.contains("stage-0/checkpoints/best.safetensors: backbone: "))
  }

  @Test("a rehearsal takes a step of the stage, too, and says which lines are its own")
  func rehearsal() throws {
    let settings = try withValidation(settings(SupervisedSegmentation.Settings.self))
    let place = try RunFolder.create(Path.join(folder.path, "dry"))
    let lines = try SegmentationRun(settings).rehearse(in: place)
    let ofStage = lines.filter { $0.hasPrefix("stage-0: ") }
    #expect(ofStage.contains { $0.hasPrefix("stage-0: method cpc, seed ") })
    #expect(ofStage.contains { $0.contains("one evaluation of encoder") })
    for part in ["one step: ", "one resume: "] {
      #expect(lines.count { $0.hasPrefix(part) } == 1 && ofStage.count { $0.contains(part) } == 1, "\(part)")
    }
    #expect(lines.first?.hasPrefix("stage-0: ") == true)
  }

  @Test("stages of self-training begin at the pre-trained encoder too, and do not train it again")
  func beforeStages() throws {
    let settings = try settings(
      ST.Settings.self, ["method.labeled_images=1", "method.unlabeled_images=1", "method.labeling={scales: [1]}"])
    let place = try RunFolder.create(Path.join(folder.path, "run"))
    let summary = try SegmentationRun(settings).start(in: place, command: ["seg-train"])
    #expect(summary.stages.map(\.name) == ["stage-0", "stage-1"])
    let first = try SettingsDocument(path: Path.join(place.path, "stage-1/settings.yaml"))
    #expect(first.text(at: "initial_weights") == Path.join(place.path, "stage-0/checkpoints/last.safetensors"))
    #expect(first.text(at: "pretraining.kind") == "none" && !Folder.exists(Path.join(place.path, "stage-1/stage-0")))
  }

  @Test("labelled images are enough, and the plan says what is learnt of them")
  func labeledAlone() throws {
    var settings = try settings(SupervisedSegmentation.Settings.self)
    settings.run.unlabeled = LabelSource()
    let run = try SegmentationRun(settings)
    #expect(run.data.unlabeled == nil)
    let plan = settings.plan.filter { $0.contains("pre-trained") || $0.hasPrefix("CPC") }
    #expect(
      plan == [
        "stage-0, before all others: the encoder is pre-trained from random weights on the labelled images, none with its labels, 2 steps of 2",
        "CPC: the encoder sees 4×4 patches of 16 pixels every 8 in a view of 40×40; from all patches down to a row it learns to tell those "
          + "2 to 3 rows below among all 32 of the step",
      ])
    let stage = try PretrainingRun(PretrainingRunSettings(of: run.settings), data: run.data)
    #expect(stage.data.images.count == 3 && stage.data.images.images.allSatisfy { $0.mask == nil })
    // What `settings.yaml` of the stage keeps reads back.
    let again = try PretrainingRunSettings.resolved([.init(yaml: stage.settings.yaml, name: "settings.yaml")])
    #expect(again == stage.settings)
  }

  @Test("images that no view makes large enough for the patches are refused before anything is written")
  func tooSmall() throws {
    let settings = try settings(
      SupervisedSegmentation.Settings.self,
      ["pretraining.cpc={patch: 64, stride: 32, rows: 7, columns: 7, predict_to: 3}"])
    let message = try #require(errorMessage { _ = try SegmentationRun(settings) })
    #expect(
      message.contains("/000001.jpg: is ") && message.contains("cover 256×256; fewer or smaller patches"), "\(message)")
    #expect(!message.contains("\n"))
  }

  @Test("the weights of a whole network are refused: pre-training would part its decoder from its encoder")
  func wholeNetwork() throws {
    let network = TinySegmentation.network()
    let file = Path.join(folder.path, "whole.safetensors")
    try SafetensorsFile.write(
      network.stateDict().entries.map { SafetensorsFile.Source(name: $0.name, tensor: $0.tensor) }, to: file)
    let settings = try settings(
      SupervisedSegmentation.Settings.self, ["initial_weights=\(file)", "replace_predictor=true", "model.width=8"])
    let place = try RunFolder.create(Path.join(folder.path, "run"))
    let message = try #require(
      errorMessage { _ = try SegmentationRun(settings).start(in: place, command: ["seg-train"]) })
    #expect(message.hasPrefix("\(file): holds a whole network") && !message.contains("\n"), "\(message)")
  }
}
