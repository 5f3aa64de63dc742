import Testing

@testable import Torch

/// A function of one float64 tensor whose gradient is to be its slope.
struct SlopeCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let shape: [Int]
  let run: @Sendable (Tensor) -> Tensor

  init(_ name: String, _ shape: [Int], _ run: @escaping @Sendable (Tensor) -> Tensor) {
    testDescription = name
    self.shape = shape
    self.run = run
  }
}

@Suite("Autograd") struct AutogradTests {
  private static func fixed(_ shape: [Int], seed: UInt64 = 7) -> Tensor {
    Tensor.normal(shape, .float64, using: Generator(seed: seed))
  }

  static let cases: [SlopeCase] = [
    SlopeCase("broadcast sum and product", [2, 3]) { ($0 + fixed([3])) * fixed([2, 1]) },
    SlopeCase("quotient", [4]) { fixed([4]) / ($0 * $0 + 1) },
    SlopeCase("exp, log, sqrt", [3]) { ($0.exp() + 1).log().sqrt() },
    SlopeCase("power and clamp", [5]) { $0.clamped(min: -0.5).power(3) },
    SlopeCase("maximum and select", [4]) { select($0 .> 0, $0 * 2, else: maximum($0, $0 * 3)) },
    SlopeCase("mean, variance, norm", [2, 3]) { $0.mean(1) + $0.variance(1, correction: 1) + $0.norm() },
    SlopeCase("greatest along an axis", [2, 4]) { $0.max(1).values },
    SlopeCase("views", [2, 3, 2]) {
      $0.permuted(2, 0, 1).reshaped(2, 6).transposed(0, 1).sliced(axis: 0, from: 1, step: 2)
    },
    SlopeCase("joined, split, padded", [2, 2]) {
      stack(concatenate([$0, $0 * $0], axis: 1).split([1, 3], axis: 1)[1].padded([0, 1]).split([1, 1]))
    },
    SlopeCase("gathered twice", [3, 2]) { $0.gathered(Tensor([2, 0, 2])) * fixed([3, 2]) },
    SlopeCase("picked, filtered", [2, 2]) {
      $0.picked(Tensor([1, 0], shape: [2, 1]), axis: 1) * $0.filtered(Tensor([true, false])).sum()
    },
    SlopeCase("matrix product and linear", [2, 3]) {
      $0.matrixProduct(fixed([3, 2])).linear(fixed([4, 2]), bias: fixed([4]))
    },
    SlopeCase("convolution", [1, 2, 4, 4]) {
      $0.convolved(fixed([3, 2, 3, 3]), bias: fixed([3]), stride: 2, padding: 1)
    },
    SlopeCase("convolution, of its weight", [3, 1, 2, 2]) { fixed([1, 3, 4, 4]).convolved($0, groups: 3) },
    SlopeCase("batch norm in training", [2, 2, 2, 2]) {
      $0.batchNormalized(
        weight: fixed([2]), bias: fixed([2]), runningMean: .zeros([2], .float64), runningVariance: .ones([2], .float64),
        training: true, momentum: 0.1, epsilon: 1e-5)
    },
    SlopeCase("relu in place over a convolution", [1, 2, 3, 3]) { $0.convolved(fixed([2, 2, 1, 1])).reluInPlace() },
    SlopeCase("relu6 in place over a sum in place", [6]) { ($0 * 4).addedInPlace($0).relu6InPlace() },
    SlopeCase("softmax, log softmax, sigmoid", [2, 3]) { $0.softmax(1) + $0.logSoftmax(0) + $0.sigmoid() },
    SlopeCase("max pool and average pool", [1, 1, 4, 4]) {
      $0.maxPooled(kernel: 3, stride: 2, padding: 1) + $0.averagePooled(toHeight: 2, width: 2)
    },
    SlopeCase("resized nearest", [1, 1, 2, 3]) { $0.resizedNearest(height: 5, width: 4) },
    SlopeCase("resized bilinearly", [1, 1, 3, 3]) { $0.resizedBilinear(height: 5, width: 2) },
    SlopeCase("resized bilinearly by corners", [1, 2, 2, 3]) {
      $0.resizedBilinear(height: 5, width: 4, alignCorners: true)
    },
    SlopeCase("weighted sums of rows", [4, 3]) {
      $0.weightedSums(ofRows: Tensor([0, 3, 3, 1], shape: [2, 2]), weights: fixed([2, 2]))
    },
    SlopeCase("cross-entropy", [3, 4]) { $0.crossEntropy(Tensor([1, 3, -100])) },
    SlopeCase("binary cross-entropy", [4]) { $0.binaryCrossEntropy(Tensor([0.0, 1, 0.3, 0.5])) },
    SlopeCase("smooth L1 and L1", [4]) {
      $0.smoothL1(fixed([4]), beta: 0.5, reduction: .sum) + $0.l1(fixed([4], seed: 3), reduction: .mean)
    },
  ]

  @Test("a gradient is the slope that small steps show", arguments: cases)
  func slopes(function: SlopeCase) throws {
    let input = Self.fixed(function.shape, seed: 1)
    let weights = Self.fixed(function.run(input.copied()).shape, seed: 2)
    func value(_ input: Tensor) -> Tensor { (function.run(input) * weights).sum() }
    input.requiresGradient = true
    value(input).backward()
    let gradient = try #require(input.gradient).doubles
    let elements = input.doubles
    for index in elements.indices {
      func moved(_ step: Double) -> Double {
        var elements = elements
        elements[index] += step
        return value(Tensor(elements, shape: function.shape)).scalar
      }
      let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5
      #expect(abs(slope - gradient[index]) < 1e-6 * max(1, abs(slope)))
    }
  }

  @Test("gradients accumulate in leaves until they are cleared")
  func accumulation() {
    let leaf = Tensor([3] as [Float])
    #expect(leaf.gradient == nil)
    leaf.requiresGradient = true
    (leaf * leaf).sum().backward()
    #expect(leaf.gradient?.floats == [6])
    (leaf * 2).sum().backward()
    #expect(leaf.gradient?.floats == [8])
    leaf.gradient = nil
    #expect(leaf.gradient == nil)
  }

  @Test("gradients(of:) leaves leaves alone and gives nil where nothing depends")
  func explicit() {
    let (a, b) = (Tensor([3] as [Float]), Tensor([4] as [Float]))
    a.requiresGradient = true
    b.requiresGradient = true
    let result = (a * a).sum()
    #expect(result.gradients(of: [a, b], retainingGraph: true).map { $0?.floats } == [[6], nil])
    #expect(result.gradients(of: [a]).map { $0?.floats } == [[6]])
    #expect(a.gradient == nil)
  }

  @Test("nothing is recorded where gradients are off, for detached tensors, and after an error thrown inside")
  func unrecorded() {
    struct Interruption: Error {}
    let leaf = Tensor([3] as [Float])
    leaf.requiresGradient = true
    #expect(!withoutGradients { leaf * 2 }.requiresGradient)
    #expect(!(leaf.detached() * 2).requiresGradient)
    #expect(throws: Interruption.self) { try withoutGradients { throw Interruption() } }
    #expect((leaf * 2).requiresGradient)
    withoutGradients {
      withoutGradients {}; #expect(!(leaf * 2).requiresGradient)
    }
  }
}
