#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Texts one after another in one block of memory, so that a million short ones cost no allocation each.
///
/// One thread appends; once it has handed the slices to others, nothing may be appended any more.
public final class TextBuffer: @unchecked Sendable {
  fileprivate private(set) var start: UnsafeMutableRawPointer?
  private var capacity = 0
  private var count = 0

  /// An empty buffer.
  public init() {}

  /// A buffer with room for `capacity` bytes. What is not used costs nothing after `close`.
  public init(capacity: Int) { reserve(capacity) }

  deinit { free(start) }

  /// Adds a text.
  public func append(_ bytes: UnsafeRawBufferPointer) -> TextSlice {
    let first = count
    precondition(first + bytes.count <= Int(UInt32.max), "TextBuffer: holds more than 4 GiB")
    if first + bytes.count > capacity { reserve(max(2 * capacity, first + bytes.count)) }
    if let source = bytes.baseAddress, let start { memcpy(start + first, source, bytes.count) }
    count += bytes.count
    return TextSlice(buffer: self, start: UInt32(first), count: UInt32(bytes.count))
  }

  /// Adds a text.
  public func append(_ text: String) -> TextSlice {
    var text = text
    return text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Gives back the memory that is not used.
  public func close() { if count < capacity { reserve(max(count, 1)) } }

  private func reserve(_ wanted: Int) {
    guard let block = realloc(start, wanted) else { preconditionFailure("TextBuffer: out of memory") }
    start = block
    capacity = wanted
  }
}

/// A text in a ``TextBuffer``.
public struct TextSlice: Sendable {
  private let buffer: TextBuffer
  private let start: UInt32
  /// How many bytes it has.
  public let count: UInt32

  fileprivate init(buffer: TextBuffer, start: UInt32, count: UInt32) {
    self.buffer = buffer
    self.start = start
    self.count = count
  }

  /// A text in a buffer of its own.
  public init(_ text: String) { self = TextBuffer().append(text) }

  /// Calls `body` with the text's bytes.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(buffer) {} }
    return try body(UnsafeRawBufferPointer(start: buffer.start.map { $0 + Int(start) }, count: Int(count)))
  }

  /// The text.
  public var string: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}

extension TextSlice: Equatable {
  /// Whether both have the same bytes.
  public static func == (left: TextSlice, right: TextSlice) -> Bool {
    left.count == right.count && left.withBytes { one in right.withBytes { one.elementsEqual($0) } }
  }
}
