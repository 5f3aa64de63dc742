import Imaging
import Torch
import Views

/// A batch before it becomes a tensor: made on worker threads, which have nothing to do with a device.
protocol HostBatch: Sendable {
  /// The tensor and its views; called once, by the thread that takes the steps.
  func viewBatch(on device: Device) -> ViewBatch
}

/// The numbers that a model takes, ready to be uploaded.
final class NormalizedBatch: HostBatch, @unchecked Sendable {
  private let views: [View]
  private let height: Int
  private let width: Int
  private let isChannelsLast: Bool
  private let buffer: UnsafeMutableBufferPointer<Float>

  init(_ items: [(pixels: Image, view: View)], layout: BatchLayout) {
    views = items.map(\.view)
    (height, width) = layout.paddedSize(of: views)
    isChannelsLast = layout.isChannelsLast
    buffer = .allocate(capacity: items.count * 3 * height * width)
    buffer.initialize(repeating: 0)
    guard let start = buffer.baseAddress else { return }
    for (index, item) in items.enumerated() {
      let geometry = item.view.geometry
      // One pass where the whole image is but resized and mirrored; otherwise by way of the 8-bit view.
      let isPlain = !item.view.changesPixels && !geometry.isCropped
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
