import Foundation
import Testing

@testable import Torch

@Suite("Network operations") struct TensorNetworkTests {
  private static func random(_ shape: [Int], seed: UInt64) -> Tensor {
    Tensor.normal(shape, .float64, using: Generator(seed: seed))
  }

  struct ConvolutionCase: Sendable {
    let kernel: Int
    let stride: Int
    let padding: Int
    let dilation: Int
    let groups: Int
  }

  @Test(
    "a convolution is its sum written out",
    arguments: [
      ConvolutionCase(kernel: 1, stride: 1, padding: 0, dilation: 1, groups: 1),
      ConvolutionCase(kernel: 3, stride: 1, padding: 1, dilation: 1, groups: 1),
      ConvolutionCase(kernel: 3, stride: 2, padding: 1, dilation: 1, groups: 2),
      ConvolutionCase(kernel: 3, stride: 1, padding: 2, dilation: 2, groups: 4),
    ])
  func convolution(c: ConvolutionCase) {
    let (channels, outputs, height, width) = (4, 8, 6, 7)
    let input = Self.random([2, channels, height, width], seed: 1)
    let weight = Self.random([outputs, channels / c.groups, c.kernel, c.kernel], seed: 2)
    let bias = Self.random([outputs], seed: 3)
    let result = input.convolved(
      weight, bias: bias, stride: c.stride, padding: c.padding, dilation: c.dilation, groups: c.groups)
    let reach = c.dilation * (c.kernel - 1) + 1
    let rows = (height + 2 * c.padding - reach) / c.stride + 1
    let columns = (width + 2 * c.padding - reach) / c.stride + 1
    let (x, w, b) = (input.doubles, weight.doubles, bias.doubles)
    let part = channels / c.groups
    var wanted: [Double] = []
    for n in 0..<2 {
      for o in 0..<outputs {
        for row in 0..<rows {
          for column in 0..<columns {
            var sum = b[o]
            for i in 0..<part {
              let channel = o / (outputs / c.groups) * part + i
              for ky in 0..<c.kernel {
                for kx in 0..<c.kernel {
                  let y = row * c.stride - c.padding + ky * c.dilation
                  let z = column * c.stride - c.padding + kx * c.dilation
                  guard (0..<height).contains(y), (0..<width).contains(z) else { continue }
                  sum +=
                    w[((o * part + i) * c.kernel + ky) * c.kernel + kx]
                    * x[((n * channels + channel) * height + y) * width + z]
                }
              }
            }
            wanted.append(sum)
          }
        }
      }
    }
    #expect(result.shape == [2, outputs, rows, columns])
    #expect(zip(result.doubles, wanted).allSatisfy { abs($0 - $1) < 1e-10 })
  }

  static let cases: [OperationCase] = [
    OperationCase("matrix product", [2, 1], [5, 11]) {
      Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]).matrixProduct(Tensor([1, 2] as [Float], shape: [2, 1]))
    },
    OperationCase("linear", [1, 2], [6, 13]) {
      Tensor([1, 2] as [Float], shape: [1, 2]).linear(
        Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]), bias: Tensor([1, 2] as [Float]))
    },
    OperationCase("relu, relu6", [3], [0, 3, 6]) { Tensor([-1, 3, 9] as [Float]).relu().relu6() },
    OperationCase("sigmoid", [2], [0.5, 1]) { Tensor([0, 100] as [Float]).sigmoid() },
    OperationCase("softmax", [1, 2], [0.25, 0.75]) { Tensor([0, log(3.0)], shape: [1, 2]).to(.float32).softmax(1) },
    OperationCase("log softmax of large numbers", [2], [-1000, 0]) { Tensor([0, 1000] as [Float]).logSoftmax(0) },
    OperationCase("max pool", [1, 1, 1, 2], [5, 7]) {
      Tensor((0..<8).map { Float($0) }, shape: [1, 1, 2, 4]).maxPooled(kernel: 2, stride: 2)
    },
    OperationCase("max pool pads with nothing", [1, 1, 1, 1], [-1]) {
      Tensor([-1] as [Float], shape: [1, 1, 1, 1]).maxPooled(kernel: 3, stride: 2, padding: 1)
    },
    OperationCase("average pool", [1, 1, 1, 2], [2.5, 4.5]) {
      Tensor((0..<8).map { Float($0) }, shape: [1, 1, 2, 4]).averagePooled(toHeight: 1, width: 2)
    },
    OperationCase("resized nearest", [1, 1, 1, 5], [0, 0, 1, 1, 2]) {
      Tensor([0, 1, 2] as [Float], shape: [1, 1, 1, 3]).resizedNearest(height: 1, width: 5)
    },
    OperationCase("resized bilinearly by pixel centres", [1, 1, 1, 4], [0, 0.25, 0.75, 1]) {
      Tensor([0, 1] as [Float], shape: [1, 1, 1, 2]).resizedBilinear(height: 1, width: 4)
    },
    OperationCase("resized bilinearly by corners", [1, 1, 1, 3], [0, 0.5, 1]) {
      Tensor([0, 1] as [Float], shape: [1, 1, 1, 2]).resizedBilinear(height: 1, width: 3, alignCorners: true)
    },
    OperationCase("weighted sums of rows, one of them twice", [2, 2], [2, 20, 14, 140]) {
      Tensor([1, 10, 2, 20, 4, 40] as [Float], shape: [3, 2]).weightedSums(
        ofRows: Tensor([0, 0, 2, 1], shape: [2, 2]), weights: Tensor([1, 1, 3, 1] as [Float], shape: [2, 2]))
    },
    OperationCase("batch norm with given statistics", [1, 2, 1, 1], [5, 1]) {
      Tensor([3, 4] as [Float], shape: [1, 2, 1, 1]).batchNormalized(
        weight: Tensor([4, 1] as [Float]), bias: Tensor([1, 1] as [Float]), runningMean: Tensor([1, 4] as [Float]),
        runningVariance: Tensor([3, 1] as [Float]), training: false, momentum: 0.1, epsilon: 1)
    },
    OperationCase("cross-entropy ignores what it is told to", [], [log(2.0)]) {
      Tensor([1, 1, 9, 0] as [Float], shape: [2, 2]).crossEntropy(Tensor([0, 255]), ignoring: 255)
    },
    OperationCase("cross-entropy by element", [2], [log(2.0), 0]) {
      Tensor([1, 1, 99, 0] as [Float], shape: [2, 2]).crossEntropy(Tensor([0, 0]), reduction: .none)
    },
    OperationCase("binary cross-entropy", [], [2 * log(2.0)]) {
      Tensor([0, 0] as [Float]).binaryCrossEntropy(Tensor([1, 0.5] as [Float]), reduction: .sum)
    },
    OperationCase("smooth L1 on both sides of beta", [2], [0.25, 2.5]) {
      Tensor([0.5, 3] as [Float]).smoothL1(.zeros([2]), beta: 1 / 2, reduction: .none) - Tensor([0, 0.25] as [Float])
    },
    OperationCase("L1", [], [2]) { Tensor([1, -3] as [Float]).l1(.zeros([2]), reduction: .mean) },
  ]

  @Test("operations give values computed by hand", arguments: cases)
  func operations(operation: OperationCase) { operation.check() }

  @Test("in training, batch norm uses the batch and moves the running statistics")
  func batchNorm() {
    let (mean, variance) = (Tensor.zeros([1]), Tensor.ones([1]))
    let result = Tensor([0, 4] as [Float], shape: [2, 1, 1, 1]).batchNormalized(
      weight: .ones([1]), bias: .zeros([1]), runningMean: mean, runningVariance: variance, training: true,
      momentum: 0.25, epsilon: 0)
    #expect(result.floats == [-1, 1])
    #expect(mean.floats == [0.5])
    #expect(variance.floats == [0.75 + 0.25 * 8])  // the running variance is corrected
  }

  @Test("windows times a weight are its convolution at their positions", arguments: [1, 3, 5], [0, 6])
  func windows(kernel: Int, count: Int) {
    let maps = Self.random([2, 3, 4, 5], seed: 1)
    let weight = Self.random([2, 3, kernel, kernel], seed: 2)
    let positions = Array([0, 4, 15, 39, 27, 0].prefix(count)) as [Int64]  // corners, a middle, one of them twice
    let rows = maps.channelsLast().windows(at: Tensor(positions, shape: [count]), kernel: kernel)
    #expect(rows.shape == [count, kernel * kernel * 3])
    let convolved = maps.convolved(weight, padding: kernel / 2).permuted(0, 2, 3, 1).reshaped(-1, 2)
    let expected = positions.flatMap { convolved[Int($0)].doubles }
    let found = rows.matrixProduct(weight.permuted(0, 2, 3, 1).reshaped(2, -1).transposed(0, 1)).doubles
    #expect(found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-12 })
  }

  @Test("in-place forms write over their tensor")
  func inPlace() {
    let tensor = Tensor([-1, 9] as [Float])
    _ = tensor.reluInPlace()
    #expect(tensor.floats == [0, 9])
    _ = tensor.relu6InPlace()
    #expect(tensor.floats == [0, 6])
    _ = tensor.addedInPlace(Tensor([1] as [Float]))
    #expect(tensor.floats == [1, 7])
  }
}
