import Randomness
import Testing

@testable import Views

/// CTAugment: its rates, what is drawn by them, and what probes teach.
@Suite struct CTAugmentTests {
  private func place(_ name: String) throws -> Int {
    try #require(CTAugment().operations.firstIndex { $0.name == name })
  }

  @Test("a probe moves the rates of its bins by a hundredth of the way, computed by hand")
  func handComputed() throws {
    let (rotate, posterize) = (try place("rotate"), try place("posterize"))
    var rates = CTAugment().rates
    // ⌊0.999 · 0.5 · 17⌋ = ⌊8.49⌋ = 8; ⌊0.999 · 1 · 8⌋ = 7.
    let probe = [CTAugment.Draw(operation: rotate, level: 0.5), CTAugment.Draw(operation: posterize, level: 1)]
    rates.learn(probe, proximity: 0.25, decay: 0.99)
    #expect(abs(rates.values[rotate][8] - 0.9925) < 1e-15 && abs(rates.values[posterize][7] - 0.9925) < 1e-15)
    rates.learn(probe, proximity: 0.75, decay: 0.99)
    // 0.99 · 0.9925 + 0.01 · 0.75.
    #expect(abs(rates.values[rotate][8] - 0.990075) < 1e-15)
    #expect(rates.values.joined().count { $0 != 1 } == 2)
    let before = rates
    rates.learn(probe, proximity: .nan, decay: 0.99)
    #expect(rates == before)
  }

  @Test("one operation that a probe uses twice is learnt twice, in order")
  func twice() throws {
    let blur = try place("ring blur")
    var rates = CTAugment().rates
    let draw = CTAugment.Draw(operation: blur, level: 0.1)
    rates.learn([draw, draw], proximity: 0, decay: 0.9)
    #expect(abs(rates.values[blur][1] - 0.81) < 1e-15)
  }

  @Test("weights and updates are those of a slow reference, over many probes")
  func reference() {
    let policy = CTAugment()
    var rates = policy.rates
    var wanted = policy.operations.map { _ in [Int: Double]() }
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<500 {
      let (probe, proximity) = (policy.probeDraws(using: &generator), generator.uniform())
      #expect(probe.count == 2)
      rates.learn(probe, proximity: proximity, decay: 0.9)
      for draw in probe {
        let bin = Int((0.999 * draw.level * Double(policy.operations[draw.operation].bins)).rounded(.down))
        wanted[draw.operation][bin] = 0.9 * (wanted[draw.operation][bin] ?? 1) + 0.1 * proximity
      }
    }
    for (operation, values) in rates.values.enumerated() {
      let all = (0..<policy.operations[operation].bins).map { wanted[operation][$0] ?? 1 }
      #expect(zip(values, all).allSatisfy { abs($0 - $1) < 1e-12 })
      let raised = all.map { $0 + 0.1 }
      let most = raised.reduce(0, max)
      for (weight, value) in zip(rates.weights(of: operation, decay: 0.9, threshold: 0.85), raised) {
        if value / most < 0.85 { #expect(weight == 0) } else { #expect(abs(weight - value / most) < 1e-12) }
      }
    }
  }

  @Test(
    "policy draws avoid bins below the threshold, prefer likelier ones, and stay inside their bins; probes go everywhere"
  )
  func draws() throws {
    let (rotate, posterize) = (try place("rotate"), try place("posterize"))
    var values = CTAugment().rates.values
    values[rotate] = [0.79, 1, 0.9] + [Double](repeating: 0.5, count: 14)
    values[posterize] = [Double](repeating: 0, count: 8)
    let policy = CTAugment().following(CTAugmentRates(values))
    let drawn = try #require(policy as? CTAugment)
    var generator = SeededGenerator(seed: 8)
    var (bins, probed, all): ([Int: Int], Set<Int>, Set<Int>) = ([:], [], [])
    for _ in 0..<20_000 {
      for draw in drawn.draws(using: &generator) {
        all.insert(draw.operation)
        guard draw.operation == rotate else { continue }
        bins[Int(draw.level * 17), default: 0] += 1
      }
      for draw in drawn.probeDraws(using: &generator) where draw.operation == rotate {
        probed.insert(Int(draw.level * 17))
      }
    }
    // 0.79 + 0.01 is 0.792 of the best, 1.01; the third is 0.91 of 1.01.
    #expect(Set(bins.keys) == [1, 2])
    #expect(abs(Double(bins[2] ?? 0) / Double(bins[1] ?? 1) - 0.91 / 1.01) < 0.1)
    #expect(probed.count == 17 && all.count == 19)
  }

  @Test("rates of what destroys images fall, and are drawn no more; those of what does not stay")
  func learnt() throws {
    let policy = CTAugment()
    let (invert, identity, blur) = (try place("invert"), try place("identity"), try place("ring blur"))
    var rates = policy.rates
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<20_000 {
      let probe = policy.probeDraws(using: &generator)
      // What comes after the strong half of an inversion cannot be told any more; a blur costs a little, all else nothing.
      let isDestroyed = probe.contains { $0.operation == invert && $0.level > 0.5 }
      let isBlurred = probe.contains { $0.operation == blur }
      rates.learn(probe, proximity: isDestroyed ? 0.1 : isBlurred ? 0.85 : 0.95, decay: policy.settings.decay)
    }
    let (of, weights) = (rates.values, { rates.weights(of: $0, decay: 0.99, threshold: 0.8) })
    #expect(of[invert][10...].allSatisfy { $0 < 0.6 } && of[invert][..<7].allSatisfy { $0 > 0.9 })
    #expect(of[identity].allSatisfy { $0 > 0.88 } && of[blur].allSatisfy { (0.8..<0.93).contains($0) })
    #expect(weights(invert)[10...].allSatisfy { $0 == 0 } && weights(invert)[..<7].allSatisfy { $0 > 0 })
    #expect(weights(identity).allSatisfy { $0 > 0 })
  }

  @Test("what a probe uses is a function of the generator, whatever the image")
  func probes() {
    let policy = CTAugment()
    for seed in UInt64(0)..<50 {
      var generator = SeededGenerator(seed: seed)
      let wanted = policy.probeDraws(using: &generator)
      for (height, width) in [(20, 30), (64, 64)] {
        var generator = SeededGenerator(seed: seed)
        var plan = ViewPlan(originalHeight: height, originalWidth: width)
        policy.probe.adjust(&plan, using: &generator)
        #expect(plan.steps.count == wanted.count)
        for (step, draw) in zip(plan.steps, wanted) {
          var same = ViewPlan(originalHeight: height, originalWidth: width)
          var other = SeededGenerator(seed: 0)
          guard policy.operations[draw.operation].name != "cutout" else { continue }
          policy.operations[draw.operation].append(at: draw.level, to: &same, using: &other)
          #expect(same.steps == [step])
        }
      }
    }
  }

  @Test("the policy of the settings decides the parts, and the others draw nothing")
  func settings() {
    var settings = SegmentationStrongSettings()
    #expect(settings.policy == .sda && settings.parts.count == 4 && settings.learning == nil)
    settings.policy = .randaugment
    #expect(settings.named.map(\.name) == ["randaugment", "cutout"] && settings.learning == nil)
    settings.randaugment.cutoutSize = 0
    settings.randaugment.operations = 3
    #expect((settings.parts.first as? RandAugment)?.count == 3 && settings.parts.count == 1)
    settings.policy = .ctaugment
    settings.ctaugment.threshold = 0.85
    #expect(settings.named.map(\.name) == ["ctaugment", "cutout"])
    #expect(settings.learning?.settings.threshold == 0.85)
    #expect((settings.parts.last as? SquareCutout)?.size == 0.5)
  }
}
