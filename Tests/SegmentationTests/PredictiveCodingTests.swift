import Layers
import Testing
import Torch

@testable import Segmentation

@Suite struct PredictiveCodingTests {
  /// Sums of a few dozen float32 numbers in another order.
  private static let sameSum = 1e-5

  private func coding(_ distances: ClosedRange<Int> = 2...3, blocks: Int = 2) -> PredictiveCoding {
    PredictiveCoding(
      channels: 6, distances: distances, widths: .init(context: 5, contextBlocks: blocks, prediction: 4),
      using: Generator(seed: 5))
  }

  private func vectors(_ images: Int = 2, rows: Int = 5, columns: Int = 3) -> Tensor {
    Tensor.normal([images, 6, rows, columns], using: Generator(seed: 9))
  }

  @Test("a masked convolution is that of the row above and the own one, written out")
  func masked() {
    let layer = RowMaskedConvolution(2, using: Generator(seed: 4))
    let input = Tensor.normal([1, 2, 4, 3], using: Generator(seed: 6))
    let found = layer(input).detached()
    #expect(found.shape == [1, 2, 4, 3])
    for out in 0..<2 {
      for y in 0..<4 {
        for x in 0..<3 {
          var sum = layer.bias.value[out].scalar
          for channel in 0..<2 {
            for dy in 0..<2 where y + dy - 1 >= 0 {
              for dx in 0..<3 where (0..<3).contains(x + dx - 1) {
                sum +=
                  layer.weight.value[out][channel][dy][dx].scalar * input[0][channel][y + dy - 1][x + dx - 1].scalar
              }
            }
          }
          #expect(abs(found[0][out][y][x].scalar - sum) < Self.sameSum)
        }
      }
    }
  }

  @Test(
    "no context knows anything of the rows below, and each of as many rows above as there are blocks", arguments: 0..<5)
  func noLeak(row: Int) throws {
    let network = ContextNetwork(channels: 6, width: 5, count: 2, using: Generator(seed: 5))
    let vectors = vectors()
    vectors.requiresGradient = true
    let weights = Tensor.normal([2, 6, 1, 3], using: Generator(seed: 1))
    (network(vectors).sliced(axis: 2, from: row, to: row + 1) * weights).sum().backward()
    let reached = try #require(vectors.gradient).abs().sum(0, 1, 3).doubles
    #expect(reached.indices.allSatisfy { (reached[$0] > 0) == ((row - 2)...row).contains($0) }, "\(reached)")
  }

  @Test("scores and positives are those of contexts and patches so many rows below, written out")
  func writtenOut() throws {
    let (coding, vectors) = (coding(), vectors())
    let found = coding(vectors)
    #expect(found.map(\.distance) == [2, 3])
    let contexts = coding.context(vectors).detached()
    let targets = coding.target(vectors).detached()
    for (result, prediction) in zip(found, coding.predictions) {
      let predicted = prediction(contexts).detached()
      let rows = 5 - result.distance
      #expect(result.scores.shape == [2 * rows * 3, 30])
      var anchor = 0
      for image in 0..<2 {
        for row in 0..<rows {
          for column in 0..<3 {
            #expect(result.positives[anchor].integers == [image * 15 + (row + result.distance) * 3 + column])
            for other in [0, 7, 16, 29] {
              let wanted = (0..<4).reduce(0.0) { sum, channel in
                sum + predicted[image][channel][row][column].scalar
                  * targets[other / 15][channel][other / 3 % 5][other % 3].scalar
              }
              #expect(abs(result.scores[anchor][other].scalar - wanted) < Self.sameSum)
            }
            anchor += 1
          }
        }
      }
    }
  }

  @Test("a patch changes its own column of the scores, and no row of contexts above it")
  func independence() {
    let coding = coding()
    let before = vectors()
    let after = before.copied()
    // Row 3 of the second image.
    after[1].sliced(axis: 1, from: 3, to: 4).fillInPlace(2)
    let columns = (0..<30).filter { !(24..<27).contains($0) }
    let kept = Tensor(columns, shape: [columns.count])
    for (old, new) in zip(coding(before), coding(after)) {
      // Anchors of the first image, and those of the rows above 3 of the second.
      let rows = 5 - old.distance
      let count = 3 * rows + 3 * min(rows, 3)
      func part(_ scores: Tensor) -> Tensor { scores.detached().sliced(axis: 0, to: count).gathered(kept, axis: 1) }
      #expect(part(old.scores).isEqual(to: part(new.scores)))
      #expect(!old.scores.detached().isEqual(to: new.scores.detached()))
    }
  }

  @Test("the vector of a patch is the mean of the encoder's last map of it, at its place in the grid")
  func encoded() throws {
    let encoder = smallNetwork(.fcnLight, classes: 2).backbone
    encoder.evaluate()
    let grid = PatchGrid(patch: 16, stride: 8, rows: 3, columns: 2)
    let images = Tensor.normal([2, 3, grid.height, grid.width], using: Generator(seed: 2))
    let vectors = encoder.vectors(ofPatches: grid.patches(of: images), in: grid).detached()
    let channels = try #require(encoder.channels.last)
    #expect(vectors.shape == [2, channels, 3, 2])
    let patch = images.sliced(axis: 0, from: 1, to: 2).sliced(axis: 2, from: 16, to: 32)
      .sliced(axis: 3, from: 8, to: 24)
    let alone = try #require(encoder(patch).last).detached().mean(2, 3)[0]
    let placed = vectors[1].sliced(axis: 1, from: 2, to: 3).sliced(axis: 2, from: 1, to: 2).flattened()
    #expect((alone - placed).abs().max().scalar < Self.sameSum)
  }

  @Test("a grid without a row so far below is a mistake of the caller's")
  func tooFewRows() async {
    await #expect(processExitsWith: .failure) {
      let coding = PredictiveCoding(
        channels: 6, distances: 2...5, widths: .init(context: 5, contextBlocks: 1, prediction: 4),
        using: Generator(seed: 5))
      _ = coding(.zeros([1, 6, 5, 3]))
    }
  }
}
