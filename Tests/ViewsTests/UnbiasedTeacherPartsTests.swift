import Foundation
import Imaging
import Randomness
import TestSupport
import Testing

@testable import Views

/// The parts of strong views that Unbiased Teacher's release has.
@Suite struct UnbiasedTeacherPartsTests {
  private static let golden = try! GoldenFile(
    path: Bundle.module.url(forResource: "Fixtures/erasing", withExtension: "safetensors")!.path)

  private func steps(_ part: any Augmentation, count: Int, height: Int = 100, width: Int = 160) -> [[ViewStep]] {
    (0..<count).map { number in
      var generator = SeededGenerator(seed: 21, stream: UInt64(number))
      var plan = ViewPlan(originalHeight: height, originalWidth: width)
      part.adjust(&plan, using: &generator)
      return plan.steps
    }
  }

  @Test("jitter draws four factors in their ranges, in all 24 orders, for as many views as it should")
  func jitter() {
    let part = ColorJitter(brightness: 0.4, contrast: 0.3, saturation: 0.2, hue: 0.1, probability: 0.8)
    var (orders, limits): ([String: Int], [String: (least: Double, most: Double)]) = ([:], [:])
    let draws = steps(part, count: 10_000)
    let changed = draws.filter { !$0.isEmpty }
    #expect(abs(Double(changed.count) / 10_000 - 0.8) < 0.02)
    for steps in changed {
      var order = ""
      for step in steps {
        guard case .color(let operation) = step else { continue }
        let (name, value): (String, Double) =
          switch operation {
          case .brightness(let factor): ("b", factor)
          case .contrast(let factor): ("c", factor)
          case .color(let factor): ("s", factor)
          case .hue(let turn): ("h", turn)
          default: ("?", 0)
          }
        order += name
        let old = limits[name] ?? (value, value)
        limits[name] = (min(old.least, value), max(old.most, value))
      }
      orders[order, default: 0] += 1
    }
    #expect(orders.count == 24 && orders.keys.allSatisfy { $0.count == 4 })
    // A twenty-fourth of 8000 draws, and five deviations.
    #expect(orders.values.allSatisfy { abs($0 - changed.count / 24) < 90 }, "\(orders)")
    for (name, (least, most)) in ["b": (0.6, 1.4), "c": (0.7, 1.3), "s": (0.8, 1.2), "h": (-0.1, 0.1)] {
      let found = limits[name] ?? (0, 0)
      let slack = 0.01 * (most - least)
      #expect(found.least >= least && found.least < least + slack && found.most <= most && found.most > most - slack)
    }
    // A strength of 0 leaves its operation out.
    let partly = steps(ColorJitter(brightness: 0.4, contrast: 0, saturation: 0, hue: 0), count: 20)
    #expect(partly.allSatisfy { $0.count == 1 && "\($0[0])".hasPrefix("brightness") })
  }

  @Test("a blur's deviation fills its range, and grey is grey")
  func blurAndGrey() {
    let deviations = steps(RandomBlur(deviations: 0.1...2, probability: 0.5), count: 4000).flatMap { $0 }.compactMap {
      guard case .blur(let deviation) = $0 else { return nil as Double? }
      return deviation
    }
    #expect(abs(deviations.count - 2000) < 160)
    #expect(deviations.allSatisfy { $0 >= 0.1 && $0 <= 2 })
    #expect((deviations.min() ?? 1) < 0.11 && (deviations.max() ?? 1) > 1.99)
    #expect(abs(deviations.reduce(0, +) / Double(deviations.count) - 1.05) < 0.06)
    let grey = steps(ColorPart.grey(probability: 0.2), count: 2000).flatMap { $0 }
    #expect(abs(grey.count - 400) < 90 && grey.allSatisfy { $0 == .color(.color(factor: 0)) })
    #expect("\(grey[0])" == "grey")
  }

  @Test("rectangles of noise have the places and sizes that torchvision's have", arguments: [(100, 160), (30, 400)])
  func erasing(height: Int, width: Int) throws {
    var settings = NoiseSettings()
    settings.probabilities = [1, 1, 1]
    let count = 20_000
    for (number, part) in settings.parts.enumerated() {
      let patches = steps(part, count: count, height: height, width: width).flatMap { $0 }.compactMap {
        guard case .noise(let patch, _) = $0 else { return nil as ViewStep.Patch? }
        return patch
      }
      #expect(patches.allSatisfy { $0.height < height && $0.width < width })
      let wanted = Self.golden.doubles("\(number)/\(height)x\(width)")
      #expect(abs(Double(patches.count) / Double(count) - wanted[0]) < 0.005)
      let columns: [(ViewStep.Patch) -> Int] = [\.height, \.width, \.y, \.x]
      for (column, value) in columns.enumerated() {
        let values = patches.map { Double(value($0)) }
        let mean = values.reduce(0, +) / Double(values.count)
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        let (wantedMean, wantedDeviation) = (wanted[1 + 2 * column], wanted[2 + 2 * column])
        // Both are drawn: five deviations of the difference of two means, and of two deviations.
        let slack = 5 * wantedDeviation * (2 / Double(count)).squareRoot()
        #expect(abs(mean - wantedMean) < slack, "\(number), column \(column): \(mean), \(wantedMean)")
        #expect(abs(deviation - wantedDeviation) < 1.5 * slack, "\(number), column \(column): \(deviation)")
      }
    }
  }

  @Test("noise has every byte equally often, differs between seeds, and lies in its rectangle alone")
  func noise() {
    let patch = ViewStep.Patch(y: 3, x: 7, height: 90, width: 131)
    var image = Image(height: 100, width: 160, channels: 3, fill: 9)
    ViewStep.noise(patch, seed: 5).apply(to: &image)
    var counts = [Int](repeating: 0, count: 256)
    for y in 0..<100 {
      for x in 0..<160 {
        let isInside = (3..<93).contains(y) && (7..<138).contains(x)
        for channel in 0..<3 {
          if isInside { counts[Int(image[y, x, channel])] += 1 } else { #expect(image[y, x, channel] == 9) }
        }
      }
    }
    let wanted = Double(3 * 90 * 131) / 256
    // Chi-square with 255 degrees of freedom: six deviations above its mean.
    let chi = counts.reduce(0) { $0 + (Double($1) - wanted) * (Double($1) - wanted) / wanted }
    #expect(chi < 255 + 6 * (2.0 * 255).squareRoot() && chi > 255 - 6 * (2.0 * 255).squareRoot())
    #expect(patch.noise(5) == patch.noise(5) && patch.noise(5) != patch.noise(6))
    #expect(ViewStep.Patch(y: 0, x: 0, height: 0, width: 4).noise(1).isEmpty)
  }

  @Test("parts that are off draw nothing, so that views of settings without them stay what they were")
  func off() {
    var settings = StrongAugmentationSettings()
    let released = InRow([InRandomOrder([settings.color, settings.geometry]), RandomErase()])
    let before = steps(released, count: 50)
    #expect(steps(InRow(settings.parts), count: 50) == before)
    settings.jitter.brightness = 0.9
    settings.blur.deviationTo = 9
    settings.noise.areasTo = [1, 1, 1]
    #expect(steps(InRow(settings.parts), count: 50) == before)
    settings.blur.probability = 1
    let blurred = steps(InRow(settings.parts), count: 30)
    #expect(blurred.allSatisfy { $0.contains { if case .blur = $0 { true } else { false } } })
  }

  /// Parts one after the other.
  private struct InRow: Augmentation {
    let parts: [any Augmentation]
    init(_ parts: [any Augmentation]) { self.parts = parts }
    func adjust(_ plan: inout ViewPlan, using generator: inout SeededGenerator) {
      for part in parts { part.adjust(&plan, using: &generator) }
    }
  }
}
