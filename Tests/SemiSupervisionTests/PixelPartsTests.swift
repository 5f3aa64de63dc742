import Layers
import Segmentation
import Testing
import Torch
import Training

@testable import SemiSupervision

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Parts that methods of pixels are composed of: consistency, sureness, thresholds, ramps, dropped channels.
@Suite struct PixelPartsTests {
  private let logits = Tensor.normal([2, 3, 4, 5], using: Generator(seed: 1))
  private let wanted = (Tensor.normal([2, 3, 4, 5], using: Generator(seed: 2)) * 2).softmax(1)
  private let isValid = Tensor.uniform([2, 4, 5], using: Generator(seed: 3)) .> 0.3

  /// The probabilities of the pixels that count, [p, q] of each by class.
  private var pixels: [(p: [Double], q: [Double])] {
    let (p, q, valid) = (logits.softmax(1).doubles, wanted.doubles, isValid.to(.float32).doubles)
    return (0..<40).filter { valid[$0] == 1 }.map { place in
      let (image, pixel) = (place / 20, place % 20)
      func values(_ all: [Double]) -> [Double] { (0..<3).map { all[image * 60 + $0 * 20 + pixel] } }
      return (values(p), values(q))
    }
  }

  @Test("consistency losses are those written out pixel by pixel", arguments: PixelConsistency.allCases)
  func consistency(kind: PixelConsistency) {
    let values = pixels.map { p, q -> Double in
      switch kind {
      case .squaredError: return zip(p, q).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 3
      case .divergence: return zip(p, q).reduce(0) { $0 + $1.1 * (log($1.1) - log($1.0)) }
      case .softCrossEntropy: return zip(p, q).reduce(0) { $0 - $1.1 * log($1.0) }
      case .crossEntropy: return -log(p[q.indices.max { q[$0] < q[$1] } ?? 0])
      }
    }
    let found = kind.loss(logits, wanted, isValid: isValid).scalar
    #expect(abs(found - values.reduce(0, +) / Double(values.count)) < 1e-5)
    #expect(kind.loss(logits, wanted, isValid: Tensor.zeros([2, 4, 5], .bool)).scalar == 0)
  }

  @Test("a fixed target gets no gradient, another one does")
  func fixedTarget() {
    for isFixed in [true, false] {
      let (target, own) = (Tensor.normal([2, 3, 4, 5], using: Generator(seed: 4)), logits.copied())
      (target.requiresGradient, own.requiresGradient) = (true, true)
      PixelConsistency.squaredError.loss(own, target.softmax(1), isValid: isValid, isFixed: isFixed).backward()
      #expect(own.gradient != nil && (target.gradient != nil) == !isFixed)
    }
  }

  @Test("sure pixels count alone, by their image's share or by the batch's")
  func weighting() {
    let sure = Tensor([1, 1, 0, 0, /**/ 1, 0, 0, 0] as [Float], shape: [2, 2, 2])
    let valid = Tensor([true, true, true, false, /**/ true, true, true, true], shape: [2, 2, 2])
    #expect(PixelWeighting.pixels.weights(sure, isValid: valid).isEqual(to: sure))
    let images = PixelWeighting.imageShare.weights(sure, isValid: valid).doubles
    for (place, weight) in images.enumerated() { #expect(abs(weight - (place < 4 ? 2.0 / 3 : 0.25)) < 1e-6) }
    let batch = PixelWeighting.batchShare.weights(sure, isValid: valid).doubles
    for weight in batch { #expect(abs(weight - 3.0 / 7) < 1e-6) }
  }

  @Test("pseudo-labels count by their classes only where that is asked for")
  func balance() throws {
    var settings = PixelLossSettings()
    settings.classWeights = [1, 2, 4]
    let loss = try settings.makeLoss(pixels: [1, 1, 1], on: .cpu)
    let pseudo = PseudoPixels(probabilities: wanted, validity: isValid)
    let ones = Tensor.ones([2, 4, 5])
    let classes = Tensor([1, 2, 4] as [Float])
    func found(_ isBalanced: Bool) -> Double {
      loss.pseudo(logits, pseudo.labels, weights: ones, over: .valid, isBalanced: isBalanced).scalar
    }
    #expect(found(false) == PixelLosses.crossEntropy(logits, pseudo.labels).scalar)
    #expect(found(true) == PixelLosses.crossEntropy(logits, pseudo.labels, classWeights: classes).scalar)
    #expect(abs(found(true) - found(false)) > 1e-3)
  }

  @Test("a weight rises by exp(-5 (1 - t)^2) to 1")
  func ramp() {
    let ramp = RampUp(images: 40)
    func factor(_ step: Int) -> Double { ramp.factor(at: TinySegmentation.step(step)) }
    #expect(abs(factor(0) - exp(-5)) < 1e-12 && abs(factor(5) - exp(-1.25)) < 1e-12)
    #expect(factor(10) == 1 && factor(500) == 1 && RampUp(images: 0).factor(at: TinySegmentation.step(0)) == 1)
  }

  private func thresholds(_ policy: PixelThresholdSettings.Policy, memory: Int) -> PixelThresholds {
    var settings = PixelThresholdSettings()
    (settings.policy, settings.memoryImages) = (policy, memory)
    return PixelThresholds(settings, threshold: 0.6, classCount: 3, length: TinySegmentation.length)
  }

  @Test("thresholds follow what pixels are like, by the formulas of their sources", arguments: [8, 40])
  func moving(memory: Int) throws {
    let probabilities = wanted
    let pseudo = PseudoPixels(probabilities: probabilities, validity: isValid)
    let momentum = 1 - 4 / Double(memory)
    let best = pixels.map { $0.q.max() ?? 0 }
    let classes = pixels.map { pixel in pixel.q.indices.max { pixel.q[$0] < pixel.q[$1] } ?? 0 }
    let count = Double(best.count)
    let mean = best.reduce(0, +) / count
    // CorrMatch.
    let adaptive = thresholds(.adaptive, memory: memory)
    adaptive.observe(pseudo, probabilities: probabilities, at: TinySegmentation.step(0))
    let perClass = (0..<3).compactMap { label in zip(classes, best).filter { $0.0 == label }.map(\.1).max() }
    let wantedThreshold = 0.85 * momentum + (1 - momentum) * perClass.reduce(0, +) / Double(perClass.count)
    #expect(abs(adaptive.shown.scalar - wantedThreshold) < 1e-5)
    // FreeMatch.
    let classWise = thresholds(.classWise, memory: memory)
    classWise.observe(pseudo, probabilities: probabilities, at: TinySegmentation.step(0))
    let means = (0..<3).map { label in
      momentum / 3 + (1 - momentum) * pixels.reduce(0) { $0 + $1.q[label] } / count
    }
    let global = momentum / 3 + (1 - momentum) * mean
    let sure = classWise.sureness(of: pseudo).doubles
    let valid = isValid.to(.float32).doubles
    var place = 0
    for (index, isHere) in valid.enumerated() where isHere == 1 {
      let limit = means[classes[place]] / (means.max() ?? 1) * global
      if abs(best[place] - limit) > 1e-5 { #expect(sure[index] == (best[place] >= limit ? 1 : 0)) }
      place += 1
    }
    // SoftMatch.
    let soft = thresholds(.soft, memory: memory)
    soft.observe(pseudo, probabilities: probabilities, at: TinySegmentation.step(0))
    let variance = best.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let (m, v) = (momentum / 3 + (1 - momentum) * mean, momentum + (1 - momentum) * variance)
    let weights = soft.sureness(of: pseudo).doubles
    place = 0
    for (index, isHere) in valid.enumerated() where isHere == 1 {
      let below = min(0, best[place] - m)
      #expect(abs(weights[index] - exp(-below * below / (2 * v / 4))) < 1e-5)
      place += 1
    }
    // All is saved.
    for policy in [adaptive, classWise, soft] {
      let again = thresholds(policy === adaptive ? .adaptive : policy === soft ? .soft : .classWise, memory: memory)
      #expect(again.restore(policy.state))
      #expect(again.sureness(of: pseudo).isEqual(to: policy.sureness(of: pseudo)))
    }
    #expect(
      !thresholds(.soft, memory: 8).restore(classWise.state) && thresholds(.fixed, memory: 8).restore(StateDict([])))
  }

  @Test("a fixed threshold is reached by what equals it")
  func fixed() {
    let pseudo = PseudoPixels(
      probabilities: Tensor([0.6, 0.25, 0.4, 0.75] as [Float], shape: [1, 2, 1, 2]),
      validity: Tensor.ones([1, 1, 2], .bool))
    #expect(thresholds(.fixed, memory: 1).sureness(of: pseudo).floats == [1, 1])
  }

  @Test("channels are dropped whole, and complementary ones are in exactly one of two views")
  func channels() {
    let maps = [Tensor.ones([6, 40, 2, 3]), Tensor.ones([6, 10, 1, 1])]
    let dropped = FeatureDropout.dropped(maps, rate: 0.5, using: Generator(seed: 5))
    for map in dropped {
      #expect(Set(map.floats) == [0, 2])
      #expect(map.max(3).values.max(2).values.isEqual(to: map.min(3).values.min(2).values))
    }
    let pairs = FeatureDropout.complementary(maps, using: Generator(seed: 6))
    for map in pairs {
      let (first, second) = (map.sliced(axis: 0, to: 3), map.sliced(axis: 0, from: 3))
      #expect((first + second).floats.allSatisfy { $0 == 2 })
      let isWhole = (0..<3).map { Set(first[$0].floats) == [1] }
      #expect(isWhole.count { $0 } == 1)
      for index in 0..<3 where !isWhole[index] { #expect(Set(first[index].floats) == [0, 2]) }
    }
  }
}
