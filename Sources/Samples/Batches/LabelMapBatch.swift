import Imaging
import Torch
import Views

/// A batch whose views also have labels for their pixels, or at least say which pixels show their image.
final class LabelMapBatch: HostBatch {
  private let images: any HostBatch
  /// Labels of all views' places, row by row; nil without label maps.
  private let labels: [UInt8]?
  /// 1 where a pixel shows its image, row by row.
  private let validity: [UInt8]
  private let shape: [Int]

  /// - Parameter maps: The label map of each item's image; none for views without labels.
  init(_ images: any HostBatch, views: [View], maps: [Image]?, layout: BatchLayout) {
    self.images = images
    let (height, width) = layout.paddedSize(of: views)
    shape = [views.count, height, width]
    func placed(_ parts: [Image], beyond fill: UInt8) -> [UInt8] {
      parts.flatMap { $0.padded(height: height, width: width, with: fill).pixels }
    }
    validity = placed(views.map(\.validity), beyond: 0)
    labels = maps.map { maps in
      placed(zip(views, maps).map { $0.labels(from: $1) }, beyond: View.ignoredLabel)
    }
  }

  func viewBatch(on device: Device) -> ViewBatch {
    let batch = images.viewBatch(on: device)
    func tensor(_ bytes: [UInt8]) -> Tensor {
      bytes.withUnsafeBytes { Tensor(bytes: $0, shape: shape, elementType: .uint8, device: device) }
    }
    return ViewBatch(
      images: batch.images, views: batch.views, labels: labels.map { tensor($0).to(.int64) },
      validity: tensor(validity).to(.bool))
  }
}
