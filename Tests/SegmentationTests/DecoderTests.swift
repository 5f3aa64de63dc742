import Backbone
import Layers
import Testing
import Torch

@testable import Segmentation

/// A decoder written out from its paper, on the weights of a network.
private struct Reference {
  let state: StateDict

  init(_ model: SegmentationNetwork) { state = model.stateDict().removingPrefix("classifier.") }

  func weight(_ name: String) throws -> Tensor { try #require(state[name], "\(name)") }

  /// A convolution, its norm in evaluation and a ReLU; the keys are `name.key` and the next.
  func unit(_ map: Tensor, _ name: String, key: Int = 0, dilation: Int = 1) throws -> Tensor {
    let kernel = try weight("\(name).\(key).weight")
    let convolved = map.convolved(kernel, padding: dilation * (kernel.size(2) / 2), dilation: dilation)
    func row(_ part: String) throws -> Tensor { try weight("\(name).\(key + 1).\(part)").reshaped(1, -1, 1, 1) }
    let deviation = (try row("running_var") + 1e-5).sqrt()
    return ((convolved - (try row("running_mean"))) / deviation * (try row("weight")) + (try row("bias"))).relu()
  }

  func predicted(_ map: Tensor, _ name: String = "predictor", dilation: Int = 1) throws -> Tensor {
    let kernel = try weight(name + ".weight")
    return map.convolved(
      kernel, bias: try weight(name + ".bias"), padding: dilation * (kernel.size(2) / 2), dilation: dilation)
  }

  /// The mean of each of bins × bins windows from ⌊i · size / bins⌋ to ⌈(i + 1) · size / bins⌉.
  static func windows(_ map: Tensor, bins: Int) -> Tensor {
    func range(_ index: Int, _ size: Int) -> (Int, Int) {
      (index * size / bins, ((index + 1) * size + bins - 1) / bins)
    }
    let rows = (0..<bins).map { y in
      let (top, bottom) = range(y, map.size(2))
      return concatenate(
        (0..<bins).map { x in
          let (left, right) = range(x, map.size(3))
          return map.sliced(axis: 2, from: top, to: bottom).sliced(axis: 3, from: left, to: right)
            .mean(2, 3, keepingAxes: true)
        }, axis: 3)
    }
    return concatenate(rows, axis: 2)
  }
}

@Suite("Decoders") struct DecoderTests {
  /// A filled network in evaluation mode and double, and its features of an image.
  static func filled(
    _ kind: SegmentationNetworkKind, _ change: (inout SegmentationNetworkSettings) -> Void = { _ in }
  ) throws -> (model: SegmentationNetwork, maps: [Tensor]) {
    let model = smallNetwork(kind, change)
    try Golden.fill(model)
    model.move(to: .cpu, elementType: .float64)
    model.evaluate()
    let maps = withoutGradients { model.features(Golden.values("odd", [1, 3, 65, 97]).to(.float64)) }
    return (model, maps)
  }

  @Test("DeepLabv3+ is what its paper says, written out", arguments: [true, false])
  func deepLabV3Plus(aligned: Bool) throws {
    let (model, maps) = try Self.filled(.deeplabv3plus) { $0.alignCorners = aligned }
    let reference = Reference(model)
    let map = maps[1]
    var branches = [try reference.unit(map, "pyramid.convs.0")]
    for (index, rate) in [6, 12, 18].enumerated() {
      branches.append(try reference.unit(map, "pyramid.convs.\(index + 1)", dilation: rate))
    }
    let mean = try reference.unit(map.mean(2, 3, keepingAxes: true), "pyramid.convs.4", key: 1)
    branches.append(mean + Tensor.zeros([1, 16, map.size(2), map.size(3)], .float64))
    let context = try reference.unit(concatenate(branches, axis: 1), "pyramid.project")
      .resizedBilinear(height: 17, width: 25, alignCorners: aligned)
    let low = try reference.unit(maps[0], "low_level")
    let fused = try reference.unit(reference.unit(concatenate([low, context], axis: 1), "fuse.0"), "fuse.1")
    #expect(Golden.difference(model.decode(maps), try reference.predicted(fused)) < Golden.double)
  }

  @Test("PSPNet is what its paper says, written out")
  func pyramidPooling() throws {
    let (model, maps) = try Self.filled(.pspnet)
    let reference = Reference(model)
    var joined = [maps[0]]
    for (index, bins) in [1, 2, 3, 6].enumerated() {
      let pooled = try reference.unit(Reference.windows(maps[0], bins: bins), "branches.\(index)")
      #expect(pooled.size(1) == 128)
      joined.append(pooled.resizedBilinear(height: maps[0].size(2), width: maps[0].size(3), alignCorners: true))
    }
    let logits = try reference.predicted(reference.unit(concatenate(joined, axis: 1), "fuse"))
    #expect(Golden.difference(model.decode(maps), logits) < Golden.double)
  }

  @Test("DeepLabv2 sums four dilated convolutions")
  func deepLabV2() throws {
    let (model, maps) = try Self.filled(.deeplabv2)
    let reference = Reference(model)
    #expect(model.settings.atrousRates == [6, 12, 18, 24])
    let parts = try [6, 12, 18, 24].enumerated().map { index, rate in
      try reference.predicted(maps[0], "branches.\(index)", dilation: rate)
    }
    let sum = parts[0] + parts[1] + parts[2] + parts[3]
    #expect(Golden.difference(model.decode(maps), sum) < Golden.double)
  }

  @Test("a split convolution is one of each channel and one across, with norms and ReLUs behind both")
  func separable() throws {
    let parts = HeadParts(SegmentationNetworkSettings(kind: .deeplabv3plusLight), using: Generator(seed: 1))
    let unit = try #require(parts.unit(4, 6, kernel: 3, dilation: 2) as? SeparableUnit)
    try Golden.fill(unit)
    unit.move(to: .cpu, elementType: .float64)
    unit.evaluate()
    let map = Golden.values("map", [2, 4, 7, 9]).to(.float64)
    let state = unit.stateDict()
    func normalised(_ map: Tensor, _ name: String) throws -> Tensor {
      func row(_ part: String) throws -> Tensor { try #require(state["\(name).1.\(part)"]).reshaped(1, -1, 1, 1) }
      let centred = (map - (try row("running_mean"))) / (try row("running_var") + 1e-5).sqrt()
      return (centred * (try row("weight")) + (try row("bias"))).relu()
    }
    let kernel = try #require(state["depthwise.0.weight"])
    let channels = (0..<4).map { channel in
      map.sliced(axis: 1, from: channel, to: channel + 1)
        .convolved(kernel.sliced(axis: 0, from: channel, to: channel + 1), padding: 2, dilation: 2)
    }
    let depthwise = try normalised(concatenate(channels, axis: 1), "depthwise")
    let across = depthwise.convolved(try #require(state["pointwise.0.weight"]))
    #expect(Golden.difference(unit(map), try normalised(across, "pointwise")) < Golden.double)
  }
}
