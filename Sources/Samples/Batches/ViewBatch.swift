import Imaging
import Torch
import Views

/// Views of several images in one padded tensor.
public struct ViewBatch: Sendable {
  /// Normalized pixels, float32 [N, 3, H, W]: each view at the upper left of its place, the rest 0.
  public let images: Tensor
  /// The views in the order of the first axis.
  public let views: [View]
  /// Labels of pixels, int64 [N, H, W], `View.ignoredLabel` where there is none; nil unless the stream reads label maps.
  public let labels: Tensor?
  /// Which pixels show their image, bool [N, H, W]: neither padding nor erased; nil unless the stream reads or asks for label maps.
  public let validity: Tensor?

  /// A batch of views.
  public init(images: Tensor, views: [View], labels: Tensor? = nil, validity: Tensor? = nil) {
    precondition(
      images.rank == 4 && images.size(0) == views.count, "ViewBatch: expected a tensor of \(views.count) views")
    self.images = images
    self.views = views
    self.labels = labels
    self.validity = validity
  }

  /// One view as a picture: what the network is shown of it, without padding.
  public func picture(of index: Int, normalization: ResizeNormalize) -> Image {
    let geometry = views[index].geometry
    let padded = images.selected(index, axis: 0)
    let values = padded.sliced(axis: 1, to: geometry.height).sliced(axis: 2, to: geometry.width)
    return normalization.image(of: values.contiguous().floats, height: geometry.height, width: geometry.width)
  }
}

/// How decoded images become the numbers a model takes.
public struct BatchLayout: Sendable {
  /// Sides are padded to a multiple of this.
  public var sizeDivisor: Int
  /// Channels stand side by side for each pixel in memory; the shape stays [N, 3, H, W].
  public var isChannelsLast: Bool
  /// Mean and deviation.
  public var normalization: ResizeNormalize
  /// Whether views whose pixels change go to the device as bytes, and are changed and normalized there.
  public var rendersOnDevice: Bool

  /// A layout; ImageNet's normalization, and views rendered on the host, by default.
  public init(
    sizeDivisor: Int = 32, isChannelsLast: Bool = false, normalization: ResizeNormalize = .imageNet,
    rendersOnDevice: Bool = false
  ) {
    precondition(sizeDivisor >= 1, "BatchLayout: expected a divisor of 1 or more, got \(sizeDivisor)")
    self.sizeDivisor = sizeDivisor
    self.isChannelsLast = isChannelsLast
    self.normalization = normalization
    self.rendersOnDevice = rendersOnDevice
  }

  /// A batch of decoded images, each resized, mirrored and changed as its view says.
  public func batch(_ items: [(pixels: Image, view: View)], device: Device) -> ViewBatch {
    hostBatch(items).viewBatch(on: device)
  }

  /// What threads make of decoded images, before there is a tensor.
  func hostBatch(_ items: [(pixels: Image, view: View)]) -> any HostBatch {
    rendersOnDevice && items.contains(where: \.view.changesPixels)
      ? ByteBatch(items, layout: self) : NormalizedBatch(items, layout: self)
  }

  /// The sides of the batch that holds the views.
  func paddedSize(of views: [View]) -> (height: Int, width: Int) {
    func padded(_ sides: [Int]) -> Int { ((sides.max() ?? 1) + sizeDivisor - 1) / sizeDivisor * sizeDivisor }
    return (padded(views.map(\.geometry.height)), padded(views.map(\.geometry.width)))
  }
}
