import Annotations

/// Masks looked at on all cores, in blocks of neighbours.
struct MaskReading<Value: BitwiseCopyable & Sendable>: Sendable {
  /// What was made of the masks; none where any of them cannot be used.
  let values: [Value]
  /// The places of those that cannot, and why.
  let misfits: [(index: Int, reason: String)]
  /// The runs that were left in each block's storage.
  let blocks: [MaskRuns]

  private struct Block: Sendable {
    var misfits: [(index: Int, reason: String)] = []
    var runs = MaskRuns()
  }

  /// Calls `body` for each of `count` masks with its place, its block, and the block's storage for runs.
  init(_ count: Int, _ body: @Sendable (Int, Int, inout MaskRuns) throws(ResultMisfit) -> Value) {
    var parts: [Block] = []
    values = [Value](unsafeUninitializedCapacity: count) { slots, filled in
      nonisolated(unsafe) let slots = slots
      parts = Blocks.inParallel(count) { number, range in
        var block = Block()
        for index in range {
          do throws(ResultMisfit) {
            slots.initializeElement(at: index, to: try body(index, number, &block.runs))
          } catch { block.misfits.append((index, error.reason)) }
        }
        return block
      }
      filled = parts.allSatisfy(\.misfits.isEmpty) ? count : 0
    }
    misfits = parts.flatMap(\.misfits)
    blocks = parts.map(\.runs)
  }
}
