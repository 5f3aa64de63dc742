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
  /// The draws of the batch that a draw belongs to.
  private let batch: @Sendable (Int) -> Range<Int>
  private let recent = Mutex<[(epoch: Int, order: [Int32])]>([])

  /// The order of a pool of `count` images.
  ///
  /// - Parameters:
  ///   - stream: keeps streams of one run apart that share its seed.
  ///   - groups: the group of each image; empty for no grouping.
  ///   - batch: how many consecutive draws make a batch.
  /// - Precondition: `count` ≥ 1, `batch` ≥ 1, `groups` empty or of `count` entries.
  public convenience init(count: Int, seed: UInt64, stream: UInt64, groups: [Int] = [], batch: Int = 1) {
    precondition(batch >= 1, "EpochOrder: expected a batch of 1 or more, got \(batch)")
    self.init(
      count: count, seed: seed, stream: stream, groups: batch == 1 ? [] : groups,
      batch: { $0 / batch * batch..<($0 / batch + 1) * batch })
  }

  /// The order of a pool whose batches differ in size.
  ///
  /// - Parameter batch: the draws of the batch that a draw belongs to, one or more; a function of the draw alone.
  init(
    count: Int, seed: UInt64, stream: UInt64, groups: [Int], batch: @escaping @Sendable (_ draw: Int) -> Range<Int>
  ) {
    precondition(count >= 1, "EpochOrder: expected a pool, got \(count) images")
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
    guard !groups.isEmpty else { return shuffled.map { Int32($0) } }
    return grouped(shuffled, from: epoch * count)
  }

  /// Puts the images of a group side by side in whole batches, batches in order of their last image.
  ///
  /// - Parameter first: the epoch's first draw; it may belong to a batch that began in the epoch before.
  private func grouped(_ shuffled: [Int], from first: Int) -> [Int32] {
    var next = batch(first)
    // How many draws still belong to the last batch of the epoch before.
    let head = next.lowerBound < first ? next.upperBound - first : 0
    if head > 0 { next = batch(next.upperBound) }
    var waiting: [Int: [Int32]] = [:]
    var batches: [[Int32]] = []
    for image in shuffled {
      let group = groups[image]
      waiting[group, default: []].append(Int32(image))
      guard let full = waiting[group], full.count >= next.count else { continue }
      batches.append(Array(full.prefix(next.count)))
      // Some are left where the batch is smaller than the one that they were waiting for.
      waiting[group] = Array(full.dropFirst(next.count))
      next = batch(next.upperBound)
    }
    // Left-overs, group by group, complete the batch begun in the last epoch, and end this one.
    var rest = waiting.sorted { $0.key < $1.key }.flatMap(\.value)
    while rest.count < head, let last = batches.popLast() { rest += last }
    return Array(rest.prefix(head)) + batches.flatMap { $0 } + rest.dropFirst(head)
  }
}
