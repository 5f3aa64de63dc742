import Testing

@testable import Torch

/// 0, 1, 2 … in a shape.
private func counting(_ shape: Int...) -> Tensor {
  Tensor((0..<shape.reduce(1, *)).map { Float($0) }, shape: shape)
}

@Suite("Tensor shapes and views") struct TensorShapeTests {
  static let cases: [OperationCase] = [
    OperationCase("reshaped", [3, 2], [0, 1, 2, 3, 4, 5]) { counting(2, 3).reshaped(3, -1) },
    OperationCase("permuted", [3, 2], [0, 3, 1, 4, 2, 5]) { counting(2, 3).permuted(1, 0) },
    OperationCase("transposed, then flattened", [6], [0, 3, 1, 4, 2, 5]) {
      counting(2, 3).transposed(0, 1).flattened()
    },
    OperationCase("flattened from an axis", [2, 6], (0..<12).map(Double.init)) { counting(2, 3, 2).flattened(from: 1) },
    OperationCase("unsqueezed, squeezed", [2, 1], [0, 1]) { counting(2).unsqueezed(1).unsqueezed(0).squeezed(0) },
    OperationCase("expanded", [2, 3], [0, 0, 0, 1, 1, 1]) { counting(2, 1).expanded([-1, 3]) },
    OperationCase("repeated", [4], [0, 1, 0, 1]) { counting(2).repeated(2) },
    OperationCase("repeated interleaved", [4], [0, 0, 1, 1]) { counting(2).repeatedInterleaved(2, axis: 0) },
    OperationCase("flipped", [2, 2], [1, 0, 3, 2]) { counting(2, 2).flipped(1) },
    OperationCase("padded", [1, 4], [9, 9, 0, 9]) { counting(1, 1).padded([2, 1], value: 9) },
    OperationCase("concatenated", [2, 3], [0, 0, 1, 1, 2, 3]) {
      concatenate([counting(2, 1), counting(2, 2)], axis: 1)
    },
    OperationCase("stacked", [2, 2], [0, 0, 1, 1]) { stack([counting(2), counting(2)], axis: 1) },
    OperationCase("selected by an index", [2], [2, 3]) { counting(2, 2)[1] },
    OperationCase("selected from the end", [2], [1, 3]) { counting(2, 2).selected(-1, axis: 1) },
    OperationCase("sliced", [2], [1, 3]) { counting(5).sliced(axis: 0, from: 1, to: -1, step: 2) },
    OperationCase("sliced to nothing", [0], []) { counting(5).sliced(axis: 0, from: 3, to: 3) },
    OperationCase("gathered", [3, 2], [2, 3, 0, 1, 2, 3]) { counting(2, 2).gathered(Tensor([1, 0, 1])) },
    OperationCase("gathered by no index", [0, 2], []) { counting(2, 2).gathered(.zeros([0], .int64)) },
    OperationCase("filtered", [1, 2], [2, 3]) { counting(2, 2).filtered(Tensor([false, true])) },
    OperationCase("elements by rows and columns", [2], [1, 2]) {
      counting(2, 2).elements(atRows: Tensor([0, 1]), columns: Tensor([1, 0]))
    },
    OperationCase("picked along an axis", [2, 1], [1, 2]) {
      counting(2, 2).picked(Tensor([1, 0], shape: [2, 1]), axis: 1)
    },
    OperationCase("nonzero", [2, 2], [0, 1, 1, 0], type: .int64) { Tensor([0, 5, 5, 0], shape: [2, 2]).nonzero() },
    OperationCase("true indices", [2], [0, 2], type: .int64) { Tensor([true, false, true]).trueIndices() },
    OperationCase("filled", [2], [7, 1]) { counting(2).filled(7, where: Tensor([true, false])) },
    OperationCase("one-hot", [2, 3], [0, 0, 1, 1, 0, 0], type: .int64) { Tensor([2, 0]).oneHot(3) },
    OperationCase("range", [3], [1, 1.5, 2]) { .range(from: 1, to: 2.5, step: 0.5) },
    OperationCase("indices", [3], [0, 1, 2], type: .int64) { .indices(3) },
    OperationCase("full of int64", [2], [7, 7], type: .int64) { .full([2], 7, .int64) },
    OperationCase("converted downwards", [2], [1, -1], type: .int32) { Tensor([1.9, -1.9] as [Float]).to(.int32) },
  ]

  @Test("operations give values computed by hand", arguments: cases)
  func shapes(operation: OperationCase) { operation.check() }

  @Test("split gives consecutive parts")
  func split() {
    #expect(counting(5).split([2, 0, 3]).map(\.floats) == [[0, 1], [], [2, 3, 4]])
  }

  @Test("views share memory with what they were taken from, copies do not")
  func views() {
    let tensor = counting(2, 3)
    let copy = tensor.copied()
    for view in [
      tensor.reshaped(6), tensor.permuted(1, 0), tensor[0], tensor.sliced(axis: 1, step: 2), tensor.detached(),
    ] {
      view.fillInPlace(5)
      #expect(tensor.floats.contains(5))
      tensor.copyInPlace(from: copy)
      #expect(tensor.isEqual(to: copy))
    }
    copy.zeroInPlace()
    #expect(tensor.floats == [0, 1, 2, 3, 4, 5])
  }

  @Test("putInPlace replaces rows, and converting copies fit types")
  func writing() {
    let tensor = counting(3, 2)
    tensor.putInPlace(Tensor([9, 8] as [Float], shape: [1, 2]), at: Tensor([1]))
    #expect(tensor.floats == [0, 1, 9, 8, 4, 5])
    let integers = Tensor([0, 0])
    integers.copyInPlace(from: Tensor([1.7, -2] as [Float]))
    #expect(integers.integers == [1, -2])
  }

  @Test("channels-last changes the layout, not the elements")
  func channelsLast() {
    let map = counting(2, 3, 4, 5)
    let last = map.channelsLast()
    #expect(last.isChannelsLast && !last.isContiguous && map.isContiguous)
    #expect(last.isEqual(to: map))
    #expect(last.floats == map.floats)
    #expect(last.contiguous().isContiguous)
  }

  @Test("elements come back as they were given, of every type")
  func elements() {
    #expect(Tensor([1.5, -2.5]).elements(as: Double.self) == [1.5, -2.5])
    #expect(Tensor([1.5] as [Float]).elements(as: Float.self) == [1.5])
    #expect(Tensor([Int64.max, .min]).elements(as: Int64.self) == [.max, .min])
    #expect(Tensor([-7] as [Int32]).elements(as: Int32.self) == [-7])
    #expect(Tensor([0, 255] as [UInt8]).elements(as: UInt8.self) == [0, 255])
    #expect(Tensor([true, false]).elements(as: Bool.self) == [true, false])
    #expect(Tensor([Float]()).shape == [0])
    #expect(counting(2, 3).permuted(1, 0).elements(as: Float.self) == [0, 3, 1, 4, 2, 5])
    #expect(Tensor([3] as [Float], shape: []).scalar == 3)
  }

  @Test("a tensor says what it is")
  func description() {
    let tensor = Tensor.zeros([2, 3], .bfloat16)
    #expect(tensor.description == "bfloat16[2, 3] on cpu")
    #expect(tensor.rank == 2 && tensor.count == 6 && tensor.size(-1) == 3 && tensor.device == .cpu)
  }

  @Test("element types keep their sizes and names", arguments: ElementType.allCases)
  func types(type: ElementType) {
    let tensor = Tensor.ones([3], type)
    #expect(tensor.elementType == type)
    #expect(tensor.withBytes { $0.count } == 3 * type.size)
    #expect(ElementType(rawValue: type.rawValue) == type)
  }
}

@Suite("Device") struct TensorDeviceTests {
  @Test(
    "names are read and written back",
    arguments: [("cpu", Device.cpu), ("cuda", .cuda(0)), ("cuda:0", .cuda(0)), ("cuda:3", .cuda(3))])
  func names(text: String, device: Device) {
    #expect(Device(text) == device)
    #expect(Device(device.description) == device)
  }

  @Test("anything else is no device", arguments: ["", "gpu", "cuda:", "cuda:-1", "cuda:x", "CPU", "cuda:1 "])
  func refused(text: String) { #expect(Device(text) == nil) }

  @Test("the CPU is there; a GPU beyond the last is not")
  func availability() {
    #expect(Device.cpu.isAvailable)
    #expect(!Device.cuda(Engine.cudaDeviceCount).isAvailable)
  }
}
