import Samples
import Torch
import Views

extension ImageBatch {
  /// A batch of views as a detector takes it.
  public init(_ batch: ViewBatch) {
    self.init(pixels: batch.images, sizes: batch.views.map { ($0.geometry.height, $0.geometry.width) })
  }
}

extension DetectionTarget {
  /// The labels of a view, in its pixels, on the CPU; classes are counted from 1, since 0 is background.
  public init(_ labels: BoxLabels, elementType: ElementType = .float32) {
    let corners = labels.boxes.flatMap { [Float($0.x0), Float($0.y0), Float($0.x1), Float($0.y1)] }
    self.init(
      boxes: Tensor(corners, shape: [labels.boxes.count, 4]).to(elementType),
      labels: Tensor(labels.classes.map { $0 + 1 }))
  }

  /// The labels of each view of a batch.
  public static func targets(of batch: ViewBatch) -> [DetectionTarget] {
    batch.views.map { DetectionTarget($0.labels) }
  }
}
