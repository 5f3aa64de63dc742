import Backbone
import TestSupport
import Testing

@testable import Detection
@testable import Layers
@testable import Torch

@Suite struct MMDetectionWeightsTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func settings(_ convention: DetectorConvention, style: BackboneStyle = .pytorch) -> FasterRCNNSettings {
    var settings = FasterRCNNSettings(convention: convention)
    settings.backbone.kind = .resnet18
    settings.backbone.style = style
    settings.backbone.pyramidWidth = 16
    settings.regions.hiddenSize = 8
    return settings
  }

  private func detector(
    _ convention: DetectorConvention = .mmdetection, style: BackboneStyle = .pytorch, classes: Int = 3, seed: UInt64 = 1
  ) -> FasterRCNN {
    FasterRCNN(settings(convention, style: style), classCount: classes, using: Generator(seed: seed))
  }

  /// A detector's weights as mmdetection would have saved them.
  private func foreign(_ detector: FasterRCNN) -> StateDict {
    StateDict(
      detector.stateDict().renamed(MMDetectionWeights.names.reversed).entries.map { name, tensor in
        let count = tensor.rank > 0 ? tensor.size(0) : 0
        switch name {
        case "roi_head.bbox_head.fc_cls.weight", "roi_head.bbox_head.fc_cls.bias":
          return (name, concatenate([tensor.sliced(axis: 0, from: 1), tensor.sliced(axis: 0, to: 1)]))
        case "roi_head.bbox_head.fc_reg.weight", "roi_head.bbox_head.fc_reg.bias":
          return (name, tensor.sliced(axis: 0, from: 4, to: count))
        default: return (name, tensor)
        }
      })
  }

  private func write(_ state: StateDict, metadata: [String: String] = [:]) throws -> String {
    let path = try folder.file("weights.safetensors")
    let entries = state.entries.map { entry in
      let bytes = entry.tensor.contiguous().withBytes { Array($0) }
      return StoredWeights.Entry(
        name: entry.name,
        tensor: StoredTensor(elementType: entry.tensor.elementType, shape: entry.tensor.shape, bytes: bytes))
    }
    try SafetensorsFile.write(entries, metadata: metadata, to: path)
    return path
  }

  private func load(_ state: StateDict, into target: FasterRCNN) throws -> [String] {
    try DetectorWeights.load(write(state), into: target).notes
  }

  @Test("a state dict of mmdetection loads by its names; background comes first, and has offsets of 0")
  func names() throws {
    let (source, target) = (detector(), detector(seed: 2))
    let state = foreign(source)
    #expect(
      state.names.contains("neck.lateral_convs.2.conv.bias")
        && state.names.contains("backbone.layer2.0.downsample.1.weight"))
    #expect(
      state.names.allSatisfy { !$0.hasPrefix("backbone.body.") && !$0.hasPrefix("rpn.") && !$0.hasPrefix("roi_heads.") }
    )
    let notes = try load(state, into: target)
    for (one, other) in zip(source.stateDict().entries, target.stateDict().entries) {
      if one.name.hasPrefix("roi_heads.box_predictor.bbox_pred.") {
        #expect(other.tensor.sliced(axis: 0, to: 4).abs().sum().scalar == 0)
        #expect(other.tensor.sliced(axis: 0, from: 4).isEqual(to: one.tensor.sliced(axis: 0, from: 4)))
      } else {
        #expect(one.tensor.isEqual(to: other.tensor), "\(one.name)")
      }
    }
    #expect(notes.contains { $0.contains("names are mmdetection's") && $0.contains("style pytorch") })
    #expect(!notes.contains { $0.hasPrefix("warning") })
  }

  @Test("of Caffe's style the first convolution takes red first")
  func blueFirst() throws {
    let (source, target) = (detector(style: .caffe), detector(style: .caffe, seed: 2))
    _ = try load(foreign(source), into: target)
    let name = "backbone.body.conv1.weight"
    let (stored, loaded) = (try #require(source.stateDict()[name]), try #require(target.stateDict()[name]))
    #expect(loaded.isEqual(to: stored.gathered(Tensor([2, 1, 0]), axis: 1)))
    // A classifier's weights alone, too.
    let body = source.backbone.body.stateDict()
    let again = detector(style: .caffe, seed: 3)
    _ = try load(body, into: again)
    #expect(try #require(again.stateDict()[name]).isEqual(to: loaded))
  }

  @Test("of a semi-supervised checkpoint the teacher is taken, and said")
  func branches() throws {
    let (student, teacher, target) = (detector(seed: 1), detector(seed: 2), detector(seed: 3))
    let both = foreign(student).addingPrefix("student.").entries + foreign(teacher).addingPrefix("teacher.").entries
    let notes = try load(StateDict(both), into: target)
    let name = "rpn.head.cls_logits.weight"
    #expect(try #require(target.stateDict()[name]).isEqual(to: #require(teacher.stateDict()[name])))
    #expect(notes.contains { $0.contains("the teacher of a semi-supervised checkpoint") })
  }

  @Test("what is missing, left over or of another shape is named as mmdetection names it, in one line")
  func misfits() throws {
    let state = foreign(detector())
    let without = StateDict(state.entries.filter { $0.name != "rpn_head.rpn_cls.bias" })
    let missing = errorMessage { _ = try load(without, into: detector(seed: 2)) }
    #expect(missing?.contains("missing 1: rpn_head.rpn_cls.bias") == true, "\(missing ?? "no error")")
    let more = StateDict(state.entries + [("roi_head.mask_head.upsample.weight", .zeros([2]))])
    let unexpected = errorMessage { _ = try load(more, into: detector(seed: 2)) }
    #expect(unexpected?.contains("unexpected 1: roi_head.mask_head.upsample.weight") == true, "\(unexpected ?? "")")
    let shapes = errorMessage { _ = try load(state, into: detector(classes: 5, seed: 2)) }
    #expect(shapes?.contains("roi_head.bbox_head.fc_cls.weight is [4, 8], wanted [6, 8]") == true, "\(shapes ?? "")")
    #expect(shapes?.contains("roi_head.bbox_head.fc_reg.weight is [12, 8], wanted [20, 8]") == true, "\(shapes ?? "")")
    let replaced = try DetectorWeights.load(write(state), into: detector(classes: 5, seed: 2), replacingPredictor: true)
    #expect(replaced.notes.contains { $0.hasSuffix("the predictor is new") })
  }

  @Test("weights of the other convention load with one warning, of another style of backbone not at all")
  func otherConvention() throws {
    func warnings(_ notes: [String]) -> [String] { notes.filter { $0.hasPrefix("warning") } }
    let ours = try warnings(load(foreign(detector()), into: detector(.torchvision, seed: 2)))
    #expect(ours.count == 1 && ours[0].contains("mmdetection's convention") && ours[0].contains("AP"))
    let theirs = try warnings(load(detector(.torchvision).stateDict(), into: detector(seed: 2)))
    #expect(theirs.count == 1 && theirs[0].contains("was trained in torchvision's convention"))
    let refused = errorMessage { _ = try load(detector(.torchvision).stateDict(), into: detector(style: .caffe)) }
    #expect(refused?.contains("of style pytorch, model.backbone.style is caffe") == true, "\(refused ?? "no error")")
    // A checkpoint of this toolkit says its convention, whatever its names.
    let own = detector(style: .caffe)
    let metadata = DetectorMetadata(detector: own.settings, input: .init(), classes: ["a", "b", "c"]).entries
    let path = try write(own.stateDict(), metadata: metadata)
    let notes = try DetectorWeights.load(path, into: detector(style: .caffe, seed: 2)).notes
    #expect(warnings(notes).isEmpty)
    let saved = try SavedDetector(checkpoint: path)
    #expect(saved.detector.settings == own.settings)
  }

  @Test("mmdetection's models are known by its names, with COCO's 80 classes")
  func models() {
    #expect(SavedDetector.models["faster-rcnn_r50-caffe_fpn"]?.backbone.style == .caffe)
    #expect(SavedDetector.models["faster-rcnn_r50_fpn"]?.convention == .mmdetection)
    #expect(COCOClasses.used.count == 80 && COCOClasses.used.first == "person" && COCOClasses.used.last == "toothbrush")
  }
}
