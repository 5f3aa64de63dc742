/// How far a feature extractor lowers the resolution, and what it is made of beyond its kind: nothing that changes the
/// weights of a published file, but for the deep stem.
///
/// A stage whose stride would make the map coarser than `outputStride` keeps its resolution; what follows the stride
/// that was left out looks at every second element instead (dilation; Yu & Koltun 2016). So each convolution sees what
/// it saw in training, at more positions: the elements of a dilated map that the coarser one has too are the same. In
/// torchvision's order the first block of such a stage keeps the dilation before it.
public struct ExtractorForm: Sendable, Equatable {
  /// A ResNet's first convolution.
  public enum Stem: String, Sendable, Codable, CaseIterable {
    /// One of 7 × 7: torchvision's weights.
    case plain
    /// Three of 3 × 3 with 64, 64 and 128 channels, under the names `conv1.0`, `conv1.1`, `conv1.3` …: the weights of
    /// UniMatch and of TorchSemiSeg.
    case deep
  }

  /// Input pixels from one element of the coarsest map to the next: 8, 16 or 32.
  public var outputStride: Int
  /// Factors of the dilations of the last stage's blocks, one a block; empty for 1 each (Chen et al. 2017, multi-grid).
  public var multiGrid: [Int]
  /// The last stage that there is, by its stride without dilation: 16 or 32. What is behind it is not made.
  public var lastStage: Int
  /// A ResNet's first convolution.
  public var stem: Stem

  /// A form; the default is the classifier's.
  public init(outputStride: Int = 32, multiGrid: [Int] = [], lastStage: Int = 32, stem: Stem = .plain) {
    precondition([8, 16, 32].contains(outputStride), "the output stride is 8, 16 or 32, got \(outputStride)")
    precondition([16, 32].contains(lastStage), "the last stage is that at stride 16 or 32, got \(lastStage)")
    precondition(multiGrid.allSatisfy { $0 >= 1 }, "a multi-grid has factors of 1 or more, got \(multiGrid)")
    self.outputStride = outputStride
    self.multiGrid = multiGrid
    self.lastStage = lastStage
    self.stem = stem
  }

  /// Whether all stages are there.
  var isWhole: Bool { lastStage == 32 }

  /// Whether the stage of this stride, without dilation, is there.
  func has(_ nominal: Int) -> Bool { nominal <= lastStage }

  /// The stride of a map that has `nominal` without dilation.
  func stride(_ nominal: Int) -> Int { min(nominal, outputStride) }

  /// The multi-grid's factors for the blocks of a stage.
  func grid(of blocks: Int, at nominal: Int) -> [Int] {
    guard nominal == lastStage, !multiGrid.isEmpty else { return [Int](repeating: 1, count: blocks) }
    precondition(multiGrid.count == blocks, "a multi-grid of \(multiGrid.count) factors for \(blocks) blocks")
    return multiGrid
  }

  /// A block's stride and dilations.
  ///
  /// - Parameters:
  ///   - stride: The block's own.
  ///   - nominal: The stride of its stage's map without dilation.
  ///   - dilation: That before the block; that behind it afterwards.
  ///   - factor: The multi-grid's.
  func step(stride: Int, nominal: Int, dilation: inout Int, factor: Int = 1) -> DilatedStep {
    let before = dilation
    guard nominal > outputStride else {
      return DilatedStep(stride: stride, before: before * factor, after: before * factor)
    }
    dilation *= stride
    return DilatedStep(stride: 1, before: before * factor, after: dilation * factor)
  }
}

/// A block's stride, and the dilations of what lies before and behind it, the strided convolution itself being before.
struct DilatedStep: Sendable, Equatable {
  let stride: Int
  let before: Int
  let after: Int
}
