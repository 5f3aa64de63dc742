import Layers
import Torch

/// A network that turns images into maps of features at falling resolution: a classifier without its last layers.
///
/// N images, C channels, H × W pixels.
open class FeatureExtractor: Module {
  /// Input pixels from one map element to the next, of each map, rising; dilated maps share one.
  public let strides: [Int]
  /// The channels of each map.
  public let channels: [Int]

  /// An extractor of maps at these strides with these channels.
  public init(strides: [Int], channels: [Int]) {
    precondition(
      strides.count == channels.count && !strides.isEmpty && strides == strides.sorted(),
      "a feature extractor's strides rise, one for each map, got \(strides) with channels \(channels)")
    self.strides = strides
    self.channels = channels
  }

  /// The maps of images [N, 3, H, W], float32, normalised as the weights want it: one [N, channels[i], ⌈H /
  /// strides[i]⌉, ⌈W / strides[i]⌉] for each of `strides`. Gradients flow, to the images too where they require it.
  open func callAsFunction(_ images: Tensor) -> [Tensor] {
    preconditionFailure("\(type(of: self)) does not say what it computes")
  }

  /// Maps of images as ``callAsFunction(_:)`` takes them, at other strides than ``strides``, from fine to coarse.
  ///
  /// - Parameter nominal: Some of those at which there are maps, rising: by their strides without dilation.
  open func maps(of images: Tensor, at nominal: [Int]) -> [Tensor] {
    preconditionFailure("\(type(of: self)) gives no maps at other strides than its own")
  }

  /// The channels of a map by its stride without dilation.
  open func channels(at nominal: Int) -> Int {
    preconditionFailure("\(type(of: self)) gives no maps at other strides than its own")
  }

  /// What the tensors of a published weight file are called here. Names that are right already stay as they are.
  open var publishedNames: RenameTable { RenameTable([]) }

  /// Prefixes of names in a published file that this extractor has no use for: the classifier's last layers.
  open var unusedPrefixes: [String] { [] }

  /// Loads published weights of the classifier that this extractor is the body of.
  ///
  /// Strict both ways but for `unusedPrefixes`.
  ///
  /// - Parameters:
  ///   - state: The file's tensors under its own names or under this module's.
  ///   - source: The file's name, for the error.
  @discardableResult
  open func loadPublished(_ state: StateDict, source: String) throws(LoadError) -> LoadReport {
    try load(state.renamed(publishedNames), excusing: unusedPrefixes, source: source)
  }

  /// The part of `wanted` that an extractor of maps at `offered` strides gives, checked.
  static func checked(strides wanted: [Int], offered: [Int]) -> [Int] {
    precondition(
      !wanted.isEmpty && wanted.allSatisfy(offered.contains) && Set(wanted).count == wanted.count,
      "strides are some of \(offered), got \(wanted)")
    return wanted.sorted()
  }
}

/// How the batch norms of a network behave.
public struct NormOptions: Sendable, Equatable {
  /// Trained, or the fixed map of saved statistics.
  public var mode: BatchNorm.Mode
  /// Added to the variance. Weight files do not carry it.
  public var epsilon: Double
  /// The share of a new batch in the running statistics.
  public var momentum: Double

  /// Options for all norms of a network.
  public init(mode: BatchNorm.Mode, epsilon: Double = 1e-5, momentum: Double = 0.1) {
    self.mode = mode
    self.epsilon = epsilon
    self.momentum = momentum
  }

  /// A norm for a part of the network. In a frozen part statistics stay as they are too.
  func norm(_ channels: Int, isFrozen: Bool) -> BatchNorm {
    BatchNorm(channels, mode: isFrozen ? .frozen : mode, epsilon: epsilon, momentum: momentum)
  }
}
