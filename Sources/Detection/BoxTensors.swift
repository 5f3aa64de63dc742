import Annotations
import Torch

/// Boxes as tensors [B, 4]: x0, y0, x1, y1 in pixels, x to the right, y down, corners half-open.
public enum BoxTensors {
  /// Width times height: [B].
  public static func areas(_ boxes: Tensor) -> Tensor {
    let (width, height) = sizes(boxes)
    return width * height
  }

  /// Widths and heights, each [B].
  static func sizes(_ boxes: Tensor) -> (width: Tensor, height: Tensor) {
    let x0 = boxes.selected(0, axis: -1)
    let y0 = boxes.selected(1, axis: -1)
    return (boxes.selected(2, axis: -1) - x0, boxes.selected(3, axis: -1) - y0)
  }

  /// Intersection over union of each pair: [A, B]. Two boxes without area give not-a-number, as in torchvision.
  public static func intersectionOverUnion(_ a: Tensor, _ b: Tensor) -> Tensor {
    let topLeft = maximum(a.unsqueezed(1).sliced(axis: 2, to: 2), b.sliced(axis: 1, to: 2))  // [A, B, 2]
    let bottomRight = minimum(a.unsqueezed(1).sliced(axis: 2, from: 2), b.sliced(axis: 1, from: 2))
    let extent = (bottomRight - topLeft).clamped(min: 0)
    let intersection = extent.selected(0, axis: 2) * extent.selected(1, axis: 2)
    return intersection / (areas(a).unsqueezed(1) + areas(b) - intersection)
  }

  /// Boxes [..., 4] brought inside an image.
  public static func clipped(_ boxes: Tensor, height: Int, width: Int) -> Tensor {
    let x = boxes.sliced(axis: -1, from: 0, step: 2).clamped(min: 0, max: Double(width))  // [..., (x0, x1)]
    let y = boxes.sliced(axis: -1, from: 1, step: 2).clamped(min: 0, max: Double(height))
    return stack([x, y], axis: -1).flattened(from: -2)  // [..., (x0, y0, x1, y1)]
  }

  /// Whether each of boxes [B, 4] is at least this wide and high, and has an area: bool [B].
  public static func areAtLeast(_ size: Double, _ boxes: Tensor) -> Tensor {
    let (width, height) = sizes(boxes)
    if size == 0 { return (width .> 0) .& (height .> 0) }
    return (width .>= size) .& (height .>= size)
  }

  /// Boxes [B, 4] with x and y scaled apart.
  public static func scaled(_ boxes: Tensor, x: Double, y: Double) -> Tensor {
    boxes * Tensor([x, y, x, y], shape: [4]).to(boxes.elementType).to(boxes.device)
  }

  /// The smallest boxes [B, 4] around the mapped corners of boxes [B, 4].
  public static func mapped(_ boxes: Tensor, by map: AffineMap) -> Tensor {
    let (x0, y0) = (boxes.selected(0, axis: 1), boxes.selected(1, axis: 1))
    let (x1, y1) = (boxes.selected(2, axis: 1), boxes.selected(3, axis: 1))
    let corners = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)]
    let x = stack(corners.map { $0 * map.a + $1 * map.b + map.tx })  // [4, B]
    let y = stack(corners.map { $0 * map.c + $1 * map.d + map.ty })
    return stack([x.min(0).values, y.min(0).values, x.max(0).values, y.max(0).values], axis: 1)
  }
}
