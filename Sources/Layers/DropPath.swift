import Torch

/// Stochastic depth (Huang et al. 2016) of one residual branch: in training it becomes 0 for single images of a batch,
/// and 1 / (1 − rate) times as large for the others, so that its mean stays; in evaluation it passes through.
///
/// Each image is drawn for by itself, as timm and `transformers` do it; in the paper a whole batch goes one way, and
/// branches are scaled in evaluation instead. The rate rises linearly with the depth, from 0 at a network's first block
/// to the maximum at its last: the convention of timm and SegFormer (in the paper the first block has a rate already).
/// The maximum is not a matter of the weights; ``Module/setDropPath(_:)`` sets it, at any time. At a rate of 0 nothing
/// is drawn and the branch is returned as it is.
public final class DropPath: Layer, RandomLayer {
  /// This branch's part of the maximum, in 0...1.
  public let share: Double
  /// How likely the branch is dropped, in 0..<1.
  public internal(set) var rate = 0.0
  var generator: Generator?

  /// The branch of one block, dropped never at first.
  ///
  /// - Parameters:
  ///   - index: The block's place among all of the network, from 0 on.
  ///   - count: How many there are.
  public init(block index: Int, of count: Int) {
    precondition((0..<count).contains(index), "drop path: block \(index) of \(count)")
    share = count > 1 ? Double(index) / Double(count - 1) : 0
  }

  /// A branch [N, …], of which images are dropped.
  public override func callAsFunction(_ branch: Tensor) -> Tensor {
    guard isTraining, rate > 0 else { return branch }
    return branch * mask([branch.size(0)] + branch.shape.dropFirst().map { _ in 1 }, rate: rate, for: branch)
  }
}

extension Module {
  /// Sets how likely the last residual branch of this network is dropped for an image in training; the branches before
  /// it follow linearly (``DropPath``).
  ///
  /// - Parameter maximum: In 0..<1; 0 for none.
  public func setDropPath(_ maximum: Double) {
    precondition((0..<1).contains(maximum), "drop path: expected a rate in 0..<1, got \(maximum)")
    for case let path as DropPath in modules() { path.rate = maximum * path.share }
  }
}
