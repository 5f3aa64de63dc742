import Backbone
import TestSupport
import Testing
import Torch
import Training

@testable import Segmentation

@Suite("SegmentationNetworkSettings") struct SegmentationNetworkSettingsTests {
  @Test(
    "rates match the output stride unless they are given",
    arguments: [
      (SegmentationNetworkKind.deeplabv3plus, 8, [12, 24, 36]), (.deeplabv3plus, 16, [6, 12, 18]),
      (.deeplabv3, 32, [3, 6, 9]), (.deeplabv2, 8, [6, 12, 18, 24]), (.deeplabv2, 16, [3, 6, 9, 12]),
      (.pspnet, 8, []), (.fcn, 8, []), (.deeplabv3plusLight, 8, [3, 6, 9]),
    ])
  func rates(kind: SegmentationNetworkKind, outputStride: Int, wanted: [Int]) {
    var settings = SegmentationNetworkSettings(kind: kind)
    settings.backbone.outputStride = outputStride
    #expect(settings.atrousRates == wanted)
    settings.rates = .list([1, 5])
    #expect(settings.atrousRates == (wanted.isEmpty ? [] : [1, 5]))
  }

  @Test("settings are read back from their YAML", arguments: SegmentationNetworkKind.allCases)
  func roundTrip(kind: SegmentationNetworkKind) throws {
    var settings = SegmentationNetworkSettings(kind: kind)
    settings.rates = .list([2, 4])
    let read = try SegmentationNetworkSettings.resolved([.init(yaml: settings.yaml, name: "s.yaml")])
    #expect(read == settings)
    let plain = SegmentationNetworkSettings(kind: kind)
    #expect(try SegmentationNetworkSettings.resolved([.init(yaml: plain.yaml, name: "s.yaml")]) == plain)
  }

  @Test("a kind brings its source's settings, and what is said beside it stays")
  func kinds() throws {
    let settings = try SegmentationNetworkSettings.resolved(
      assignments: ["kind=deeplabv3", "backbone.kind=resnet101", "rates=[1, 2, 3]"])
    #expect(settings.backbone.outputStride == 8 && settings.pyramidDropout == 0.5 && !settings.alignCorners)
    #expect(settings.backbone.kind == .resnet101 && settings.rates == .list([1, 2, 3]))
    let light = try SegmentationNetworkSettings.resolved(assignments: ["kind=deeplabv3plus_light"])
    #expect(light.backbone.kind == .efficientnetLite0 && light.backbone.lastStage == 16 && light.separable)
  }

  @Test(
    "what cannot be built is refused with the key and what is wanted",
    arguments: [
      ("rates=wide", "'rates' is 'wide', wanted matching or a list of whole numbers, as [6, 12, 18]"),
      ("rates=[0]", "'rates' is a list of 1, it must be matching or a list of whole numbers from 1 on"),
      ("backbone.output_stride=4", "'backbone.output_stride' is '4', it must be 8, 16 or 32"),
      (
        "backbone.multi_grid=[1, 2]",
        "'backbone.multi_grid' is a list of 2, it must be [] or 3 whole numbers, one for each block of the last stage"
      ),
      (
        "kind=unet",
        "'kind' is 'unet', wanted one of deeplabv3plus, deeplabv3plus_light, pspnet, deeplabv2, deeplabv3, fcn, "
          + "fcn_light, segformer_b0, segformer_b1"
      ),
      ("dropout=1", "'dropout' is '1', it must be in 0..<1"),
      ("backbone.drop_path=1", "'backbone.drop_path' is '1', it must be in 0..<1"),
    ])
  func refusals(assignment: String, message: String) {
    let found = errorMessage { _ = try SegmentationNetworkSettings.resolved(assignments: [assignment]) }
    #expect(found == "--set \(assignment): \(message)")
  }

  @Test(
    "what a Mix Transformer does not have is refused in one line",
    arguments: [
      ("backbone.output_stride=16", "'16', it must be 32, as Mix Transformers are not dilated"),
      ("backbone.last_stage=16", "'16', it must be 32, as Mix Transformers are made whole"),
      ("backbone.multi_grid=[1, 2]", "a list of 2, it must be [], as Mix Transformers have no multi-grid"),
      ("backbone.norm=frozen", "'frozen', it must be trained, as Mix Transformers have no batch norms"),
      ("backbone.norm_epsilon=0.1", "'0.1', it must be published, as Mix Transformers have no batch norms"),
      ("backbone.style=caffe", "'caffe', it must be pytorch, as Mix Transformers have one kind of weights only"),
      ("backbone.stem=deep", "'deep', it must be plain, as Mix Transformers have one stem only"),
      ("separable=true", "'true', it must be false, as segformer_b0 has no convolution that is split"),
    ])
  func mixTransformer(assignment: String, wanted: String) {
    let key = assignment.prefix { $0 != "=" }
    let found = errorMessage {
      _ = try SegmentationNetworkSettings.resolved(assignments: ["kind=segformer_b0", assignment])
    }
    #expect(found == "--set \(assignment): '\(key)' is \(wanted)")
  }

  @Test("SegFormer brings its source's settings; decoders and encoders may be put together otherwise")
  func segFormer() throws {
    let settings = try SegmentationNetworkSettings.resolved(assignments: ["kind=segformer_b1"])
    #expect(settings.backbone.kind == .mitB1 && settings.backbone.outputStride == 32 && !settings.alignCorners)
    #expect(settings.backbone.dropPath == 0.1 && settings.dropout == 0.1 && settings.width == 256)
    #expect(settings.backbone.inputNormalization == .imageNet)
    let images = Golden.values("images", [2, 3, 64, 64])
    let onMix = try SegmentationNetworkSettings.resolved(
      assignments: ["kind=fcn", "width=8", "backbone.kind=mit_b0", "backbone.output_stride=32", "auxiliary_weight=0"])
    let onResNet = try SegmentationNetworkSettings.resolved(
      assignments: ["kind=segformer_b0", "width=8", "backbone.kind=resnet18", "backbone.drop_path=0"])
    for settings in [onMix, onResNet] {
      let network = settings.make(classCount: 2, using: Generator(seed: 1))
      #expect(network(images, dropoutFrom: Generator(seed: 1)).logits.shape == [2, 2, 64, 64])
    }
  }

  @Test("a separable decoder is refused where nothing is split")
  func separable() {
    let message = errorMessage {
      _ = try SegmentationNetworkSettings.resolved(assignments: ["kind=fcn", "separable=true"])
    }
    #expect(
      message
        == "--set separable=true: 'separable' is 'true', it must be false, as fcn has no convolution that is split")
  }
}
