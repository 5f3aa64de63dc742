import Imaging
import Torch
import Views

/// Views as bytes, decoded, resized and mirrored: a quarter of what their normalized numbers are. Their steps and the
/// normalization are done on the device, after the upload.
///
/// A view without a step is rounded to bytes here like the others, which ``NormalizedBatch`` spares it: half a grey level at most.
final class ByteBatch: HostBatch, @unchecked Sendable {
  private let views: [View]
  private let height: Int
  private let width: Int
  private let layout: BatchLayout
  /// [N, height, width, 3]: each view at the upper left of its place.
  private let buffer: UnsafeMutableBufferPointer<UInt8>

  init(_ items: [(pixels: Image, view: View)], layout: BatchLayout) {
    views = items.map(\.view)
    (height, width) = layout.paddedSize(of: views)
    self.layout = layout
    buffer = .allocate(capacity: items.count * height * width * 3)
    buffer.initialize(repeating: 0)
    guard let start = buffer.baseAddress else { return }
    for (index, item) in items.enumerated() {
      let image = item.view.resized(from: item.pixels)
      let (place, row) = (start + index * height * width * 3, image.width * 3)
      image.pixels.withUnsafeBufferPointer { pixels in
        guard let source = pixels.baseAddress else { return }
        for y in 0..<image.height { (place + y * width * 3).update(from: source + y * row, count: row) }
      }
    }
  }

  deinit { buffer.deallocate() }

  /// Queues upload, steps and normalization on the device, and waits for nothing.
  func viewBatch(on device: Device) -> ViewBatch {
    let (count, isChannelsLast) = (views.count, layout.isChannelsLast)
    let bytes = Tensor(
      bytes: UnsafeRawBufferPointer(buffer), shape: [count, height, width, 3], elementType: .uint8, device: device)
    let images = Tensor.zeros(
      isChannelsLast ? [count, height, width, 3] : [count, 3, height, width], device: device)
    // [N, H, W, 3] in any layout.
    let places = isChannelsLast ? images : images.permuted(0, 2, 3, 1)
    let normalization = layout.normalization
    let scaling = Tensor(normalization.factors + normalization.offsets, shape: [2, 3], device: device)
    for (index, view) in views.enumerated() {
      func part(of batch: Tensor) -> Tensor {
        batch[index].sliced(axis: 0, to: view.geometry.height).sliced(axis: 1, to: view.geometry.width)
      }
      let pixels = view.rendered(fromResized: part(of: bytes))
      part(of: places).copyInPlace(from: pixels.to(.float32) * scaling[0] + scaling[1])
    }
    return ViewBatch(images: isChannelsLast ? images.permuted(0, 3, 1, 2) : images, views: views)
  }
}
