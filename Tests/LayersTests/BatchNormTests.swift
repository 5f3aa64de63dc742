import TestSupport
import TestDevice
import Testing
import Torch

@testable import Layers

@Suite("BatchNorm") struct BatchNormTests {
  static var input: Tensor { LayersGolden.values("norm input", [120]).reshaped(2, 5, 3, 4) * 20 }

  static func norm(_ mode: BatchNorm.Mode) throws -> BatchNorm {
    let norm = BatchNorm(5, mode: mode, epsilon: 1e-3, momentum: 0.2)
    try norm.load(
      StateDict(norm.stateDict().entries.map { ($0.name, LayersGolden.values($0.name, $0.tensor.shape)) }),
      source: "deterministic weights")
    return norm
  }

  @Test("statistics that are kept stay as they are, while the batch's own normalise it")
  func kept() {
    let (one, other) = (BatchNorm(3), BatchNorm(3))
    other.keepsStatistics = true
    let input = Tensor.normal([4, 3, 5, 5], using: Generator(seed: 2)) * 3 + 1
    #expect(one(input).isEqual(to: other(input)))
    #expect(other.stateDict().entries.map(\.name) == one.stateDict().entries.map(\.name))
    #expect(other.runningMean.value.doubles == [0, 0, 0] && other.runningVar.value.doubles == [1, 1, 1])
    #expect(one.runningMean.value.doubles != [0, 0, 0])
  }

  @Test("one value a channel has no variance: in training it ends the program, in evaluation it passes")
  func singleValues() async {
    await #expect(processExitsWith: .failure) { _ = BatchNorm(3)(.ones([1, 3, 1, 1])) }
    #expect(BatchNorm(3)(.ones([2, 3, 1, 1])).isFinite().isAllTrue)
    let norm = BatchNorm(3)
    norm.evaluate()
    #expect(norm(.ones([1, 3, 1, 1])).isFinite().isAllTrue)
  }

  @Test("frozen, it is torchvision's fixed map")
  func frozen() throws {
    let norm = try Self.norm(.frozen)
    #expect(LayersGolden.areClose(norm(Self.input), LayersGolden.tensor("norm.frozen"), tolerance: 1e-5))
    #expect(norm.namedParameters().allSatisfy { !$0.parameter.isTrained })
  }

  @Test("trained, it is PyTorch's in evaluation and in training, and counts batches")
  func trained() throws {
    let norm = try Self.norm(.trained)
    norm.evaluate()
    #expect(LayersGolden.areClose(norm(Self.input).detached(), LayersGolden.tensor("norm.evaluated"), tolerance: 1e-5))
    #expect(norm.numBatchesTracked?.value.scalar == 0)
    norm.train()
    #expect(LayersGolden.areClose(norm(Self.input).detached(), LayersGolden.tensor("norm.trained"), tolerance: 1e-5))
    #expect(LayersGolden.areClose(norm.runningMean.value, LayersGolden.tensor("norm.running_mean")))
    #expect(LayersGolden.areClose(norm.runningVar.value, LayersGolden.tensor("norm.running_var")))
    #expect(norm.numBatchesTracked?.value.scalar == 1)
  }

  @Test(
    "folded into a convolution it gives the same values and gradients, with a trained norm in evaluation too",
    arguments: BatchNorm.Mode.allCases, [1, 5])
  func folding(mode: BatchNorm.Mode, groups: Int) throws {
    func run(folded: Bool) throws -> (result: Tensor, gradients: [Tensor?]) {
      let norm = try Self.norm(mode)
      norm.isFolded = folded
      norm.evaluate()
      let convolution = Convolution(5, 5, kernel: 3, groups: groups, using: Generator(seed: 1))
      let input = Self.input
      input.requiresGradient = true
      let result = convolve(input, convolution, norm)
      (result * result).sum().backward()
      return (
        result.detached(),
        [input, convolution.weight.value, norm.weight.value, norm.bias.value].map(\.gradient)
      )
    }
    let (folded, plain) = (try run(folded: true), try run(folded: false))
    #expect(LayersGolden.areClose(folded.result, plain.result, tolerance: 1e-5))
    #expect(folded.gradients.map { $0 == nil } == [false, false, mode == .frozen, mode == .frozen])
    for (a, b) in zip(folded.gradients, plain.gradients) {
      guard let a, let b else { continue }
      #expect(LayersGolden.areClose(a, b, tolerance: 1e-5 * b.abs().max().scalar))
    }
  }

  @Test("the map of a norm without gradients follows what becomes of its tensors", arguments: [.cpu] + TestDevice.all)
  func fixedMap(device: Device) throws {
    func norm(_ seed: UInt64) -> BatchNorm {
      let norm = BatchNorm(6)
      norm.freeze()
      norm.evaluate()
      for entry in norm.stateEntries() where entry.tensor.elementType == .float32 {
        entry.tensor.copyInPlace(from: Tensor.uniform([6], using: Generator(seed: seed)) + 0.5)
      }
      norm.move(to: device)
      return norm
    }
    func expectRight(_ norm: BatchNorm, _ what: String) {
      let (scale, shift) = norm.affine()
      let wanted = norm.weight.value * (norm.runningVar.value + norm.epsilon).power(-0.5)
      #expect(scale.isEqual(to: wanted), "scale \(what)")
      #expect(shift.isEqual(to: norm.bias.value - norm.runningMean.value * wanted), "shift \(what)")
    }
    let (teacher, student) = (norm(1), norm(2))
    expectRight(teacher, "at first")
    #expect(teacher.affine().scale === teacher.affine().scale)
    let average = MovingAverage(of: student, in: teacher)
    average.update(momentum: 0.9)
    expectRight(teacher, "of an average")
    average.update(momentum: 0)
    expectRight(teacher, "of a copy")
    try teacher.load(norm(3).stateDict(), source: "saved")
    expectRight(teacher, "of loaded weights")
    teacher.epsilon = 0.5
    expectRight(teacher, "with another epsilon")
  }

  @Test("a trained norm in training is never folded: it sees the batch")
  func unfolded() throws {
    let norm = try Self.norm(.trained)
    let convolution = Convolution(5, 5, kernel: 1, using: Generator(seed: 1))
    let result = convolve(Self.input, convolution, norm)
    #expect(LayersGolden.areClose(result, try Self.norm(.trained)(convolution(Self.input))))
    #expect(norm.numBatchesTracked?.value.scalar == 1)
  }

  @Test("epsilon is set for all norms below a module")
  func epsilon() {
    let model = SmallModel()
    model.setNormEpsilon(0)
    model.setNormFolding(false)
    #expect(model.norm.epsilon == 0 && !model.norm.isFolded)
  }
}

@Suite("MovingAverage") struct MovingAverageTests {
  @Test("it is the exponential average of parameters and running statistics; counts are copied")
  func average() throws {
    let (student, teacher) = (SmallModel(seed: 1), SmallModel(seed: 2))
    let average = MovingAverage(of: student, in: teacher)
    average.update(momentum: 0)
    for (a, b) in zip(student.stateDict().entries, teacher.stateDict().entries) {
      #expect(a.tensor.isEqual(to: b.tensor))
    }
    withoutGradients {
      student.scale.value.detached().fillInPlace(5)
      student.norm.runningMean.value.fillInPlace(2)
    }
    student.norm.numBatchesTracked?.value = Tensor([7], shape: [])
    average.update(momentum: 0.75)
    #expect(teacher.scale.value.floats == [2, 2])
    #expect(teacher.norm.runningMean.value.floats == [0.5, 0.5, 0.5, 0.5])
    #expect(teacher.norm.numBatchesTracked?.value.integers == [7])
    average.update(momentum: 0.75)
    #expect(teacher.scale.value.floats == [2.75, 2.75])
    #expect(student.scale.value.floats == [5, 5])
  }

  @Test("it follows the student's counts as they are replaced in training")
  func counts() throws {
    let (student, teacher) = (SmallModel(seed: 1), SmallModel(seed: 1))
    let average = MovingAverage(of: student, in: teacher)
    _ = student.norm(Tensor.ones([2, 4, 2, 2]))
    average.update(momentum: 0.5)
    #expect(teacher.norm.numBatchesTracked?.value.integers == [1])
    #expect(teacher.stateDict()["norm.num_batches_tracked"]?.integers == [1])
  }

  @Test("no gradient reaches the teacher, and modules of another form are refused")
  func limits() async {
    let (student, teacher) = (SmallModel(seed: 1), SmallModel(seed: 2))
    MovingAverage(of: student, in: teacher).update(momentum: 0.5)
    #expect(teacher.namedParameters().allSatisfy { $0.parameter.value.gradient == nil })
    await #expect(processExitsWith: .failure) { _ = MovingAverage(of: SmallModel(), in: SmallModel(extra: true)) }
    await #expect(processExitsWith: .failure) {
      MovingAverage(of: SmallModel(), in: SmallModel()).update(momentum: 1.5)
    }
  }
}
