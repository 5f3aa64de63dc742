import Torch

extension SampleStream {
  /// What differs between runs on the same data.
  public struct Options: Sendable {
    /// Decides orders and augmentations.
    public var seed: UInt64
    /// Threads that decode.
    public var workers: Int
    /// Batches made ahead.
    public var depth: Int
    /// Decodes JPEG files no larger than needed.
    public var scaledDecoding: Bool
    /// Puts images of one orientation into a batch as far as their numbers allow.
    public var groupByOrientation: Bool
    /// Images seen between which the share of labelled images falls to 0, though not below one a step; empty for none.
    public var labeledShareDecay: Range<Int>
    /// How images become numbers.
    public var layout: BatchLayout
    /// Where the tensors are made.
    public var device: Device

    /// Options; two workers and four batches ahead by default.
    public init(
      seed: UInt64, workers: Int = 2, depth: Int = 4, scaledDecoding: Bool = true, groupByOrientation: Bool = true,
      labeledShareDecay: Range<Int> = 0..<0, layout: BatchLayout = BatchLayout(), device: Device = .cpu
    ) {
      self.seed = seed
      self.workers = workers
      self.depth = depth
      self.scaledDecoding = scaledDecoding
      self.groupByOrientation = groupByOrientation
      self.labeledShareDecay = labeledShareDecay
      self.layout = layout
      self.device = device
    }
  }
}
