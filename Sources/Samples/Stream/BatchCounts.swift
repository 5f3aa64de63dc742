import Randomness
import Synchronization

/// Which draws of each stream the steps of a run take: a function of the seed and the step, for any number of processes.
///
/// With fixed numbers that is arithmetic. Drawn numbers, and those of a share that falls, are counted up from the first step; what
/// was counted is kept, 8 bytes a step. A million steps of 40 images are counted in half a second, once, where a run is resumed there.
final class BatchCounts: Sendable {
  private let labeled: Int
  private let unlabeled: Int
  private let composition: BatchComposition
  private let parts: Int
  private let seed: UInt64
  /// Images seen, of all processes, between which the labelled share falls to 0.
  private let decay: Range<Int>
  /// Labelled images of all processes up to the end of each step.
  private let counted = Mutex<[Int]>([])

  /// Counts for processes that each take what is requested.
  init(_ request: ViewRequest, parts: Int, seed: UInt64, decay: Range<Int>) {
    labeled = request.labeled.images
    unlabeled = request.unlabeled.images
    composition = request.composition
    self.parts = parts
    self.seed = seed
    self.decay = decay
  }

  /// Images of one process a step.
  private var total: Int { labeled + unlabeled }

  /// Whether every step takes the same.
  var areFixed: Bool { labeled == 0 || unlabeled == 0 || (composition.composition == .fixed && decay.isEmpty) }

  /// What a saved position depends on, to be told apart; empty where every step takes the same.
  var identity: String {
    guard !areFixed else { return "" }
    let kinds = composition.composition == .drawn ? ", drawn in groups of \(composition.groups(of: total))" : ""
    return ", \(labeled) of \(total) labelled\(kinds)"
      + (decay.isEmpty ? "" : ", falling between \(decay.lowerBound) and \(decay.upperBound) images")
  }

  /// The draws that one process takes.
  func draws(ofStep step: Int, part: Int) -> (labeled: Range<Int>, unlabeled: Range<Int>) {
    let first: Int
    let count: Int
    if areFixed {
      (first, count) = ((step * parts + part) * labeled, labeled)
    } else {
      first = labeledImages(before: step) + (0..<part).reduce(0) { $0 + labeledImages(ofStep: step, part: $1) }
      count = labeledImages(ofStep: step, part: part)
    }
    let other = (step * parts + part) * total - first
    return (first..<first + count, other..<other + total - count)
  }

  /// The draws of the labelled stream that all processes take in the step to which a draw belongs.
  func labeledBatch(ofDraw draw: Int) -> Range<Int> {
    batch(ofDraw: draw, perStep: labeled) { self.labeledImages(before: $0) }
  }

  /// The same for the unlabelled stream.
  func unlabeledBatch(ofDraw draw: Int) -> Range<Int> {
    batch(ofDraw: draw, perStep: unlabeled) { $0 * self.total * self.parts - self.labeledImages(before: $0) }
  }

  /// - Parameter start: The stream's draws before a step; grows by one or more a step.
  private func batch(ofDraw draw: Int, perStep images: Int, start: (Int) -> Int) -> Range<Int> {
    guard !areFixed else {
      let size = images * parts
      return draw / size * size..<(draw / size + 1) * size
    }
    // The last step that starts at the draw or before it; not many more steps are counted than lie before it.
    var (low, high) = (0, 1)
    while start(high) <= draw { (low, high) = (high, 2 * high) }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if start(middle) <= draw { low = middle } else { high = middle }
    }
    return start(low)..<start(low + 1)
  }

  /// Labelled images of all processes before a step.
  private func labeledImages(before step: Int) -> Int {
    guard step > 0 else { return 0 }
    return counted.withLock { counted in
      while counted.count < step {
        let next = (0..<parts).reduce(0) { $0 + labeledImages(ofStep: counted.count, part: $1) }
        counted.append((counted.last ?? 0) + next)
      }
      return counted[step - 1]
    }
  }

  private func labeledImages(ofStep step: Int, part: Int) -> Int {
    let left = shareLeft(step)
    guard composition.composition == .drawn else {
      return min(max(Int((Double(labeled) * left).rounded()), 1), total - 1)
    }
    let share = left * Double(labeled) / Double(total)
    let sizes = composition.groups(of: total)
    return sizes.enumerated().reduce(0) { sum, group in
      let number = part * sizes.count + group.offset
      var generator = SeededGenerator(seed: seed, stream: 0x6B69_6E64, UInt64(step), UInt64(number))
      let drawn = (0..<group.element).count { _ in generator.chance(share) }
      return sum + min(max(drawn, 1), group.element - 1)
    }
  }

  /// What is left of the labelled share at a step, 1 down to 0.
  private func shareLeft(_ step: Int) -> Double {
    let seen = step * total * parts
    guard !decay.isEmpty, seen >= decay.lowerBound else { return 1 }
    return max(0, Double(decay.upperBound - seen) / Double(decay.count))
  }
}
