import Documents

/// Work on many small things, on all cores: in blocks of neighbours, whose results do not depend on how many work.
enum Blocks {
  private static let size = 1024

  /// The results of `body` for each block of 0 ..< count: its number and the range of its places.
  static func inParallel<Result: Sendable>(
    _ count: Int, _ body: @Sendable (_ block: Int, _ range: Range<Int>) -> Result
  ) -> [Result] {
    parallelMap(count: (count + size - 1) / size) { block in
      body(block, block * size..<min(count, (block + 1) * size))
    }
  }

  /// The values of `body` for 0 ..< count.
  static func map<Value: BitwiseCopyable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { slots, filled in
      nonisolated(unsafe) let slots = slots
      // Each block writes its own slots only.
      _ = inParallel(count) { _, range in
        for index in range { slots.initializeElement(at: index, to: body(index)) }
      }
      filled = count
    }
  }
}
