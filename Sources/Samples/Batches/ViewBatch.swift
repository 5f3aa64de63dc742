import Imaging
import Torch

/// Views of several images in one padded tensor.
public struct ViewBatch: Sendable {
  /// Normalized pixels, float32 [N, 3, H, W]: each view at the upper left of its place, the rest 0.
  public let images: Tensor
  /// The views in the order of the first axis.
  public let views: [View]

  /// A batch of views.
  public init(images: Tensor, views: [View]) {
    precondition(
      images.rank == 4 && images.size(0) == views.count, "ViewBatch: expected a tensor of \(views.count) views")
    self.images = images
    self.views = views
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

  /// A layout; ImageNet's normalization by default.
  public init(sizeDivisor: Int = 32, isChannelsLast: Bool = false, normalization: ResizeNormalize = .imageNet) {
    precondition(sizeDivisor >= 1, "BatchLayout: expected a divisor of 1 or more, got \(sizeDivisor)")
    self.sizeDivisor = sizeDivisor
    self.isChannelsLast = isChannelsLast
    self.normalization = normalization
  }

  /// A batch of decoded images, each resized, mirrored and changed as its view says.
  public func batch(_ items: [(pixels: Image, view: View)], device: Device) -> ViewBatch {
    HostBatch(items, layout: self).viewBatch(on: device)
  }
}

/// The numbers of a batch before they become a tensor; made on worker threads.
final class HostBatch: @unchecked Sendable {
  let views: [View]
  private let height: Int
  private let width: Int
  private let isChannelsLast: Bool
  private let buffer: UnsafeMutableBufferPointer<Float>

  init(_ items: [(pixels: Image, view: View)], layout: BatchLayout) {
    views = items.map(\.view)
    func padded(_ side: Int) -> Int { (side + layout.sizeDivisor - 1) / layout.sizeDivisor * layout.sizeDivisor }
    height = padded(views.map(\.geometry.height).max() ?? 1)
    width = padded(views.map(\.geometry.width).max() ?? 1)
    isChannelsLast = layout.isChannelsLast
    buffer = .allocate(capacity: items.count * 3 * height * width)
    buffer.initialize(repeating: 0)
    guard let start = buffer.baseAddress else { return }
    for (index, item) in items.enumerated() {
      let geometry = item.view.geometry
      // One pass where the pixels are but resized and mirrored; otherwise by way of the 8-bit view.
      let isPlain = !item.view.changesPixels
      layout.normalization.write(
        isPlain ? item.pixels : item.view.rendered(from: item.pixels), outputHeight: geometry.height,
        outputWidth: geometry.width, mirrored: isPlain && geometry.isMirrored,
        to: start + index * 3 * height * width, rowStride: isChannelsLast ? 3 * width : width,
        layout: isChannelsLast ? .interleaved : .planar(planeStride: height * width))
    }
  }

  deinit { buffer.deallocate() }

  func viewBatch(on device: Device) -> ViewBatch {
    let shape = isChannelsLast ? [views.count, height, width, 3] : [views.count, 3, height, width]
    let tensor = Tensor(bytes: UnsafeRawBufferPointer(buffer), shape: shape, elementType: .float32, device: device)
    return ViewBatch(images: isChannelsLast ? tensor.permuted(0, 3, 1, 2) : tensor, views: views)
  }
}
