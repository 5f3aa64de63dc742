import Annotations

/// Masks looked at on all cores, in blocks of neighbours.
struct MaskReading<Value: Sendable>: Sendable {
  /// What was made of the masks that can be used.
  private(set) var values: [Value] = []
  /// The places of those that cannot, and why.
  private(set) var misfits: [(index: Int, reason: String)] = []
  /// The runs that were left in each block's storage.
  private(set) var blocks: [MaskRuns] = []

  private struct Block: Sendable {
    var values: [Value] = []
    var misfits: [(index: Int, reason: String)] = []
    var runs = MaskRuns()
  }

  /// Calls `body` for each of `count` masks with its place, its block, and the block's storage for runs.
  init(_ count: Int, _ body: @Sendable (Int, Int, inout MaskRuns) throws(ResultMisfit) -> Value) {
    let size = 1024
    let parts = AveragePrecision.inParallel((count + size - 1) / size) { number in
      var block = Block()
      block.values.reserveCapacity(size)
      for index in number * size..<min(count, (number + 1) * size) {
        do throws(ResultMisfit) { block.values.append(try body(index, number, &block.runs)) } catch {
          block.misfits.append((index, error.reason))
        }
      }
      return block
    }
    values.reserveCapacity(count)
    for part in parts {
      values += part.values
      misfits += part.misfits
      blocks.append(part.runs)
    }
  }
}
