import Foundation
import Testing

@testable import Torch

@Suite("Engine") struct EngineTests {
  private static func line(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test("operands that do not fit end the program with one line that names operation and operands")
  func shapeError() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2, 3]) + Tensor.ones([4, 3])
    }
    let line = Self.line(result)
    #expect(line.hasPrefix("error: add(float32[2, 3] on cpu, float32[4, 3] on cpu): "))
    #expect(line.contains("must match") && line.hasSuffix("\n") && line.count { $0 == "\n" } == 1)
  }

  @Test("operands of unlike types end the program with one line")
  func typeError() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.ones([2, 2]).matrixProduct(.ones([2, 2], .float64))
    }
    #expect(Self.line(result).hasPrefix("error: matmul(float32[2, 2] on cpu, float64[2, 2] on cpu): "))
  }

  @Test("a backward pass from what needs no gradient, or from many elements, ends the program with one line")
  func backwardError() async {
    let constant = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      Tensor.ones([]).backward()
    }
    #expect(Self.line(constant).hasPrefix("error: backward from float32[] on cpu: "))
    let vector = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let tensor = Tensor.ones([2])
      tensor.requiresGradient = true
      (tensor * 2).backward()
    }
    #expect(Self.line(vector).contains("scalar outputs"))
  }

  @Test(
    "more memory than there is ends the program with one line that says how much was wanted, and the program's advice",
    .enabled(if: ProcessInfo.processInfo.environment["ASAN_OPTIONS"] == nil, "the address sanitizer says more"))
  func memoryError() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      Engine.adviseOnMemory { "buy more" }
      _ = Tensor.empty([1 << 30, 1 << 20], .float64)
    }
    let line = Self.line(result)
    #expect(line.hasPrefix("error: out of memory on cpu: 8192 TiB more were wanted ("), "\(line)")
    #expect(line.hasSuffix("); buy more\n") && line.count { $0 == "\n" } == 1)
  }

  @Test("an operator that libtorch does not have is named")
  func unknownOperator() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      Operator("no_such_operator").run()
    }
    #expect(Self.line(result) == "error: find operator: libtorch has no operator aten::no_such_operator.\n")
  }

  @Test("reading elements as another type is refused")
  func wrongElements() async {
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]).elements(as: Float.self) }
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]).scalar }
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]).size(1) }
  }

  // In a process of their own: the counts are of the whole process.
  @Test("no tensor outlives its last reference, through operations, lists and gradients")
  func liveTensors() async {
    await #expect(processExitsWith: .success) {
      func step() {
        let weight = Tensor.ones([4, 4])
        weight.requiresGradient = true
        let parts = (weight * 2).split([1, 3])
        let loss = concatenate(parts).matrixProduct(weight).max(0).values.sum()
        loss.backward()
        _ = weight.gradient?.norm().scalar
        TensorList.multiplyInPlace([weight.detached()], by: 0.5)
      }
      step()
      let before = Engine.liveTensorCount
      for _ in 0..<20 { step() }
      precondition(Engine.liveTensorCount == before, "\(Engine.liveTensorCount) tensors are alive, \(before) were")
    }
  }

  @Test("the memory of tensors that are gone is used again")
  func memory() async {
    await #expect(processExitsWith: .success) {
      func step() { _ = (Tensor.ones([1 << 22]) * 2).sum().scalar }
      for _ in 0..<3 { step() }
      let before = Engine.peakMemory
      for _ in 0..<50 { step() }  // 1.6 GB if nothing were released
      precondition(Engine.peakMemory < before + (64 << 20), "\(Engine.peakMemory) bytes after \(before)")
    }
  }

  @Test("memory counts as mapped before anything touches it, and as resident after")
  func mapped() async {
    await #expect(processExitsWith: .success) {
      let (mapped, resident, size) = (Engine.mappedMemory, Engine.peakMemory, 256 << 20)
      let untouched = Tensor.empty([size], .uint8)
      precondition(Engine.mappedMemory >= mapped + size && Engine.peakMemory < resident + size / 2)
      untouched.zeroInPlace()
      precondition(Engine.peakMemory >= resident + size)
    }
  }

  @Test("the thread count is what it was set to, and sums do not depend on it beyond rounding")
  func threads() async {
    await #expect(processExitsWith: .success) {
      Engine.configure(threadCount: 2)
      precondition(Engine.threadCount == 2)
      let matrix = Tensor.normal([300, 300], .float64, using: Generator(seed: 1))
      let two = matrix.matrixProduct(matrix)
      Engine.threadCount = 1
      precondition(Engine.threadCount == 1)
      precondition((matrix.matrixProduct(matrix) - two).abs().max().scalar < 1e-10)
    }
  }

  @Test("tensors can be made and released from many threads at once")
  func concurrency() async {
    let sums = await withTaskGroup(of: Double.self) { group in
      for index in 0..<16 {
        group.addTask { (0..<50).map { _ in (Tensor.ones([64]) * Double(index)).sum().scalar }.reduce(0, +) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sums.sorted() == (0..<16).map { Double($0) * 64 * 50 })
  }

  @Test("the version is libtorch's")
  func version() { #expect(Engine.version.split(separator: ".").count >= 3) }
}
