import Layers
import Torch

/// A residual network (He et al. 2016) under torchvision's names: `conv1`, `bn1`, `layer1.0.conv1` … and `fc`.
///
/// Maps: strides 4, 8, 16, 32 with 64, 128, 256, 512 channels, four times as many from ResNet-50 on. Images: RGB in
/// 0…1, normalised as its ``BackboneStyle`` says. Nothing is recorded for gradients in the frozen part, unless the
/// images themselves require one. With an output stride of 8 or 16 the last stages are dilated instead of strided,
/// which changes no name and no weight (torchvision's `replace_stride_with_dilation`).
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

  private let conv1: Layer
  private let bn1: BatchNorm
  private let layer1: Sequential
  private let layer2: Sequential
  private let layer3: Sequential
  private let layer4: Sequential
  private let fc: Linear?
  private let style: BackboneStyle
  private let form: ExtractorForm
  /// The maps that are given, by their strides without dilation.
  private let wanted: [Int]

  /// - Parameters:
  ///   - strides: Which maps are given, by their strides without dilation. Parts behind the last one are there, for the
  ///     weight files, but not computed.
  ///   - form: Output stride and the like.
  ///   - style: Which published weights it is for.
  ///   - frozenStages: How many parts from the input on keep weights and statistics: 1 the first convolution, 2 also
  ///     `layer1`, … 5 all. torchvision's `trainable_layers` is 5 less this.
  ///   - classes: Classes of the classifier form; nil for none, as a backbone.
  public init(
    _ depth: Depth, strides: [Int] = ResNet.offeredStrides, form: ExtractorForm = ExtractorForm(),
    style: BackboneStyle = .pytorch, norm: NormOptions = NormOptions(mode: .frozen), frozenStages: Int = 0,
    classes: Int? = nil,
    using generator: Generator
  ) {
    self.style = style
    self.form = form
    precondition(form.isWhole || classes == nil, "a ResNet without its last stage has no classifier")
    precondition((0...5).contains(frozenStages), "frozen stages lie in 0...5, got \(frozenStages)")
    let stem = ResidualStage(norm: norm, isFrozen: frozenStages >= 1, generator: generator)
    let expansion = depth.isDeep ? Bottleneck.expansion : 1
    let stemWidth = form.stem == .deep ? DeepStem.width : 64
    conv1 = form.stem == .deep ? DeepStem(in: stem) : stem.convolution(3, stemWidth, kernel: 7, stride: 2)
    bn1 = stem.norm(stemWidth)
    var inputs = stemWidth
    var dilation = 1
    let blockCount = zip(Self.offeredStrides, depth.blocks).filter { form.has($0.0) }.map(\.1).reduce(0, +)
    var blockIndex = 0
    let layers = (0..<4).map { index in
      let nominal = Self.offeredStrides[index]
      guard form.has(nominal) else { return Sequential([]) }
      let stage = ResidualStage(norm: norm, isFrozen: frozenStages >= index + 2, generator: generator)
      let width = Self.widths[index]
      let grid = form.grid(of: depth.blocks[index], at: nominal)
      return Sequential(
        (0..<depth.blocks[index]).map { block in
          defer { (inputs, blockIndex) = (width * expansion, blockIndex + 1) }
          let dropPath = DropPath(block: blockIndex, of: blockCount)
          let step = form.step(
            stride: block == 0 && index > 0 ? 2 : 1, nominal: nominal, dilation: &dilation, factor: grid[block])
          return depth.isDeep
            ? Bottleneck(inputs, width: width, step: step, style: style, dropPath: dropPath, in: stage)
            : BasicBlock(inputs, width: width, step: step, dropPath: dropPath, in: stage)
        })
    }
    (layer1, layer2, layer3, layer4) = (layers[0], layers[1], layers[2], layers[3])
    fc = classes.map { Linear(512 * expansion, $0, using: generator) }
    let wanted = Self.checked(strides: strides, offered: Self.offeredStrides.filter { form.has($0) })
    self.wanted = wanted
    super.init(
      strides: wanted.map { form.stride($0) },
      channels: zip(Self.offeredStrides, Self.widths).filter { wanted.contains($0.0) }
        .map { $0.1 * expansion })
    if frozenStages >= 1 { [conv1, bn1].forEach { $0.freeze() } }
    for (index, layer) in layers.enumerated() where frozenStages >= index + 2 { layer.freeze() }
  }

  public override func callAsFunction(_ images: Tensor) -> [Tensor] { maps(of: images, at: wanted) }

  /// The classifier's logits [N, classes] of images [N, 3, H, W].
  ///
  /// - Precondition: It was made with classes.
  public func logits(_ images: Tensor) -> Tensor {
    guard let fc else { preconditionFailure("a ResNet without classes has no logits") }
    return fc(maps(of: images, at: [32])[0].mean(2, 3))
  }

  public override func maps(of images: Tensor, at wanted: [Int]) -> [Tensor] {
    var map = stemMap(images).maxPooled(kernel: 3, stride: 2, padding: 1)
    var result: [Tensor] = []
    for (stride, layer) in zip(Self.offeredStrides, [layer1, layer2, layer3, layer4]) {
      guard result.count < wanted.count else { break }
      map = layer(map)
      if wanted.contains(stride) { result.append(map) }
    }
    return result
  }

  public override func channels(at nominal: Int) -> Int {
    // Every stage doubles its stride and its width.
    channels[channels.count - 1] * nominal / (wanted[wanted.count - 1])
  }

  private func stemMap(_ images: Tensor) -> Tensor {
    switch conv1 {
    case let convolution as Convolution: convolve(images, convolution, bn1, .relu)
    case let stem as DeepStem: stem(images, followedBy: bn1)
    default: preconditionFailure("a ResNet begins with a convolution or a deep stem")
    }
  }

  /// Loads a classifier's weights; those of Caffe's style take blue first, in the file.
  @discardableResult
  public override func loadPublished(_ state: StateDict, source: String) throws(LoadError) -> LoadReport {
    let first = form.stem == .deep ? "conv1.0.weight" : "conv1.weight"
    return try super.loadPublished(style.inRGB(state, stem: first), source: source)
  }

  public override var unusedPrefixes: [String] {
    (fc == nil ? ["fc."] : [])
      + Self.offeredStrides.indices.filter { !form.has(Self.offeredStrides[$0]) }
      .map { "layer\($0 + 1)." }
  }
}
