import Documents
import Foundation
import Testing
import TestSupport

@testable import Backbone
@testable import Detection
@testable import Layers
@testable import Torch

/// What torchvision gave for the detector of `tools/make-goldens/faster_rcnn.py`, and the same detector built here.
struct Golden {
  let json: JSON
  let elementType: ElementType

  init(_ elementType: ElementType) throws {
    self.elementType = elementType
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/faster_rcnn_\(elementType.rawValue)", withExtension: "json"))
    json = try JSON(parsing: Array(Data(contentsOf: url)), file: url.lastPathComponent)
  }

  func object(_ key: String) throws -> JSON { try #require(json[key]) }

  func list(_ key: String) throws -> [JSON] { try #require(json[key]?.array) }

  /// The detector of the script, with weights computed from their names.
  func detector() throws -> FasterRCNN {
    var settings = FasterRCNNSettings()
    settings.backbone.kind = .resnet50
    settings.backbone.norm = .frozen
    settings.backbone.frozenStages = 2
    settings.proposals.sampleCount = 64
    settings.regions.sampleCount = 64
    let model = FasterRCNN(settings, classCount: 4, using: Generator(seed: 1))
    var entries: [(name: String, tensor: Tensor)] = []
    for entry in model.stateEntries() {
      var scale = 1.0
      if entry.name.hasSuffix("bn3.weight") { scale = 0.2 }
      if entry.name.hasPrefix("rpn.head.bbox_pred") || entry.name.hasPrefix("roi_heads.box_predictor.bbox_pred") {
        scale = 0.1
      }
      let elements = DeterministicWeights.elements(entry.name, shape: entry.tensor.shape)
      entries.append((entry.name, Tensor(elements, shape: entry.tensor.shape) * scale))
    }
    try model.load(StateDict(entries), source: "formula")
    model.move(to: .cpu, elementType: elementType)
    return model
  }

  static let sizes = [(height: 97, width: 140), (height: 120, width: 90)]

  /// The bytes of a picture of the script, rows of RGB.
  static func pixels(_ index: Int) -> [UInt8] { pixels(index, of: sizes[index]) }

  /// The same in another size.
  static func pixels(_ index: Int, of size: (height: Int, width: Int)) -> [UInt8] {
    let (height, width) = size
    var result: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<3 {
          let value = x * (7 + c) + y * (11 - 2 * c) + (x / 16) * (y / 12) * 29 + index * 53
          result.append(UInt8(value % 256))
        }
      }
    }
    return result
  }

  /// The batch by tensor operations: normalise, resize, pad.
  func batch() throws -> ImageBatch {
    let sizes = try #require(json["batch"]?["sizes"]?.array).map { size in
      (height: size.array?[0].int ?? 0, width: size.array?[1].int ?? 0)
    }
    let mean = Tensor([0.485, 0.456, 0.406], shape: [3, 1, 1]).to(elementType)
    let deviation = Tensor([0.229, 0.224, 0.225], shape: [3, 1, 1]).to(elementType)
    let views = Self.sizes.indices.map { index in
      let (height, width) = Self.sizes[index]
      let bytes = Tensor(Self.pixels(index), shape: [height, width, 3]).permuted(2, 0, 1)
      let normalized = (bytes.to(elementType) / 255 - mean) / deviation
      let view = normalized.unsqueezed(0).resizedBilinear(height: sizes[index].height, width: sizes[index].width)
      return view.padded([0, 192 - sizes[index].width, 0, 192 - sizes[index].height])
    }
    return ImageBatch(pixels: concatenate(views), sizes: sizes)
  }

  /// The true boxes, mapped to the resized images as torchvision does.
  func targets(_ batch: ImageBatch) -> [DetectionTarget] {
    let boxes: [[Double]] = [
      [10, 12, 60, 70, 80, 20, 130, 90, 5, 5, 25, 30], [20, 30, 70, 100],
    ]
    let labels = [[1, 2, 4], [3]]
    return boxes.indices.map { index in
      let size = batch.sizes[index]
      // torchvision computes these ratios in float32, whatever the model's type.
      let x = Double(Float(size.width) / Float(Self.sizes[index].width))
      let y = Double(Float(size.height) / Float(Self.sizes[index].height))
      let original = Tensor(boxes[index], shape: [labels[index].count, 4]).to(elementType)
      return DetectionTarget(boxes: BoxTensors.scaled(original, x: x, y: y), labels: Tensor(labels[index]))
    }
  }
}

/// Gives the samples that the reference drew, in order.
final class RecordedSampler: RegionSampler {
  private var samples: [JSON]

  init(_ samples: [JSON]) { self.samples = samples }

  func sample(_ labels: Tensor, count: Int, positiveFraction: Double) -> (positive: Tensor, negative: Tensor) {
    let next = samples.removeFirst()
    func indices(_ key: String) -> Tensor { Tensor(next[key]?.array?.compactMap(\.int) ?? []) }
    return (indices("positive"), indices("negative"))
  }
}

/// The greatest difference from a golden's sampled elements and norm, relative to its greatest element.
func difference(_ tensor: Tensor, from golden: JSON) throws -> Double {
  let shape = try #require(golden["shape"]?.array).compactMap(\.int)
  try #require(tensor.shape == shape)
  let indices = Tensor(try #require(golden["indices"]?.array).compactMap(\.int))
  let values = try #require(golden["values"]?.array).compactMap(\.double)
  let norm = try #require(golden["norm"]?.double)
  let flat = tensor.detached().to(.float64).contiguous().flattened()
  let found = flat.gathered(indices).doubles
  let scale = max(values.map(abs).max() ?? 0, norm / Double(flat.count).squareRoot(), 1e-30)
  let worst = zip(found, values).map { abs($0 - $1) }.max() ?? 0
  return max(worst / scale, abs(flat.norm().scalar - norm) / max(norm, 1e-30))
}
