import Layers
import Torch

/// A residual network (He et al. 2016) under torchvision's names: `conv1`, `bn1`, `layer1.0.conv1` … and `fc`.
///
/// Maps: strides 4, 8, 16, 32 with 64, 128, 256, 512 channels, four times as many from ResNet-50 on. Images: RGB in 0…1,
/// normalised as its ``BackboneStyle`` says. Nothing is recorded for gradients in the frozen part, unless the images
/// themselves require one.
public final class ResNet: FeatureExtractor {
  /// How many layers with weights it has.
  public enum Depth: Int, Sendable, CaseIterable {
    case depth18 = 18
    case depth34 = 34
    case depth50 = 50
    case depth101 = 101

    /// Blocks in each of the four stages.
    var blocks: [Int] {
      switch self {
      case .depth18: [2, 2, 2, 2]
      case .depth34, .depth50: [3, 4, 6, 3]
      case .depth101: [3, 4, 23, 3]
      }
    }

    /// Whether blocks are ``Bottleneck``s.
    var isDeep: Bool { rawValue >= 50 }
  }

  /// Strides at which there are maps.
  public static let offeredStrides = [4, 8, 16, 32]
  private static let widths = [64, 128, 256, 512]

  private let conv1: Convolution
  private let bn1: BatchNorm
  private let layer1: Sequential
  private let layer2: Sequential
  private let layer3: Sequential
  private let layer4: Sequential
  private let fc: Linear?
  private let style: BackboneStyle

  /// - Parameters:
  ///   - strides: Which maps are given. Parts behind the last one are there, for the weight files, but not computed.
  ///   - style: Which published weights it is for.
  ///   - frozenStages: How many parts from the input on keep weights and statistics: 1 the first convolution, 2 also
  ///     `layer1`, … 5 all. torchvision's `trainable_layers` is 5 less this.
  ///   - classes: Classes of the classifier form; nil for none, as a backbone.
  public init(
    _ depth: Depth, strides: [Int] = ResNet.offeredStrides, style: BackboneStyle = .pytorch,
    norm: NormOptions = NormOptions(mode: .frozen), frozenStages: Int = 0, classes: Int? = nil,
    using generator: Generator
  ) {
    self.style = style
    precondition((0...5).contains(frozenStages), "frozen stages lie in 0...5, got \(frozenStages)")
    let stem = ResidualStage(norm: norm, isFrozen: frozenStages >= 1, generator: generator)
    let expansion = depth.isDeep ? Bottleneck.expansion : 1
    conv1 = stem.convolution(3, 64, kernel: 7, stride: 2)
    bn1 = stem.norm(64)
    var inputs = 64
    let layers = (0..<4).map { index in
      let stage = ResidualStage(norm: norm, isFrozen: frozenStages >= index + 2, generator: generator)
      let width = Self.widths[index]
      return Sequential(
        (0..<depth.blocks[index]).map { block in
          defer { inputs = width * expansion }
          let stride = block == 0 && index > 0 ? 2 : 1
          return depth.isDeep
            ? Bottleneck(inputs, width: width, stride: stride, style: style, in: stage)
            : BasicBlock(inputs, width: width, stride: stride, in: stage)
        })
    }
    (layer1, layer2, layer3, layer4) = (layers[0], layers[1], layers[2], layers[3])
    fc = classes.map { Linear(512 * expansion, $0, using: generator) }
    let strides = Self.checked(strides: strides, offered: Self.offeredStrides)
    super.init(
      strides: strides,
      channels: zip(Self.offeredStrides, Self.widths).filter { strides.contains($0.0) }.map { $0.1 * expansion })
    if frozenStages >= 1 { [conv1, bn1].forEach { $0.freeze() } }
    for (index, layer) in layers.enumerated() where frozenStages >= index + 2 { layer.freeze() }
  }

  public override func callAsFunction(_ images: Tensor) -> [Tensor] { maps(images, at: strides) }

  /// The classifier's logits [N, classes] of images [N, 3, H, W].
  ///
  /// - Precondition: It was made with classes.
  public func logits(_ images: Tensor) -> Tensor {
    guard let fc else { preconditionFailure("a ResNet without classes has no logits") }
    return fc(maps(images, at: [32])[0].mean(2, 3))
  }

  private func maps(_ images: Tensor, at wanted: [Int]) -> [Tensor] {
    var map = convolve(images, conv1, bn1, .relu).maxPooled(kernel: 3, stride: 2, padding: 1)
    var result: [Tensor] = []
    for (stride, layer) in zip(Self.offeredStrides, [layer1, layer2, layer3, layer4]) {
      guard result.count < wanted.count else { break }
      map = layer(map)
      if wanted.contains(stride) { result.append(map) }
    }
    return result
  }

  /// Loads a classifier's weights; those of Caffe's style take blue first, in the file.
  @discardableResult
  public override func loadPublished(_ state: StateDict, source: String) throws(LoadError) -> LoadReport {
    try super.loadPublished(style.inRGB(state, stem: "conv1.weight"), source: source)
  }

  public override var unusedPrefixes: [String] { fc == nil ? ["fc."] : [] }
}
