import Documents
import TestSupport
import Testing

@testable import Backbone
@testable import Detection
@testable import Layers
@testable import Torch

@Suite struct DetectorWeightsTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func detector(classes: Int, seed: UInt64) -> FasterRCNN {
    var settings = FasterRCNNSettings()
    settings.backbone.kind = .resnet18
    settings.backbone.pyramidWidth = 16
    settings.regions.hiddenSize = 8
    return FasterRCNN(settings, classCount: classes, using: Generator(seed: seed))
  }

  /// Writes a state dict as a weight file.
  private func write(_ state: StateDict) throws -> String {
    let path = try folder.file("weights.safetensors")
    let entries = state.entries.map { entry in
      let bytes = entry.tensor.withBytes { Array($0) }
      return StoredWeights.Entry(
        name: entry.name,
        tensor: StoredTensor(elementType: entry.tensor.elementType, shape: entry.tensor.shape, bytes: bytes))
    }
    try SafetensorsFile.write(entries, to: path)
    return path
  }

  private func differing(_ a: FasterRCNN, _ b: FasterRCNN) -> [String] {
    zip(a.stateDict().entries, b.stateDict().entries).filter { !$0.tensor.isEqual(to: $1.tensor) }.map(\.0.name)
  }

  @Test("a whole detector loads in both spellings of its names", arguments: [false, true])
  func spellings(isOlder: Bool) throws {
    let source = detector(classes: 3, seed: 1)
    let state = source.stateDict()
    let path = try write(isOlder ? state.renamed(FasterRCNN.olderNames.reversed) : state)
    let target = detector(classes: 3, seed: 2)
    #expect(!differing(source, target).isEmpty)
    let outcome = try DetectorWeights.load(path, into: target)
    #expect(outcome.isWholeDetector && outcome.normEpsilon == nil)
    #expect(differing(source, target) == [])
  }

  @Test("for other classes all but the predictor is loaded; without that wish the shapes are an error")
  func otherClasses() throws {
    let source = detector(classes: 90, seed: 1)
    let path = try write(source.stateDict())
    let target = detector(classes: 2, seed: 2)
    let message = errorMessage { try DetectorWeights.load(path, into: target) }
    #expect(
      message?.hasPrefix("\(path): ") == true
        && message?.contains("roi_heads.box_predictor.cls_score.weight is [91, 8], wanted [3, 8]") == true,
      "\(message ?? "no error")")
    let before = target.stateDict()["roi_heads.box_predictor.cls_score.weight"]?.doubles
    let outcome = try DetectorWeights.load(path, into: target, replacingPredictor: true)
    #expect(outcome.notes.first?.contains("the predictor is new") == true)
    #expect(target.stateDict()["roi_heads.box_predictor.cls_score.weight"]?.doubles == before)
    let loaded = zip(source.stateDict().entries, target.stateDict().entries)
      .filter { !$0.0.name.hasPrefix("roi_heads.box_predictor.") }
    #expect(loaded.allSatisfy { $0.tensor.isEqual(to: $1.tensor) })
  }

  @Test("a missing tensor is an error that names it")
  func missing() throws {
    let state = detector(classes: 2, seed: 1).stateDict()
    let path = try write(StateDict(state.entries.filter { $0.name != "rpn.head.cls_logits.bias" }))
    let message = errorMessage { try DetectorWeights.load(path, into: detector(classes: 2, seed: 2)) }
    #expect(message?.contains("missing 1: rpn.head.cls_logits.bias") == true, "\(message ?? "no error")")
  }

  @Test("an epsilon that is asked for is given to the batch norms, and said")
  func epsilon() throws {
    let source = detector(classes: 2, seed: 1)
    let path = try write(source.stateDict())
    let target = detector(classes: 2, seed: 2)
    let pixels = Tensor.normal([1, 3, 64, 64], using: Generator(seed: 3))
    let images = ImageBatch(pixels: pixels, sizes: [(64, 64)])
    target.evaluate()
    try DetectorWeights.load(path, into: target)
    let plain = withoutGradients { target.features(images)[0].doubles }
    let outcome = try DetectorWeights.load(path, into: target, epsilon: 0.1)
    #expect(outcome.normEpsilon == 0.1 && outcome.notes.contains("batch-norm epsilon 0.1, as asked for"))
    #expect(withoutGradients { target.features(images)[0].doubles } != plain)
  }
}
