import Annotations
import Backbone
import Documents
import Imaging
import Layers
import Samples
import TestSupport
import Testing
import Torch

@testable import Segmentation

@Suite struct SavedSegmenterTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  static let classes = ClassTable(
    [
      .init(id: 7, name: "road, \"paved\"", color: RGB(128, 64, 0)),
      .init(id: 8, name: "Wiese", color: RGB(0, 10, 255)),
      .init(id: 255, name: "sky", color: RGB(1, 2, 3)),
    ], ignoredIDs: [0, 11])

  /// Writes a state dict as a weight file.
  private func write(
    _ state: StateDict, to name: String = "weights.safetensors", metadata: [String: String] = [:]
  ) throws -> String {
    let path = try folder.file(name)
    let entries = state.entries.map { entry in
      let bytes = entry.tensor.withBytes { Array($0) }
      return StoredWeights.Entry(
        name: entry.name,
        tensor: StoredTensor(elementType: entry.tensor.elementType, shape: entry.tensor.shape, bytes: bytes))
    }
    try SafetensorsFile.write(entries, metadata: metadata, to: path)
    return path
  }

  private func differing(_ a: SegmentationNetwork, _ b: SegmentationNetwork) -> [String] {
    zip(a.stateDict().entries, b.stateDict().entries).filter { !$0.tensor.isEqual(to: $1.tensor) }.map(\.0.name)
  }

  private func fresh(_ settings: SegmentationNetworkSettings, classes: Int = 3, seed: UInt64 = 9) -> SegmentationNetwork
  {
    settings.make(classCount: classes, using: Generator(seed: seed))
  }

  @Test("a checkpoint gives the network, the reading and the classes back", arguments: SegmentationNetworkKind.allCases)
  func checkpoint(kind: SegmentationNetworkKind) throws {
    let source = smallNetwork(kind)
    var input = SegmenterMetadata.Input()
    (input.inference.shortSide, input.inference.longSide) = (96, 200)
    let metadata = SegmenterMetadata(network: source.settings, input: input, classes: Self.classes)
    _ = try write(source.stateDict(), to: "run/checkpoints/last.safetensors", metadata: metadata.entries)
    let saved = try SavedSegmenter(checkpoint: Path.join(folder.path, "run"))
    #expect(saved.network.settings == source.settings && saved.input == input && saved.classes == Self.classes)
    #expect(differing(source, saved.network).isEmpty && !saved.network.isTraining)
    #expect(
      saved.notes[0].hasSuffix(source.summary) && saved.notes[1].hasSuffix("3 classes: road, \"paved\", Wiese, sky"))
    let images = Golden.values("images", [1, 3, 40, 56])
    source.evaluate()
    #expect(saved.network.logits(of: images).isEqual(to: source.logits(of: images)))
  }

  @Test(
    "a file that cannot be is refused in one line",
    arguments: [
      ("classes", "[{\"id\": 256, \"name\": \"a\", \"color\": \"#000000\"}]", "at place 0"),
      ("classes", "[]", "has 0 classes"), ("ignored_ids", "[7]", "none ignored"),
      ("ignored_ids", "[300]", "numbers of 0…255"),
      ("segmenter", "kind: unet", "'kind' is 'unet'"),
      ("task", "detection", "is a detector's, which finds boxes (`predict detect`)"),
      ("task", "other", "does not say which segmentation network"),
    ])
  func damaged(key: String, value: String, reason: String) throws {
    let source = smallNetwork(.fcn)
    var entries = SegmenterMetadata(network: source.settings, input: .init(), classes: Self.classes).entries
    entries[key] = value
    let path = try write(source.stateDict(), metadata: entries)
    let message = try #require(errorMessage { _ = try SavedSegmenter(checkpoint: path) })
    #expect(message.hasPrefix(path) && message.contains(reason) && !message.contains("\n"), "\(message)")
  }

  @Test("torchvision's state dicts load with their own number of classes, with and without an auxiliary head")
  func torchvision() throws {
    let settings = try #require(SavedSegmenter.models["fcn_resnet50"])
    let source = fresh(settings, classes: 21)
    let path = try write(source.stateDict(), to: "fcn_resnet50.safetensors")
    let saved = try SavedSegmenter(model: "fcn_resnet50", weights: path)
    #expect(differing(source, saved.network).isEmpty)
    #expect(saved.classes.names[15] == "person" && saved.classes.classes[15].color == RGB(192, 128, 128))
    #expect(saved.input.inference.shortSide == 520)
    let without = StateDict(source.stateDict().entries.filter { !$0.name.hasPrefix("aux_classifier.") })
    let plain = try SavedSegmenter(model: "fcn_resnet50", weights: write(without))
    #expect(plain.network.settings.auxiliaryWeight == 0)
    #expect(plain.network.stateDict().names == without.names)
    let wrong = errorMessage { _ = try SavedSegmenter(model: "fcn_resnet50", weights: path, classes: Self.classes) }
    #expect(wrong == "\(path): has 21 classes, wanted are 3")
    let other = errorMessage { _ = try SavedSegmenter(model: "deeplabv3_resnet50", weights: path) }
    #expect(other?.hasPrefix("\(path): weights do not fit the model: ") == true)
    let bare = try write(source.backbone.stateDict(), to: "backbone.safetensors")
    #expect(
      errorMessage { _ = try SavedSegmenter(model: "fcn_resnet50", weights: bare) }
        == "\(bare): is not a state dict of fcn_resnet50: 'classifier.4.bias' is missing")
    let unknown = errorMessage { _ = try SavedSegmenter(model: "fcn", weights: path) }
    #expect(
      unknown
        == "model 'fcn' is not known; there is deeplabv3_resnet101, deeplabv3_resnet50, fcn_resnet101, fcn_resnet50, "
        + "segformer_b0, segformer_b1")
  }

  @Test(
    "for other classes all but the predictors is loaded; without that wish the shapes are an error",
    arguments: [
      SegmentationNetworkKind.deeplabv3plus, .pspnet, .deeplabv2, .deeplabv3, .fcn, .segformerB0,
    ])
  func otherClasses(kind: SegmentationNetworkKind) throws {
    let source = smallNetwork(kind, classes: 7) { $0.auxiliaryWeight = 0.4 }
    let path = try write(source.stateDict())
    let target = fresh(source.settings)
    let message = errorMessage { try SegmenterWeights.load(path, into: target) }
    #expect(message?.contains("is [7") == true, "\(message ?? "none")")
    let before = StateDict(target.stateDict().entries.map { ($0.name, $0.tensor.copied()) })
    let outcome = try SegmenterWeights.load(path, into: target, replacingPredictor: true)
    #expect(outcome.isWholeNetwork && outcome.notes.last?.hasSuffix("; the predictor is new") == true)
    for (loaded, own) in zip(zip(source.stateDict().entries, target.stateDict().entries), before.entries) {
      let isPredictor = target.predictorPrefixes.contains { own.name.hasPrefix($0) }
      #expect(loaded.1.tensor.isEqual(to: isPredictor ? own.tensor : loaded.0.tensor), "\(own.name)")
    }
    #expect(target.predictorPrefixes.count == 2)
  }

  @Test("a classifier's file loads into the backbone alone", arguments: [BackboneKind.resnet18, .efficientnetLite0])
  func backbone(kind: BackboneKind) throws {
    let generator = Generator(seed: 4)
    let norm = NormOptions(mode: .trained)
    let classifier: FeatureExtractor =
      kind == .resnet18
      ? ResNet(.depth18, norm: norm, classes: 10, using: generator)
      : EfficientNetLite0(norm: norm, classes: 10, using: generator)
    let path = try write(classifier.stateDict().renamed(classifier.publishedNames.reversed))
    let network = smallNetwork(kind == .resnet18 ? .deeplabv3plus : .deeplabv3plusLight)
    let head = network.stateDict()["classifier.predictor.weight"]?.copied()
    let outcome = try SegmenterWeights.load(path, into: network)
    #expect(!outcome.isWholeNetwork && outcome.notes[0].contains("of its classifier are not used"))
    for entry in network.backbone.stateDict().entries {
      #expect(classifier.stateDict()[entry.name].map { $0.isEqual(to: entry.tensor) } == true, "\(entry.name)")
    }
    #expect(try #require(network.stateDict()["classifier.predictor.weight"]).isEqual(to: try #require(head)))
  }

  @Test("transformers' SegFormer loads under its own names, whole or the encoder alone")
  func segFormer() throws {
    let source = fresh(SegmentationNetworkSettings(kind: .segformerB0), classes: 7, seed: 4)
    let published = source.stateDict().renamed(SegFormerNames.table.reversed)
    let whole = try write(published, to: "whole.safetensors")
    let saved = try SavedSegmenter(model: "segformer_b0", weights: whole)
    #expect(differing(source, saved.network).isEmpty && saved.classes.count == 7)
    #expect(saved.input.inference.shortSide == 512 && saved.network.settings.torchvisionName == nil)

    let target = fresh(source.settings, classes: 3)
    let predictor = ["classifier.classifier.weight", "classifier.classifier.bias"]
    let message = errorMessage { try SegmenterWeights.load(whole, into: target) }
    #expect(message?.contains("decode_head.classifier.weight is [7, 256, 1, 1], wanted [3, 256, 1, 1]") == true)
    let outcome = try SegmenterWeights.load(whole, into: target, replacingPredictor: true)
    #expect(outcome.isWholeNetwork && outcome.notes[0].hasSuffix("; the predictor is new"))
    let own = target.stateDict()
    #expect(
      source.stateDict().entries.filter { !predictor.contains($0.name) }
        .allSatisfy { own[$0.name]?.isEqual(to: $0.tensor) == true })
    let other = errorMessage {
      try SegmenterWeights.load(whole, into: fresh(SegmentationNetworkSettings(kind: .segformerB1)))
    }
    #expect(
      other?.contains("segformer.encoder.patch_embeddings.0.proj.weight is [32, 3, 7, 7]") == true, "\(other ?? "")")

    let encoder = source.backbone.stateDict().addingPrefix("segformer.encoder.")
    let classifier = StateDict(
      encoder.entries + [("classifier.weight", .zeros([1000, 256])), ("classifier.bias", .zeros([1000]))])
    for (name, state) in [("classifier", classifier), ("model", encoder.removingPrefix("segformer."))] {
      let path = try write(state, to: name + ".safetensors")
      let initial = try InitialSegmenter(source.settings, weights: path, classCount: 3, seed: 5)
      #expect(initial.notes[0].contains("backbone: loaded 192 of 192 tensors"), "\(initial.notes[0])")
      #expect(initial.notes[0].contains("2 of its classifier are not used") == (name == "classifier"))
      let loaded = initial.network.backbone.stateDict()
      #expect(source.backbone.stateDict().entries.allSatisfy { loaded[$0.name]?.isEqual(to: $0.tensor) == true })
      #expect(
        errorMessage { try SegmenterWeights.load(path, into: smallNetwork(.pspnet)) }
          == "\(path): its encoder is a Mix Transformer, backbone.kind is resnet18")
    }
    let missing = try InitialSegmenter(source.settings, weights: "imagenet", classCount: 3, seed: 5)
    #expect(
      missing.notes.count == 1
        && missing.notes[0].contains("give --weights with the weights of transformers' nvidia/mit-b0"))
  }

  @Test("weights of another stem or style are refused before anything is copied")
  func otherForms() throws {
    let deep = smallNetwork(.deeplabv3plus) { $0.backbone.stem = .deep }
    let path = try write(deep.backbone.stateDict())
    #expect(
      errorMessage { try SegmenterWeights.load(path, into: smallNetwork(.deeplabv3plus)) }
        == "\(path): its backbone has a deep stem, backbone.stem is plain")
    let caffe = smallNetwork(.deeplabv3plus) { $0.backbone.style = .caffe }
    let metadata = SegmenterMetadata(network: caffe.settings, input: .init(), classes: Self.classes)
    let saved = try write(caffe.stateDict(), metadata: metadata.entries)
    let message = errorMessage { try SegmenterWeights.load(saved, into: smallNetwork(.deeplabv3plus)) }
    #expect(message?.hasPrefix("\(saved): its backbone is of style caffe, backbone.style is pytorch: ") == true)
    let one = smallNetwork(.fcn) { $0.auxiliaryWeight = 0 }
    let both = try write(smallNetwork(.fcn).stateDict())
    let outcome = try SegmenterWeights.load(both, into: one)
    #expect(outcome.notes[0].contains("unexpected") && outcome.notes[0].contains("aux_classifier."))
  }

  @Test("without weights norms are trained and nothing is frozen, and a note says so")
  func initial() throws {
    var settings = SegmentationNetworkSettings()
    settings.backbone.kind = .resnet18
    settings.backbone.norm = .frozen
    settings.backbone.frozenStages = 2
    let random = try InitialSegmenter(settings, weights: "random", classCount: 3, seed: 5)
    #expect(random.settings.backbone.norm == .trained && random.settings.backbone.frozenStages == 0)
    #expect(random.notes == ["random first weights, batch norms trained"])
    #expect(differing(random.network, fresh(random.settings, seed: 5)).isEmpty)
    let missing = try InitialSegmenter(settings, weights: "imagenet", classCount: 3, seed: 5)
    #expect(missing.notes[0].contains("give --weights with torchvision's resnet18-….pth"))
    let path = try write(ResNet(.depth18, using: Generator(seed: 6)).stateDict())
    let loaded = try InitialSegmenter(settings, weights: path, classCount: 3, seed: 5)
    #expect(loaded.settings == settings && loaded.network.settings.backbone.norm == .frozen)
  }

  @Test("images keep their size unless the reading has one", arguments: [(0, 37, 50), (20, 20, 27)])
  func reading(shortSide: Int, height: Int, width: Int) throws {
    try ImageFile.write(Image(height: 37, width: 50, channels: 3), to: folder.file("images/a.png"))
    var inference = SegmentationInference()
    inference.shortSide = shortSide
    let reader = inference.reader(workers: 1, scaledDecoding: false, layout: BatchLayout(sizeDivisor: 1))
    let pool = try ImagePool.unlabeled(Path.join(folder.path, "images"))
    var shapes: [[Int]] = []
    let skipped = reader.forEachBatch(of: pool) { shapes.append($0.images.shape) }
    #expect(skipped.isEmpty && shapes == [[1, 3, height, width]])
  }
}
