import Layers
import Samples
import Testing
import Torch
import Views

@testable import SemiSupervision

/// What a network has said about images so far, kept on a grid over each.
@Suite struct RunningPredictionsTests {
  private func view(_ change: (inout ViewGeometry) -> Void) -> View {
    var geometry = ViewGeometry(originalHeight: 24, originalWidth: 32)
    change(&geometry)
    return View(image: 0, imageID: 0, name: "a.jpg", geometry: geometry, labels: BoxLabels())
  }

  /// Probabilities of two classes that say where in its image a pixel of a view lies: rising to the right.
  private func ramp(_ view: View, height: Int, width: Int) -> Tensor {
    let back = view.geometry.map.inverse
    let values = (0..<height * width).map { place -> Float in
      let point = back?.map(x: Double(place % width) + 0.5, y: Double(place / width) + 0.5)
      return Float((point?.x ?? 0) / 32)
    }
    let first = Tensor(values, shape: [1, height, width]).clamped(min: 0, max: 1)
    return concatenate([first, 1 - first])
  }

  private func validity(_ view: View, height: Int, width: Int) -> Tensor {
    let back = view.geometry.map.inverse
    return Tensor(
      (0..<height * width).map { place -> Bool in
        guard let point = back?.map(x: Double(place % width) + 0.5, y: Double(place / width) + 0.5) else {
          return false
        }
        return (0...32).contains(point.x) && (0...24).contains(point.y)
      }, shape: [height, width])
  }

  @Test("what was said in one view is found where another view of the image shows the same place")
  func geometry() throws {
    let predictions = RunningPredictions(classCount: 2, side: 32, momentum: 0.6)
    let written = view {
      $0.resize(height: 48, width: 64)
      $0.mirror()
    }
    predictions.add(
      "u0", written, ramp(written, height: 48, width: 64), validity: validity(written, height: 48, width: 64))
    let read = view { $0.resize(height: 30, width: 40) }
    let (found, isKnown) = try #require(predictions.target("u0", read, height: 30, width: 40, on: .cpu))
    #expect(isKnown.to(.float32).min().scalar == 1)
    // The grid is as fine as the image: linear values come back but for the half cells at its edges.
    let difference = (found - ramp(read, height: 30, width: 40)).abs().sliced(axis: 2, from: 2, to: 38)
    #expect(difference.max().scalar < 0.01)
    #expect(predictions.target("u1", read, height: 30, width: 40, on: .cpu) == nil)
  }

  @Test("places that no view has shown are not known")
  func unknown() throws {
    let predictions = RunningPredictions(classCount: 2, side: 32, momentum: 0.6)
    let left = view { $0.crop(y: 0, x: 0, height: 24, width: 16) }
    predictions.add("u0", left, ramp(left, height: 24, width: 16), validity: Tensor.ones([24, 16], .bool))
    let whole = view { _ in }
    let (_, isKnown) = try #require(predictions.target("u0", whole, height: 24, width: 32, on: .cpu))
    for x in 0..<32 { #expect((isKnown[12][x].scalar == 1) == (x < 16), "\(x)") }
  }

  @Test("the mean forgets by the momentum, and is corrected for its beginning")
  func momentum() throws {
    let predictions = RunningPredictions(classCount: 2, side: 8, momentum: 0.6)
    let whole = view { _ in }
    var (z, times) = (0.0, 0)
    for said in [0.2, 0.9, 0.5] {
      let first = Tensor.full([1, 24, 32], said)
      predictions.add(
        "l3", whole, concatenate([first, 1 - first]), validity: Tensor.ones([24, 32], .bool))
      times += 1
      z = 0.6 * z + 0.4 * said
      let corrected = times == 1 ? z / 0.4 : times == 2 ? z / (1 - 0.36) : z / (1 - 0.216)
      let (found, _) = try #require(predictions.target("l3", whole, height: 24, width: 32, on: .cpu))
      #expect(abs(found[0][5][7].scalar - corrected) < 2e-3 && abs(found.sum(0).mean().scalar - 1) < 2e-3)
    }
    // Saved and restored it says the same, and predictions of other classes are refused.
    let again = RunningPredictions(classCount: 2, side: 8, momentum: 0.6)
    #expect(again.restore(predictions.state) && again.count == 1)
    let pair = try (
      #require(again.target("l3", whole, height: 24, width: 32, on: .cpu)).0,
      #require(predictions.target("l3", whole, height: 24, width: 32, on: .cpu)).0
    )
    #expect(pair.0.isEqual(to: pair.1))
    #expect(!RunningPredictions(classCount: 3, side: 8, momentum: 0.6).restore(predictions.state))
  }
}
