import Randomness
import Synchronization

/// Which image of a pool each draw of an endless stream takes: every epoch is a permutation of the pool, and a function
/// of (seed, stream, epoch) alone.
///
/// With groups (say, landscape and portrait) the images of a batch come from one group as far as the epoch's numbers
/// allow; what is left over shares mixed batches. Each epoch stays a permutation, so there is always a next draw,
/// whatever the sizes of the groups are.
public final class EpochOrder: Sendable {
  /// How many images the pool holds.
  public let count: Int
  private let seed: UInt64
  private let stream: UInt64
  private let groups: [Int]
  private let batch: Int
  private let recent = Mutex<[(epoch: Int, order: [Int32])]>([])

  /// The order of a pool of `count` images.
  ///
  /// - Parameters:
  ///   - stream: keeps streams of one run apart that share its seed.
  ///   - groups: the group of each image; empty for no grouping.
  ///   - batch: how many consecutive draws make a batch.
  /// - Precondition: `count` ≥ 1, `batch` ≥ 1, `groups` empty or of `count` entries.
  public init(count: Int, seed: UInt64, stream: UInt64, groups: [Int] = [], batch: Int = 1) {
    precondition(
      count >= 1 && batch >= 1, "EpochOrder: expected a pool and a batch, got \(count) images, batch \(batch)")
    precondition(groups.isEmpty || groups.count == count, "EpochOrder: expected \(count) groups, got \(groups.count)")
    self.count = count
    self.seed = seed
    self.stream = stream
    self.groups = groups
    self.batch = batch
  }

  /// The image that draw number `draw` takes, in 0..<`count`; draws count from 0 over all epochs.
  public func image(ofDraw draw: Int) -> Int {
    let epoch = draw / count
    return recent.withLock { recent in
      if let known = recent.first(where: { $0.epoch == epoch }) { return Int(known.order[draw % count]) }
      let order = self.order(ofEpoch: epoch)
      // Two epochs are in use at once where batches made ahead cross from one to the next.
      recent = recent.suffix(1) + [(epoch, order)]
      return Int(order[draw % count])
    }
  }

  /// The whole order of an epoch.
  func order(ofEpoch epoch: Int) -> [Int32] {
    var generator = SeededGenerator(seed: seed, stream: 0x6570_6F63_68, stream, UInt64(epoch))
    let shuffled = generator.permutation(count)
    guard !groups.isEmpty, batch > 1 else { return shuffled.map { Int32($0) } }
    return grouped(shuffled, head: (batch - epoch * count % batch) % batch)
  }

  /// Puts the images of a group side by side in whole batches, batches in order of their last image.
  ///
  /// - Parameter head: how many draws still belong to the last batch of the epoch before.
  private func grouped(_ shuffled: [Int], head: Int) -> [Int32] {
    var waiting: [Int: [Int32]] = [:]
    var batches: [Int32] = []
    batches.reserveCapacity(count)
    for image in shuffled {
      let group = groups[image]
      waiting[group, default: []].append(Int32(image))
      if let full = waiting[group], full.count == batch {
        batches += full
        waiting[group] = []
      }
    }
    // Left-overs, group by group, complete the batch begun in the last epoch, and end this one.
    var rest = waiting.sorted { $0.key < $1.key }.flatMap(\.value)
    if rest.count < head {
      rest += batches.suffix(batch)
      batches = batches.dropLast(batch)
    }
    return Array(rest.prefix(head)) + batches + rest.dropFirst(head)
  }
}
