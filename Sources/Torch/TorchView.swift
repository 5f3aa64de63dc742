/// Which elements of a storage a tensor has: sizes and steps, in elements, outermost first.
struct TorchView {
  let offset: Int
  let shape: [Int]
  let strides: [Int]

  private var isEmpty: Bool { shape.contains(0) }

  /// How long a storage must be, in elements; nil where that overflows.
  var elementSpan: Int? {
    if isEmpty { return 0 }
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, larger) = last.addingReportingOverflow(reach)
      guard !overflow, !larger else { return nil }
      last = sum
    }
    let (span, overflow) = last.addingReportingOverflow(1)
    return overflow ? nil : span
  }

  /// Whether the elements follow one another in row-major order.
  var isContiguous: Bool {
    if isEmpty { return true }
    var expected = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      guard stride == expected else { return false }
      expected = expected.multipliedReportingOverflow(by: size).partialValue
    }
    return true
  }

  /// Copies the elements in row-major order. Precondition: `elementSpan` elements are in `storage`, and `target` has
  /// room for all of the shape.
  func gather(
    from storage: UnsafeRawBufferPointer, elementType: ElementType, swapped: Bool,
    into target: UnsafeMutableRawBufferPointer
  ) {
    switch elementType.size {
    case 8: gather(UInt64.self, from: storage, swapped: swapped, into: target)
    case 4: gather(UInt32.self, from: storage, swapped: swapped, into: target)
    case 2: gather(UInt16.self, from: storage, swapped: swapped, into: target)
    default: gather(UInt8.self, from: storage, swapped: swapped, into: target)
    }
  }

  private func gather<Element: FixedWidthInteger & BitwiseCopyable>(
    _ type: Element.Type, from storage: UnsafeRawBufferPointer, swapped: Bool,
    into target: UnsafeMutableRawBufferPointer
  ) {
    if isEmpty { return }
    let width = MemoryLayout<Element>.size
    let innerSize = shape.last ?? 1
    let innerStride = (strides.last ?? 0) * width
    var index = [Int](repeating: 0, count: max(shape.count - 1, 0))
    var source = offset * width
    var written = 0
    while true {
      for step in 0..<innerSize {
        let element = storage.loadUnaligned(fromByteOffset: source + step * innerStride, as: Element.self)
        target.storeBytes(of: swapped ? element.byteSwapped : element, toByteOffset: written, as: Element.self)
        written += width
      }
      // The next row: the innermost of the outer dimensions that has one more.
      var dimension = index.count - 1
      while dimension >= 0, index[dimension] == shape[dimension] - 1 {
        source -= index[dimension] * strides[dimension] * width
        index[dimension] = 0
        dimension -= 1
      }
      if dimension < 0 { return }
      index[dimension] += 1
      source += strides[dimension] * width
    }
  }
}
