import Randomness
import Testing

@testable import Views

/// Views that their images fill whatever size is drawn.
@Suite struct LeastSizeTests {
  @Test(
    "what is too small is enlarged in proportion until both sides fit, and nothing else is changed",
    arguments: [
      (100, 200, 64, 64, 100, 200), (40, 200, 64, 64, 64, 320), (40, 20, 64, 64, 128, 64), (64, 64, 64, 64, 64, 64),
      (63, 500, 64, 96, 64, 508), (10, 15, 64, 96, 64, 96),
    ])
  func enlarged(height: Int, width: Int, least: Int, leastWidth: Int, newHeight: Int, newWidth: Int) {
    var plan = ViewPlan(originalHeight: height, originalWidth: width)
    var generator = SeededGenerator(seed: 1)
    LeastSize(height: least, width: leastWidth).adjust(&plan, using: &generator)
    #expect(plan.geometry.height == newHeight && plan.geometry.width == newWidth)
    var fresh = SeededGenerator(seed: 1)
    #expect(generator.next() == fresh.next(), "nothing is drawn")
  }

  @Test("every view is full: its part lies within the resized image, mirrored or not")
  func full() {
    var settings = SegmentationViewSettings()
    (settings.resize, settings.scaleFrom, settings.scaleTo) = (.own, 0.3, 1.5)
    var factors: Set<Int> = []
    for seed in 0..<200 {
      var plan = ViewPlan(originalHeight: 90, originalWidth: 150)
      var generator = SeededGenerator(seed: UInt64(seed))
      for part in settings.weak(filling: 64, 96) { part.adjust(&plan, using: &generator) }
      let geometry = plan.geometry
      #expect(geometry.height == 64 && geometry.width == 96)
      #expect(geometry.cropY + 64 <= geometry.scaledHeight && geometry.cropX + 96 <= geometry.scaledWidth)
      #expect(abs(Double(geometry.scaledWidth) / Double(geometry.scaledHeight) - 150.0 / 90) < 0.05)
      factors.insert(geometry.scaledWidth)
    }
    #expect(factors.contains(107) && factors.count > 50)
  }

  @Test(
    "the greatest size is the one that the greatest factor gives",
    arguments: [
      (SegmentationViewSettings.Resize.own, 2.0, 90, 150, 180, 300), (.base, 2, 90, 150, 480, 800),
      (.base, 0.5, 150, 90, 200, 120),
    ])
  func largest(
    resize: SegmentationViewSettings.Resize, factor: Double, height: Int, width: Int, most: Int, mostWidth: Int
  ) {
    var settings = SegmentationViewSettings()
    (settings.resize, settings.scaleTo) = (resize, factor)
    let largest = settings.largestSize(height: height, width: width)
    #expect(largest.height == most && largest.width == mostWidth)
    for seed in 0..<100 {
      var plan = ViewPlan(originalHeight: height, originalWidth: width)
      var generator = SeededGenerator(seed: UInt64(seed))
      settings.weak[0].adjust(&plan, using: &generator)
      #expect(plan.geometry.height <= most && plan.geometry.width <= mostWidth)
    }
  }
}
