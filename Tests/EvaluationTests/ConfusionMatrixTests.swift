import Evaluation
import Randomness
import Testing

@Suite struct ConfusionMatrixTests {
  /// The definition, pixel by pixel.
  private func counted(_ truth: [UInt8], _ prediction: [UInt8], _ count: Int) -> [Int64] {
    var counts = [Int64](repeating: 0, count: count * (count + 1))
    for (t, p) in zip(truth, prediction) where t != 255 {
      counts[Int(t) * (count + 1) + (Int(p) < count ? Int(p) : count)] += 1
    }
    return counts
  }

  private func maps(_ generator: inout SeededGenerator, pixels: Int, classes: Int, others: [UInt8]) -> [UInt8] {
    // Runs, as label maps have them.
    var map: [UInt8] = []
    while map.count < pixels {
      let value =
        generator.chance(0.2)
        ? others[generator.integer(below: others.count)] : UInt8(generator.integer(below: classes))
      map += [UInt8](repeating: value, count: 1 + generator.integer(below: 9))
    }
    return Array(map.prefix(pixels))
  }

  @Test("counts are those of a plain loop, for any number of classes and pixels", arguments: [1, 2, 11, 21, 150, 255])
  func reference(classes: Int) {
    var generator = SeededGenerator(seed: UInt64(classes))
    var sum = ConfusionMatrix(classCount: classes)
    var merged = ConfusionMatrix(classCount: classes)
    for pixels in [0, 1, 2, 7, 1000, 4097] {
      let truth = maps(&generator, pixels: pixels, classes: classes, others: [255])
      let prediction = maps(&generator, pixels: pixels, classes: classes, others: [255, UInt8(min(254, classes)), 254])
      var one = ConfusionMatrix(classCount: classes)
      one.add(truth: truth, prediction: prediction)
      #expect(one.counts == counted(truth, prediction, classes))
      #expect(one.ignoredPixels == Int64(truth.count { $0 == 255 }))
      #expect(one.pixels + one.ignoredPixels == Int64(pixels))
      sum.add(truth: truth, prediction: prediction)
      merged.merge(one)
    }
    #expect(sum == merged)
  }

  @Test("rows, columns and the column for no class, by hand")
  func byHand() {
    var matrix = ConfusionMatrix(classCount: 3)
    matrix.add(truth: [0, 0, 0, 1, 1, 255, 2, 2], prediction: [0, 1, 7, 1, 1, 0, 255, 0])
    #expect(matrix.counts == [1, 1, 0, 1, 0, 2, 0, 0, 1, 0, 0, 1])
    #expect(matrix[truth: 0, prediction: 3] == 1 && matrix[truth: 2, prediction: 0] == 1)
    #expect(matrix.truthPixels(0) == 3 && matrix.predictedPixels(0) == 2 && matrix.predictedPixels(2) == 0)
    #expect(matrix.pixels == 7 && matrix.ignoredPixels == 1 && matrix.otherPixels == 2)
  }

  @Test("two maps of an image agree by the mean over classes that occur in either")
  func agreement() {
    let (first, second): ([UInt8], [UInt8]) = ([0, 0, 0, 1], [0, 0, 1, 1])
    // Class 0: 2 of 3, class 1: 1 of 2; classes 2 and 3 occur in neither.
    #expect(abs(ConfusionMatrix.meanIoU(first, second, classCount: 4) - (2.0 / 3 + 0.5) / 2) < 1e-15)
    #expect(
      ConfusionMatrix.meanIoU(first, second, classCount: 4) == ConfusionMatrix.meanIoU(second, first, classCount: 4))
    #expect(ConfusionMatrix.meanIoU(first, first, classCount: 4) == 1)
    #expect(ConfusionMatrix.meanIoU([0, 0], [1, 1], classCount: 2) == 0)
    // A class in one map alone counts 0.
    #expect(ConfusionMatrix.meanIoU([0, 0, 0, 0], [0, 0, 0, 2], classCount: 3) == 0.375)
    // What is no class in one of them is left out of both.
    #expect(ConfusionMatrix.meanIoU([0, 255, 0, 1], [0, 0, 255, 1], classCount: 2) == 1)
    #expect(ConfusionMatrix.meanIoU([255], [255], classCount: 2) == 0)
  }

  @Test("1,000 label maps of 480×360 are counted in less than a second, in runs and as noise")
  func speed() {
    var generator = SeededGenerator(seed: 3)
    let noise = (0..<360 * 480).map { _ in UInt8(generator.integer(below: 21)) }
    let runs = maps(&generator, pixels: 360 * 480, classes: 21, others: [255])
    for (truth, prediction) in [(runs, runs), (noise, Array(noise.reversed()))] {
      // The best of some, since other programs run beside.
      let best = (0..<5).map { _ in
        var matrix = ConfusionMatrix(classCount: 21)
        return ContinuousClock().measure { for _ in 0..<50 { matrix.add(truth: truth, prediction: prediction) } }
      }.min()
      let thousand = (best ?? .seconds(1)) * 20
      #expect(thousand < .seconds(1), "took \(thousand)")
    }
  }
}
