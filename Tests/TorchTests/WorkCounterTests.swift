import Foundation
import TestDevice
import Testing

@testable import Torch

@Suite("Work counter") struct WorkCounterTests {
  /// Rates with which floors are seconds.
  static let peak = MachinePeak(float32: 1000, bfloat16: 2000, bytes: 1000)

  /// The work of a body by the operators' names.
  static func work(_ body: () -> Void) -> [String: OperatorWork] {
    let counter = WorkCounter(peak: peak)
    counter.count(body)
    let operators = counter.operators
    #expect(operators.reduce(OperatorWork()) { $0 + $1.work }.flops == counter.total.flops)
    return Dictionary(uniqueKeysWithValues: operators.map { ($0.name, $0.work) })
  }

  static func values(_ shape: [Int], _ type: ElementType = .float32, gradient: Bool = false) -> Tensor {
    let tensor = Tensor.normal(shape, using: Generator(seed: 1)).to(type)
    tensor.requiresGradient = gradient
    return tensor
  }

  /// Channels in, channels out, groups, kernel, stride.
  static let convolutions = [(6, 8, 1, 3, 2), (6, 8, 2, 3, 1), (8, 8, 8, 3, 1), (16, 4, 1, 1, 1)]

  @Test(
    "a convolution counts 2 · N · Cout · H' · W' · Cin · k · k / groups once, and each of its gradients the same",
    arguments: convolutions, ElementType.ofNetworks)
  func convolution(form: (from: Int, to: Int, groups: Int, kernel: Int, stride: Int), type: ElementType) throws {
    let sides = (height: 15, width: 12)
    let out = [sides.height, sides.width].map { ($0 - 1) / form.stride + 1 }
    let map = Self.values([2, form.from, sides.height, sides.width], type)
    let weight = Self.values([form.to, form.from / form.groups, form.kernel, form.kernel], type)
    let bias = Self.values([form.to], type)
    let elements = 2 * form.to * out[0] * out[1]
    let flops = 2 * elements * form.from / form.groups * form.kernel * form.kernel
    let size = type.size
    let forwardBytes = size * (map.count + weight.count + form.to + elements)
    let padding = form.kernel / 2

    func convolve() -> Tensor {
      map.convolved(weight, bias: bias, stride: form.stride, padding: padding, groups: form.groups)
    }
    let plain = Self.work { _ = convolve() }
    #expect(Array(plain.keys) == ["convolution"])
    #expect(plain["convolution"]?.calls == 1 && plain["convolution"]?.flops == flops)
    #expect(plain["convolution"]?.bytes == forwardBytes)

    weight.requiresGradient = true
    let unrecorded = Self.work { withoutGradients { _ = convolve() } }
    #expect(unrecorded["convolution"]?.flops == flops && unrecorded.count == 1)

    let slope = Self.values([2, form.to] + out, type)
    func backward() -> OperatorWork? {
      let scalar = (convolve() * slope).sum()
      return Self.work { scalar.backward() }["convolution_backward"]
    }
    // The weight's gradient alone is made of the gradient and the map.
    let ofWeight = try #require(backward())
    #expect(ofWeight.calls == 1 && ofWeight.flops == flops)
    #expect(ofWeight.bytes == size * (elements + map.count + weight.count))
    map.requiresGradient = true
    let both = try #require(backward())
    #expect(both.calls == 1 && both.flops == 2 * flops)
    #expect(both.bytes == size * (elements + 2 * map.count + 2 * weight.count))
  }

  @Test("matrix products count 2 · n · k · m, with or without a bias, also in batches and backward")
  func products() {
    let (left, right) = (Self.values([5, 7]), Self.values([7, 3]))
    #expect(Self.work { _ = left.matrixProduct(right) }["mm"]?.flops == 2 * 5 * 7 * 3)
    #expect(Self.work { _ = left.matrixProduct(right) }["mm"]?.bytes == 4 * (35 + 21 + 15))
    let weight = Self.values([3, 7], gradient: true)
    let bias = Self.values([3])
    let linear = Self.work { _ = left.linear(weight, bias: bias) }
    #expect(linear.values.reduce(0) { $0 + $1.flops } == 2 * 5 * 7 * 3)
    #expect(linear["addmm"]?.bytes == 4 * (35 + 21 + 3 + 15))
    let scalar = left.linear(weight, bias: bias).sum()
    #expect(Self.work { scalar.backward() }["mm"]?.flops == 2 * 5 * 7 * 3)
    let (many, others) = (Self.values([4, 5, 7]), Self.values([4, 7, 3]))
    #expect(Self.work { _ = many.matrixProduct(others) }["bmm"]?.flops == 4 * 2 * 5 * 7 * 3)
  }

  /// An operation of two tensors of 600 and one of 20 elements, and the bytes it moves.
  struct Traffic: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: Int
    let body: @Sendable (_ map: Tensor, _ other: Tensor, _ row: Tensor) -> Void
  }

  static let traffic: [Traffic] = [
    Traffic(testDescription: "a sum", bytes: 3 * 2400) { map, other, _ in _ = map + other },
    Traffic(testDescription: "a sum in place", bytes: 3 * 2400) { map, other, _ in _ = map.addedInPlace(other) },
    Traffic(testDescription: "a row added to all", bytes: 2 * 2400 + 80) { map, _, row in _ = map + row },
    Traffic(testDescription: "an expanded row", bytes: 2 * 2400 + 80) { map, _, row in _ = map + row.expanded([30, 20])
    },
    Traffic(testDescription: "a function", bytes: 2 * 2400) { map, _, _ in _ = map.exp() },
    Traffic(testDescription: "filling", bytes: 2400) { map, _, _ in map.zeroInPlace() },
    Traffic(testDescription: "copying over", bytes: 2 * 2400) { map, other, _ in map.copyInPlace(from: other) },
    Traffic(testDescription: "a copy", bytes: 2 * 2400) { map, _, _ in _ = map.copied() },
    Traffic(testDescription: "rounding", bytes: 2400 + 1200) { map, _, _ in _ = map.to(.bfloat16) },
    Traffic(testDescription: "a mean", bytes: 2400 + 4) { map, _, _ in _ = map.mean() },
    Traffic(testDescription: "concatenation", bytes: 4 * 2400) { map, other, _ in _ = concatenate([map, other]) },
    Traffic(testDescription: "lists in place", bytes: 3 * 2400 + 3 * 80) { map, other, row in
      TensorList.addInPlace([map, row], [other, row.detached()])
    },
    Traffic(testDescription: "views", bytes: 0) { map, _, _ in
      _ = [map.reshaped(20, 30), map.transposed(0, 1), map[3], map.sliced(axis: 1, from: 2, step: 3), map.detached()]
      _ = map.split([10, 20])
    },
    Traffic(testDescription: "allocation", bytes: 0) { _, _, _ in _ = Tensor.empty([600]) },
    // Two rows are read and written, and their indices read.
    Traffic(testDescription: "gathering", bytes: 2 * 2 * 80 + 16) { map, _, _ in _ = map.gathered(Self.twoRows) },
    Traffic(testDescription: "scattering", bytes: 2 * (2 * 80) + 16 + 16) { map, other, _ in
      map.putInPlace(other.sliced(axis: 0, to: 2), at: Self.twoRows)
    },
  ]
  static let twoRows = Tensor([4, 1])

  @Test("operands are read once and results written once; views and allocations move nothing", arguments: traffic)
  func bytes(operation: Traffic) {
    let tensors = (Self.values([30, 20]), Self.values([30, 20]), Self.values([20]))
    let counter = WorkCounter(peak: Self.peak)
    counter.count { operation.body(tensors.0, tensors.1, tensors.2) }
    #expect(counter.total.bytes == operation.bytes && counter.total.flops == 0)
  }

  @Test("the floor is, operator by operator, the longer of arithmetic and traffic, at the rate of the type")
  func floors() {
    let counter = WorkCounter(peak: Self.peak)
    let (square, long) = (Self.values([40, 40]), Self.values([1, 40]))
    counter.count {
      _ = square.matrixProduct(square)  // 128000 operations take longer than 19200 bytes
      _ = long.matrixProduct(square)  // 3200 operations do not, against 6720 bytes
      _ = square + square
    }
    #expect(abs(counter.total.floorSeconds - (128 + 6.72 + 19.2)) < 1e-6)
    let rounded = Self.values([40, 40], .bfloat16)
    counter.reset()
    counter.count { _ = rounded.matrixProduct(rounded) }
    #expect(counter.total.calls == 1 && abs(counter.total.floorSeconds - 64) < 1e-6)
  }

  @Test("what is done before, after and in other threads is not counted, and counting changes no result")
  func scope() {
    let counter = WorkCounter(peak: Self.peak)
    let (one, other) = (Self.values([30, 30], gradient: true), Self.values([30, 30]))
    func gradient() -> [Double] {
      one.gradient = nil
      one.matrixProduct(other).power(2).sum().backward()
      return one.gradient?.doubles ?? []
    }
    let expected = gradient()
    let found = counter.count {
      let done = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        _ = Self.values([8, 8]).matrixProduct(Self.values([8, 8]))
        done.signal()
      }
      done.wait()
      return gradient()
    }
    _ = gradient()
    #expect(found == expected)
    #expect(counter.operators.first { $0.name == "mm" }?.work.flops == 2 * 2 * 30 * 30 * 30)
    #expect(counter.total.seconds > 0)
    counter.reset()
    #expect(counter.total == OperatorWork() && counter.operators.isEmpty)
  }

  @Test("a body that throws ends the counting")
  func failing() {
    struct Failure: Error {}
    let counter = WorkCounter(peak: Self.peak)
    #expect(throws: Failure.self) { try counter.count { throw Failure() } }
    counter.count { _ = Self.values([2, 2]).exp() }
    #expect(counter.operators.contains { $0.name == "exp" })
  }

  @Test("a device's peak is what a convolution and a copy reach")
  func machinePeak() {
    let peak = MachinePeak.measured(on: .cpu, bfloat16: false)
    #expect(peak.bfloat16 == nil)
    // Any machine that this is built on does a billion operations a second, and none on two cores a thousand times more.
    #expect((1e9...1e13).contains(peak.float32) && (1e8...1e13).contains(peak.bytes))
  }
}
