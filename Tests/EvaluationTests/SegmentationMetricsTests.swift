import Documents
import Evaluation
import Randomness
import Testing

@Suite struct SegmentationMetricsTests {
  private let names = ["a", "b", "c", "d"]
  private static let rounding = 1e-12

  /// Classes a and b are in the truth; c is predicted only; d is nowhere.
  private var matrix: ConfusionMatrix {
    var matrix = ConfusionMatrix(classCount: 4)
    matrix.add(truth: [0, 0, 0, 0, 0, 0, 1, 1, 1, 255], prediction: [0, 0, 0, 0, 1, 2, 1, 1, 0, 3])
    return matrix
  }

  @Test("the four figures by hand: absent classes left out")
  func skipped() {
    let metrics = SegmentationMetrics(matrix, names: names)
    // a: 4 of 6 + 1; b: 2 of 3 + 1.
    #expect(metrics.classes.map(\.IoU) == [4.0 / 7, 0.5, -1, -1])
    #expect(metrics.classes.map(\.accuracy) == [4.0 / 6, 2.0 / 3, -1, -1])
    #expect(abs(metrics.mIoU - (4.0 / 7 + 0.5) / 2) < Self.rounding)
    #expect(abs(metrics.pixelAccuracy - 6.0 / 9) < Self.rounding)
    #expect(abs(metrics.meanAccuracy - 2.0 / 3) < Self.rounding)
    #expect(abs(metrics.frequencyWeightedIoU - (6.0 / 9 * 4 / 7 + 3.0 / 9 * 0.5)) < Self.rounding)
    #expect(metrics.absent == ["c", "d"] && metrics.pixels == 9 && metrics.ignoredPixels == 1)
  }

  @Test("the other conventions count c, or c and d, as 0")
  func conventions() {
    let sum = 4.0 / 7 + 0.5
    let unless = SegmentationMetrics(matrix, names: names, absentClasses: .skippedUnlessPredicted)
    #expect(abs(unless.mIoU - sum / 3) < Self.rounding && unless.classes.map(\.IoU) == [4.0 / 7, 0.5, 0, -1])
    let zero = SegmentationMetrics(matrix, names: names, absentClasses: .zero)
    #expect(abs(zero.mIoU - sum / 4) < Self.rounding && zero.classes.map(\.IoU) == [4.0 / 7, 0.5, 0, 0])
    #expect(abs(zero.meanAccuracy - (4.0 / 6 + 2.0 / 3) / 4) < Self.rounding)
    #expect(unless.frequencyWeightedIoU == zero.frequencyWeightedIoU && unless.pixelAccuracy == zero.pixelAccuracy)
  }

  @Test("a perfect prediction has 1 everywhere, nothing judged -1")
  func extremes() {
    var matrix = ConfusionMatrix(classCount: 2)
    #expect(SegmentationMetrics(matrix, names: ["a", "b"]).summary.map(\.value) == [-1, -1, -1, -1])
    #expect(SegmentationMetrics(matrix, names: ["a", "b"], absentClasses: .zero).mIoU == -1)
    matrix.add(truth: [0, 1, 1], prediction: [0, 1, 1])
    #expect(SegmentationMetrics(matrix, names: ["a", "b"]).summary.map(\.value) == [1, 1, 1, 1])
  }

  @Test("a prediction of no class is wrong for its pixel and for no other class")
  func noClass() {
    var matrix = ConfusionMatrix(classCount: 2)
    matrix.add(truth: [0, 0, 1, 1], prediction: [0, 255, 1, 1])
    let metrics = SegmentationMetrics(matrix, names: ["a", "b"])
    #expect(metrics.classes.map(\.IoU) == [0.5, 1] && metrics.pixelAccuracy == 0.75 && metrics.otherPixels == 1)
  }

  @Test("renaming the classes of both maps changes no figure; figures are those of sets of pixels")
  func properties() {
    var generator = SeededGenerator(seed: 5)
    let truth = (0..<600).map { _ in UInt8(generator.integer(below: 4)) }
    let prediction = truth.map { generator.chance(0.6) ? $0 : UInt8(generator.integer(below: 4)) }
    var (matrix, renamed) = (ConfusionMatrix(classCount: 4), ConfusionMatrix(classCount: 4))
    matrix.add(truth: truth, prediction: prediction)
    renamed.add(truth: truth.map { 3 - $0 }, prediction: prediction.map { 3 - $0 })
    let (one, other) = (SegmentationMetrics(matrix, names: names), SegmentationMetrics(renamed, names: names))
    #expect(zip(one.summary, other.summary).allSatisfy { abs($0.value - $1.value) < Self.rounding })
    for index in 0..<4 {
      let wanted = Set(truth.indices.filter { truth[$0] == index })
      let found = Set(truth.indices.filter { prediction[$0] == index })
      #expect(
        one.classes[index].IoU == Double(wanted.intersection(found).count) / Double(wanted.union(found).count))
    }
  }

  @Test("the JSON has the promised keys")
  func json() {
    let json = SegmentationMetrics(matrix, names: names).json
    #expect(
      json.object?.keys == [
        "mIoU", "pixelAccuracy", "meanAccuracy", "frequencyWeightedIoU", "classes", "classAccuracies", "absentClasses",
        "absentFromTruth", "pixels", "ignoredPixels", "otherPixels",
      ])
    #expect(json["absentClasses"] == "skipped" && json["absentFromTruth"] == ["c", "d"])
    #expect(json["classes"]?["b"]?.double == 0.5 && json["classes"]?["c"]?.int == -1)
  }
}
