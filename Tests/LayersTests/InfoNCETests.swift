import Foundation
import TestSupport
import Testing
import Torch

@testable import Layers

@Suite("InfoNCE") struct InfoNCETests {
  /// Sums of a few float32 numbers in another order.
  private static let sameSum = 1e-5

  private func scores(_ anchors: Int, _ candidates: Int, seed: UInt64 = 3) -> Tensor {
    Tensor.normal([anchors, candidates], using: Generator(seed: seed)) * 2
  }

  @Test("two anchors by hand: one of two halves, one of six eighths")
  func byHand() {
    let scores = Tensor([Float(log(2.0)), 0, 0, 0, 0, Float(log(6.0))], shape: [2, 3])
    let positives = Tensor([0, 1], shape: [2])
    // −log(2 / 4) and −log(1 / 8).
    #expect(abs(InfoNCE()(scores, positives: positives).scalar - 2 * log(2.0)) < Self.sameSum)
    #expect(InfoNCE.accuracy(scores, positives: positives).scalar == 0.5)
    #expect(abs(InfoNCE.bound(loss: 2 * log(2.0), candidates: 3) - (log(3.0) - 2 * log(2.0))) < 1e-12)
  }

  @Test("it is −log of the positive's share in the sum of exponentials, written out", arguments: [0.5, 1, 10])
  func writtenOut(temperature: Double) {
    let scores = scores(4, 7)
    let places = [3, 0, 6, 3]
    let values = scores.doubles
    var (sum, right) = (0.0, 0)
    for (anchor, place) in places.enumerated() {
      let row = Array(values[(7 * anchor)..<(7 * anchor + 7)])
      let all = row.reduce(0) { $0 + exp($1 / temperature) }
      sum -= log(exp(row[place] / temperature) / all)
      if row.max() == row[place] { right += 1 }
    }
    let loss = InfoNCE(temperature: temperature)(scores, positives: Tensor(places, shape: [4]))
    #expect(abs(loss.scalar - sum / 4) < Self.sameSum)
    #expect(InfoNCE.accuracy(scores, positives: Tensor(places, shape: [4])).scalar == Double(right) / 4)
  }

  @Test("scores that say nothing cost log C, of which nothing is known; sure ones cost nothing, and log C is the most")
  func limits() {
    let positives = Tensor([1, 4, 2], shape: [3])
    let none = InfoNCE()(Tensor.full([3, 8], 5), positives: positives).scalar
    #expect(abs(none - log(8.0)) < Self.sameSum)
    #expect(abs(InfoNCE.bound(loss: none, candidates: 8)) < Self.sameSum)
    let sure = positives.oneHot(8).to(.float32) * 200
    let least = InfoNCE()(sure, positives: positives).scalar
    #expect(least == 0 && InfoNCE.bound(loss: least, candidates: 8) == InfoNCE.largestBound(candidates: 8))
    #expect(InfoNCE.accuracy(sure, positives: positives).scalar == 1)
    for seed in 1...20 {
      let loss = InfoNCE()(scores(3, 8, seed: UInt64(seed)), positives: positives).scalar
      #expect(loss > 0 && InfoNCE.bound(loss: loss, candidates: 8) < log(8.0))
    }
  }

  @Test("the order of candidates and of anchors is of no matter, nor what is added to all scores of an anchor")
  func symmetry() {
    let scores = scores(3, 5)
    let positives = Tensor([4, 0, 1], shape: [3])
    let loss = InfoNCE()(scores, positives: positives).scalar
    let order = Tensor([2, 0, 4, 1, 3], shape: [5])  // Candidate 4 comes to place 2, 0 to 1, 1 to 3.
    let turned = InfoNCE()(scores.gathered(order, axis: 1), positives: Tensor([2, 1, 3], shape: [3])).scalar
    let anchors = Tensor([1, 2, 0], shape: [3])
    let mixed = InfoNCE()(scores.gathered(anchors), positives: positives.gathered(anchors)).scalar
    let shifted = InfoNCE()(scores + Tensor([Float(7), -3, 0.5], shape: [3, 1]), positives: positives).scalar
    for other in [turned, mixed, shifted] { #expect(abs(loss - other) < Self.sameSum, "\(loss), \(other)") }
  }

  @Test("the gradient is the softmax less the positive, so that it sums to 0 over an anchor's candidates")
  func gradient() {
    let scores = scores(3, 5)
    scores.requiresGradient = true
    let positives = Tensor([4, 0, 1], shape: [3])
    InfoNCE(temperature: 2)(scores, positives: positives).backward()
    let wanted = ((scores.detached() / 2).softmax(1) - positives.oneHot(5).to(.float32)) / 6
    let found = scores.gradient ?? .zeros([3, 5])
    #expect((found - wanted).abs().max().scalar < 1e-6)
    #expect(found.sum(1).abs().max().scalar < 1e-6)
  }

  @Test("scores of 16 bits are widened before they are summed")
  func halfPrecision() {
    let scores = scores(4, 300).to(.bfloat16)
    let positives = Tensor([3, 0, 299, 7], shape: [4])
    let loss = InfoNCE(temperature: 0.1)(scores, positives: positives)
    #expect(loss.elementType == .float32)
    #expect(loss.isEqual(to: InfoNCE(temperature: 0.1)(scores.to(.float32), positives: positives)))
  }

  @Test("what does not fit is a mistake of the caller's")
  func wrong() async {
    await #expect(processExitsWith: .failure) { _ = InfoNCE(temperature: 0) }
    await #expect(processExitsWith: .failure) {
      _ = InfoNCE()(Tensor.zeros([2, 3]), positives: Tensor([0], shape: [1]))
    }
  }
}
