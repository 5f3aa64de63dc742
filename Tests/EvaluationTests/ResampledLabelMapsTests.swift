import Randomness
import Testing

@testable import Evaluation

@Suite("ResampledLabelMaps")
struct ResampledLabelMapsTests {
  private let names = ["sky", "road", "car", "boat"]

  /// Label maps of 40 pixels; boats are never true, but predicted in one image.
  private func matrices(_ seed: UInt64) -> [ConfusionMatrix] {
    var generator = SeededGenerator(seed: seed)
    return (0..<12).map { image in
      var matrix = ConfusionMatrix(classCount: 4)
      let truth = (0..<40).map { _ in generator.chance(0.1) ? 255 : UInt8(generator.integer(below: image < 3 ? 3 : 2)) }
      let prediction = truth.map { value -> UInt8 in
        generator.chance(0.7) ? min(value, 2) : image == 4 ? 3 : UInt8(generator.integer(below: 3))
      }
      matrix.add(truth: truth, prediction: prediction)
      return matrix
    }
  }

  @Test("figures are those of the matrices added up as often as drawn", arguments: AbsentClasses.allCases)
  func weights(_ rule: AbsentClasses) {
    let images = matrices(1)
    let maps = ResampledLabelMaps(images, names: names, absentClasses: rule)
    for weights in [
      [Int32](repeating: 1, count: 12), [0, 0, 0, 2, 1, 0, 3, 1, 1, 0, 2, 2], [5, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 0],
    ] {
      var sum = ConfusionMatrix(classCount: 4)
      for (image, weight) in zip(images, weights) { for _ in 0..<weight { sum.merge(image) } }
      let metrics = SegmentationMetrics(sum, names: names, absentClasses: rule)
      let found = weights.withUnsafeBufferPointer { maps.figures($0) }.map { $0.isNaN ? -1 : $0 }
      #expect(found == [metrics.mIoU] + metrics.classes.map(\.IoU))
    }
  }

  @Test("identical runs do not differ, and a class that occurs in no sample is nothing to judge by")
  func identical() {
    let maps = ResampledLabelMaps(matrices(1), names: names)
    let bootstrap = PairedBootstrap(maps, maps, samples: 40)
    #expect(bootstrap.all.verdict == .same && bootstrap.parts[3].verdict == .nothing)
    // Cars are in three of twelve images: some samples have none.
    #expect((1..<40).contains(bootstrap.parts[2].samples))
  }
}
