import Randomness
import TestDevice
import Testing

@testable import Torch

/// The kernels for maps on the CPU against the engine's own operations in float64, which never take the kernels.
@Suite("Kernels for maps") struct MapKernelsTests {
  /// How far results may lie from those in float64, in units of the largest.
  static func tolerance(_ type: ElementType) -> Double { type == .bfloat16 ? 0.01 : 1e-5 }

  /// Channels that fill vectors, do not, and are few; maps of one pixel, smaller than the kernel, and wide.
  static let shapes = [
    [2, 32, 5, 7], [1, 40, 9, 4], [3, 3, 6, 6], [2, 16, 1, 1], [1, 144, 20, 23], [2, 72, 3, 2],
  ]

  static func map(_ shape: [Int], _ type: ElementType, seed: UInt64) -> Tensor {
    (Tensor.normal(shape, using: Generator(seed: seed)) * 2 + 0.5).channelsLast().to(type)
  }

  static func leaf(_ tensor: Tensor, _ type: ElementType) -> Tensor {
    let result = tensor.detached().to(type).copied()
    result.requiresGradient = true
    return result
  }

  static func areClose(_ tensor: Tensor?, _ expected: Tensor?, _ tolerance: Double) -> Bool {
    guard let tensor, let expected, tensor.shape == expected.shape else { return false }
    let distance = (tensor.detached().to(.float64) - expected.detached()).abs().max().scalar
    return distance <= tolerance * max(1e-3, expected.detached().abs().max().scalar)
  }

  @Test("depthwise convolution is the engine's, and so are its gradients", arguments: shapes, [(3, 1), (5, 1), (5, 2)])
  func depthwise(shape: [Int], form: (kernel: Int, stride: Int)) {
    for type in ElementType.ofNetworks {
      let values = Self.map(shape, type, seed: 1)
      let filter = Tensor.normal([shape[1], 1, form.kernel, form.kernel], using: Generator(seed: 2)).to(type)
      func run(_ type: ElementType, _ convolve: (Tensor, Tensor) -> Tensor) -> [Tensor?] {
        let (input, weight) = (Self.leaf(values, type), Self.leaf(filter, type))
        let result = convolve(input, weight)
        let slope = Tensor.normal(result.shape, using: Generator(seed: 3)).to(.bfloat16).to(type)
        (result * slope).sum().backward()
        return [result, input.gradient, weight.gradient]
      }
      let found = run(type) { $0.depthwiseConvolved($1, stride: form.stride, padding: form.kernel / 2) }
      let expected = run(.float64) {
        $0.convolved($1, stride: form.stride, padding: form.kernel / 2, groups: shape[1])
      }
      for (one, other) in zip(found, expected) { #expect(Self.areClose(one, other, Self.tolerance(type))) }
      #expect(found.compactMap { $0?.elementType } == [type, type, type])
    }
  }

  @Test("kernels run on as many threads as the engine, and their results do not depend on how many these are")
  func threads() async {
    await #expect(processExitsWith: .success) {
      /// Results and gradients of all kernels whose sums threads share out.
      func results() -> [Tensor] {
        let map = MapKernelsTests.leaf(MapKernelsTests.map([2, 40, 33, 29], .float32, seed: 1), .float32)
        let filter = MapKernelsTests.leaf(Tensor.normal([40, 1, 5, 5], using: Generator(seed: 2)), .float32)
        let scale = MapKernelsTests.leaf(Tensor.ones([40]), .float32)
        let normalized = map.depthwiseConvolved(filter, stride: 1, padding: 2).batchNormalizedByKernel(
          weight: scale, bias: .zeros([40]), runningMean: .zeros([40]), runningVariance: .ones([40]), momentum: 0.1,
          epsilon: 1e-5, clampedTo: 0...6)
        let large = normalized.resizedBilinear(height: 70, width: 61, alignCorners: true)
        let losses = large.pixelCrossEntropy(.zeros([2, 70, 61], .int64), ignoring: 255)
        losses.sum().backward()
        return [losses.detached()] + [map, filter, scale].compactMap(\.gradient)
      }
      Engine.threadCount = 1
      let one = results()
      for count in [2, 3, 5] {
        Engine.threadCount = count
        precondition(Engine.loopThreadCount == count, "\(Engine.loopThreadCount) of \(count) threads")
        let other = results()
        precondition(one.count == 4 && other.count == 4)
        for (left, right) in zip(one, other) { precondition(left.isEqual(to: right), "\(count) threads") }
      }
    }
  }

  @Test(
    "bilinear resizing is the engine's, and so is its gradient, for all sizes and both conventions",
    arguments: [false, true],
    [(5, 7, 20, 29), (11, 15, 44, 60), (9, 4, 3, 2), (1, 1, 6, 5), (4, 6, 4, 6), (3, 5, 1, 1), (30, 2, 7, 9)])
  func bilinear(alignCorners: Bool, sizes: (Int, Int, Int, Int)) {
    let (h, w, height, width) = sizes
    for (type, channels) in [(ElementType.float32, 21), (.float32, 16), (.bfloat16, 3), (.bfloat16, 40)] {
      let values = Self.map([2, channels, h, w], type, seed: 7)
      func run(_ type: ElementType) -> [Tensor?] {
        let input = Self.leaf(values, type)
        let result = input.resizedBilinear(height: height, width: width, alignCorners: alignCorners)
        let slope = Tensor.normal(result.shape, using: Generator(seed: 8)).to(.bfloat16).to(type)
        (result * slope).sum().backward()
        return [result, input.gradient]
      }
      let (found, expected) = (run(type), run(.float64))
      for (one, other) in zip(found, expected) { #expect(Self.areClose(one, other, Self.tolerance(type))) }
      #expect(found.compactMap { $0?.elementType } == [type, type])
    }
  }

  @Test(
    "the cross-entropy of pixels is the engine's, and so is its gradient; ignored pixels have neither",
    arguments: [1, 2, 16, 19, 21, 150])
  func pixelCrossEntropy(classes: Int) {
    let shape = [2, 9, 11]
    var generator = SeededGenerator(seed: 3)
    let targets = Tensor(
      (0..<2 * 9 * 11).map { _ in generator.chance(0.2) ? 255 : generator.integer(below: classes) }, shape: shape)
    for type in [ElementType.float32, .bfloat16] {
      // As far apart as logits of a trained network are.
      let values = Self.map([2, classes, 9, 11], type, seed: 9) * 8
      func run(_ type: ElementType) -> [Tensor?] {
        let logits = Self.leaf(values, type)
        let losses = logits.pixelCrossEntropy(targets, ignoring: 255)
        (losses * Tensor.normal(shape, using: Generator(seed: 4)).to(losses.elementType)).sum().backward()
        return [losses, logits.gradient]
      }
      let (found, expected) = (run(type), run(.float64))
      for (one, other) in zip(found, expected) { #expect(Self.areClose(one, other, Self.tolerance(type))) }
      #expect(found.compactMap { $0?.elementType } == [.float32, type])
      let ignored = targets .== 255
      #expect(found[0].map { ($0.detached() * ignored.to(.float32)).abs().max().scalar } == 0)
      #expect(found[1].map { ($0 * ignored.unsqueezed(1).to(type)).abs().max().scalar } == 0)
    }
  }

  @Test("logits that are no numbers give losses that are none, and a target that is no class is refused")
  func pixelCrossEntropyOfBadNumbers() async {
    let logits = Tensor([0, Float.nan, 1, 0, 2, 0, 0, -.infinity], shape: [1, 2, 1, 4])
    let losses = logits.pixelCrossEntropy(Tensor([0, 0, 0, 0], shape: [1, 1, 4]), ignoring: 255)
    func value(_ losses: Tensor, _ place: Int) -> Double { losses.flattened()[place].scalar }
    #expect(value(losses, 1).isNaN && value(losses, 0).isFinite && value(losses, 2).isFinite && value(losses, 3) == 0)
    let others = logits.pixelCrossEntropy(Tensor([0, 255, 0, 1], shape: [1, 1, 4]), ignoring: 255)
    #expect(value(others, 1) == 0 && value(others, 3) == .infinity)
    await #expect(processExitsWith: .exitCode(1)) {
      _ = Tensor.zeros([1, 2, 1, 1]).pixelCrossEntropy(Tensor([2], shape: [1, 1, 1]), ignoring: 255)
    }
  }

  @Test(
    "batch norm with an activation is the engine's, and so are its gradients and running statistics", arguments: shapes,
    [Activation.none, .relu, .relu6])
  func batchNorm(shape: [Int], activation: Activation) {
    for type in [ElementType.float32, .bfloat16] {
      let values = Self.map(shape, type, seed: 4)
      let scales = Tensor.normal([shape[1]], using: Generator(seed: 5)) + 2
      let shifts = Tensor.normal([shape[1]], using: Generator(seed: 6)) * 2
      // Beside the edges, where a rounded value falls on the other side.
      func run(_ type: ElementType, _ vectors: ElementType, slopes: Tensor?) -> (tensors: [Tensor?], clear: Tensor) {
        let input = Self.leaf(values, type)
        let (weight, bias) = (Self.leaf(scales, vectors), Self.leaf(shifts, vectors))
        let (mean, variance) = (Tensor.zeros([shape[1]], vectors), Tensor.ones([shape[1]], vectors))
        let result = input.batchNormalized(
          weight: weight, bias: bias, runningMean: mean, runningVariance: variance, training: true, momentum: 0.2,
          epsilon: 1e-3, activation: activation)
        let plain = result.detached()
        let clear = ((plain .> 0.02) .& (plain .< 5.98)) .| (plain .<= 0) .| (plain .>= 6)
        let slope = slopes ?? clear.to(vectors)
        (result.widened() * slope.to(type == .float64 ? .float64 : .float32)).sum().backward()
        return ([result, input.gradient, weight.gradient, bias.gradient, mean, variance], clear)
      }
      let expected = run(.float64, .float64, slopes: nil)
      let slopes = expected.clear.to(.float64)
      let found = run(type, .float32, slopes: slopes)
      for (index, pair) in zip(found.tensors, expected.tensors).enumerated() where index == 0 || index > 3 {
        #expect(Self.areClose(pair.0, pair.1, Self.tolerance(type)), "\(type) \(index)")
      }
      #expect(found.tensors[0]?.elementType == type && found.tensors[1]?.elementType == type)
    }
  }

  @Test("the gradient of batch norm is the slope of its value", arguments: [Activation.none, .relu, .relu6])
  func slopes(activation: Activation) {
    let shape = [2, 20, 4, 3]
    let start = Self.map(shape, .bfloat16, seed: 7)
    func loss(_ input: Tensor, _ weight: Tensor, _ bias: Tensor) -> Tensor {
      let type = weight.elementType
      let result = input.batchNormalized(
        weight: weight, bias: bias, runningMean: .zeros([20], type), runningVariance: .ones([20], type), training: true,
        momentum: 0.1, epsilon: 1e-3, activation: activation)
      // Slopes that bfloat16 holds, so that all types get the same.
      let slopes = Tensor.normal(shape, using: Generator(seed: 8)).to(.bfloat16)
      return (result * slopes.to(result.elementType)).sum()
    }
    let weight = Tensor.normal([20], using: Generator(seed: 9)) + 1.5
    let bias = Tensor.normal([20], using: Generator(seed: 10))
    func gradients(_ map: ElementType, _ vectors: ElementType) -> [Tensor?] {
      let leaves = [Self.leaf(start, map), Self.leaf(weight, vectors), Self.leaf(bias, vectors)]
      loss(leaves[0], leaves[1], leaves[2]).backward()
      return leaves.map(\.gradient)
    }
    let expected = gradients(.float64, .float64)
    for type in [ElementType.float32, .bfloat16] {
      for (one, other) in zip(gradients(type, .float32), expected) {
        #expect(Self.areClose(one, other, type == .bfloat16 ? 0.01 : 1e-4))
      }
    }
  }

  @Test("results do not depend on the number of threads")
  func threads() {
    let count = Engine.threadCount
    defer { Engine.threadCount = count }
    let type = ElementType.ofNetworks.last ?? .float32
    let values = Self.map([2, 72, 40, 41], type, seed: 11)
    func run(_ threads: Int) -> [Tensor?] {
      Engine.threadCount = threads
      let input = Self.leaf(values, type)
      let weight = Self.leaf(.normal([72, 1, 5, 5], using: Generator(seed: 12)), type)
      let norm = Self.leaf(.ones([72]), .float32)
      let result = input.depthwiseConvolved(weight, stride: 1, padding: 2).batchNormalized(
        weight: norm, bias: .zeros([72]), runningMean: .zeros([72]), runningVariance: .ones([72]), training: true,
        momentum: 0.1, epsilon: 1e-3, activation: .relu6)
      (result * result).sum().backward()
      return [result.detached(), weight.gradient, norm.gradient]
    }
    for (one, other) in zip(run(1), run(3)) {
      guard let one, let other else { Issue.record("a gradient is missing"); continue }
      #expect(one.isEqual(to: other))
    }
  }

  @Test("what is not a number stays so, and nothing flows where a value was clamped")
  func edges() {
    let input = Self.leaf(Tensor([-9, 0, 0, 9, .nan, 1] as [Float], shape: [3, 2, 1, 1]), .float32)
    let result = input.batchNormalized(
      weight: .ones([2]), bias: .zeros([2]), runningMean: .zeros([2]), runningVariance: .ones([2]), training: true,
      momentum: 0, epsilon: 1e-3, activation: .relu6)
    let values = result.detached().floats
    #expect(values[0].isNaN && values[2].isNaN && values[4].isNaN && values[3] > 0 && values[1] == 0)
  }

  @Test("RoIAlign of bfloat16 maps is that of the same numbers in float32")
  func regions() {
    let maps = [Self.map([2, 20, 12, 16], .bfloat16, seed: 13), Self.map([2, 20, 6, 8], .bfloat16, seed: 14)]
    let regions = Tensor([0, 2, 3, 30, 28, 1, 10, 5, 60, 40] as [Float], shape: [2, 5])
    let options = RoIAlignOptions(outputSize: 7, samplingRatio: 2, aligned: false)
    func run(_ type: ElementType) -> [Tensor?] {
      let leaves = maps.map { Self.leaf($0, type) }
      let result = roiAlignKernel(
        leaves, regions: regions, levels: Tensor([0, 1]), scales: [0.25, 0.125], options: options)
      (result * result).sum().backward()
      return [result] + leaves.map(\.gradient)
    }
    for (one, other) in zip(run(.bfloat16), run(.float32)) {
      #expect(Self.areClose(one, other?.detached().to(.float64), 0.01) && one?.elementType == .bfloat16)
    }
  }
}
