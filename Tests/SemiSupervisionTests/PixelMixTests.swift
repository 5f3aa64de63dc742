import Randomness
import Segmentation
import Testing
import Torch
import Views

@testable import SemiSupervision

/// Pixels of one image in another: CutMix, ClassMix.
@Suite struct PixelMixTests {
  private let numbers = Tensor.indices(4, device: .cpu)

  private func settings(_ change: (inout CutMixSettings) -> Void = { _ in }) -> CutMixSettings {
    var settings = CutMixSettings()
    settings.probability = 1
    change(&settings)
    return settings
  }

  @Test("rectangles come from other images, the same in pixels, labels and probabilities")
  func cutMix() throws {
    var generator = SeededGenerator(seed: 3)
    // The first two are views of one image.
    let drawn = CutMix(of: [7, 7, 9, 4], height: 20, width: 30, settings(), using: &generator)
    let mix = drawn.mix(on: .cpu)
    #expect(drawn.pastes.map(\.image) == [0, 1, 2, 3])
    #expect(drawn.pastes.allSatisfy { $0.image != $0.partner && !($0.image < 2 && $0.partner < 2) })
    // Every pixel says which image it is of.
    let images = (numbers.reshaped(4, 1, 1, 1).to(.float32) + Tensor.zeros([4, 3, 20, 30])).contiguous()
    let labels = (numbers.reshaped(4, 1, 1) + Tensor.zeros([4, 20, 30], .int64)).contiguous()
    let (mixed, mixedLabels) = (mix.mixed(images), mix.mixed(labels))
    for channel in 0..<3 {
      #expect(mixed.sliced(axis: 1, from: channel, to: channel + 1).squeezed(1).to(.int64).isEqual(to: mixedLabels))
    }
    for paste in drawn.pastes {
      let patch = try #require(paste.patches.first)
      #expect(paste.patches.count == 1 && (0.01...0.4).contains(Double(patch.height * patch.width) / 600))
      let own = mixedLabels[paste.image]
      #expect(
        own.sliced(axis: 0, from: patch.y, to: patch.y + 1).sliced(axis: 1, from: patch.x, to: patch.x + 1).scalar
          == Double(paste.partner))
      #expect((own .== paste.image).to(.float32).sum().scalar == Double(600 - patch.height * patch.width))
    }
    // Without another image there is no partner.
    let alone = CutMix(of: [2, 2], height: 20, width: 30, settings(), using: &generator)
    #expect(alone.pastes.isEmpty && alone.mix(on: .cpu).isEmpty)
  }

  @Test("where two of several rectangles overlap the image's own pixels are back")
  func overlap() {
    var generator = SeededGenerator(seed: 5)
    let drawn = CutMix(
      of: [1, 2], height: 24, width: 24, .crossPseudoSupervision, using: &generator)
    let mask = drawn.mix(on: .cpu).isPasted
    for paste in drawn.pastes {
      #expect(paste.patches.count == 3)
      for y in 0..<24 {
        for x in 0..<24 {
          let count = paste.patches.count {
            ($0.y..<$0.y + $0.height).contains(y) && ($0.x..<$0.x + $0.width).contains(x)
          }
          #expect((mask[paste.image][y][x].scalar == 1) == (count % 2 == 1))
        }
      }
    }
  }

  @Test("half of the images get a rectangle, and a step's draws are its own")
  func chances() {
    var count = 0
    for step in 0..<400 {
      var generator = TinySegmentation.step(step).makeHostGenerator(2)
      count += CutMix(of: [1, 2, 3, 4], height: 40, width: 40, CutMixSettings(), using: &generator).pastes.count
    }
    #expect(abs(Double(count) / 1600 - 0.5) < 0.05)
    func drawn(_ step: Int) -> [CutMix.Paste] {
      var generator = TinySegmentation.step(step).makeHostGenerator(2)
      return CutMix(of: Array(0..<8), height: 40, width: 40, CutMixSettings(), using: &generator).pastes
    }
    #expect(drawn(3) == drawn(3) && drawn(3) != drawn(4))
  }

  @Test("rectangles cover the shares that their source gives them")
  func shares() {
    var generator = SeededGenerator(seed: 8)
    func shares(_ settings: CutMixSettings) -> [Double] {
      (0..<2000).compactMap { _ in
        settings.patch(height: 100, width: 160, using: &generator).map { Double($0.height * $0.width) / 16000 }
      }
    }
    let half = shares(.half)
    #expect(half.allSatisfy { abs($0 - 0.5) < 0.02 })
    // Each of three has a third of 0.25 to 0.5.
    let three = shares(.crossPseudoSupervision)
    #expect(three.allSatisfy { (0.07...0.18).contains($0) })
    #expect(abs(three.reduce(0, +) / Double(three.count) - 0.125) < 0.01)
    // Beta(4, 4) has a mean of 0.5; what lies beyond the image is cut off.
    let beta = shares(.beta)
    let mean = beta.reduce(0, +) / Double(beta.count)
    #expect((0.2...0.5).contains(mean) && (beta.max() ?? 0) <= 1)
  }

  @Test("ClassMix pastes all pixels of half of another image's classes, and none of nobody")
  func classMix() {
    var generator = SeededGenerator(seed: 11)
    let labels = Tensor(
      [0, 0, 1, 1, 2, 2, 3, 3, /**/ 4, 4, 4, 4, 1, 1, 255, 255, /**/ 2, 2, 2, 2, 2, 2, 2, 2], shape: [3, 2, 4])
    let values = labels.integers
    let mix = ClassMix.mix(of: labels, identities: [5, 6, 7], classCount: 5, using: &generator)
    #expect(zip(mix.partners, 0...).allSatisfy { $0 != $1 })
    let mask = mix.isPasted.to(.int64).integers
    for (image, partner) in mix.partners.enumerated() {
      let present = Set((0..<8).map { values[8 * partner + $0] }).subtracting([255])
      let pasted = Set((0..<8).filter { mask[8 * image + $0] == 1 }.map { values[8 * partner + $0] })
      #expect(pasted.count == present.count / 2 && !pasted.contains(255))
      // Every pixel of a chosen class is pasted.
      for place in 0..<8 { #expect((mask[8 * image + place] == 1) == pasted.contains(values[8 * partner + place])) }
    }
    #expect(ClassMix.mix(of: labels, identities: [5, 5, 5], classCount: 5, using: &generator).isEmpty)
  }

  @Test("a pasted pixel has the partner's label and probability, and none where the partner has none")
  func labelsAlike() {
    let logits = Tensor.normal([2, 3, 4, 4], using: Generator(seed: 2))
    let validity = Tensor.uniform([2, 4, 4], using: Generator(seed: 3)) .> 0.3
    let pseudo = PseudoPixels(logits, validity: validity)
    let isPasted = Tensor.uniform([2, 4, 4], using: Generator(seed: 4)) .> 0.5
    let mixed = pseudo.mixed(by: PixelMix(partners: [1, 0], isPasted: isPasted))
    for image in 0..<2 {
      for place in 0..<16 {
        let (y, x) = (place / 4, place % 4)
        let from = isPasted[image][y][x].scalar == 1 ? 1 - image : image
        #expect(mixed.labels[image][y][x].scalar == pseudo.labels[from][y][x].scalar)
        #expect(mixed.confidence[image][y][x].scalar == pseudo.confidence[from][y][x].scalar)
        if validity[from][y][x].scalar == 0 { #expect(mixed.labels[image][y][x].scalar == 255) }
      }
    }
  }
}
