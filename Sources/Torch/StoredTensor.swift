/// A tensor as it lies in a file: contiguous, row-major, little-endian. Holds on to the mapped file, copies nothing.
public struct StoredTensor: @unchecked Sendable {
  /// The type of the elements.
  public let elementType: ElementType
  /// The sizes, outermost first; empty for a single number.
  public let shape: [Int]

  private let bytes: UnsafeRawBufferPointer
  /// What keeps `bytes` alive; never written to.
  private let owner: AnyObject

  /// A tensor whose bytes lie in memory that `owner` keeps alive and unchanged. Precondition: they are as many as the
  /// shape asks for.
  init(elementType: ElementType, shape: [Int], bytes: UnsafeRawBufferPointer, owner: AnyObject) {
    precondition(
      elementType.byteCount(ofShape: shape) == bytes.count, "\(bytes.count) bytes for \(elementType) \(shape)")
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
    self.owner = owner
  }

  /// A tensor with its own copy of `bytes`. Precondition: they are as many as the shape asks for.
  public init(elementType: ElementType, shape: [Int], bytes: [UInt8]) {
    let storage = StoredBytes(count: bytes.count)
    storage.bytes.copyBytes(from: bytes)
    self.init(elementType: elementType, shape: shape, bytes: UnsafeRawBufferPointer(storage.bytes), owner: storage)
  }

  /// The number of bytes.
  public var byteCount: Int { bytes.count }

  /// The number of elements.
  public var elementCount: Int { bytes.count / elementType.size }

  /// Calls `body` with the bytes, which are valid during the call and need not be aligned to the element.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(owner) {} }
    return try body(bytes)
  }
}

/// Memory of a tensor that does not lie in its file as it is wanted.
final class StoredBytes {
  let bytes: UnsafeMutableRawBufferPointer

  init(count: Int) { bytes = .allocate(byteCount: count, alignment: 64) }
  deinit { bytes.deallocate() }
}

extension ElementType {
  /// The bytes of a contiguous tensor, or nil where a size is negative or the count overflows.
  func byteCount(ofShape shape: [Int]) -> Int? {
    var count = size
    for size in shape {
      guard size >= 0 else { return nil }
      // A size of zero must not hide an overflow of the others.
      let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
      guard !overflow else { return nil }
      count = product
    }
    return shape.contains(0) ? 0 : count
  }
}
