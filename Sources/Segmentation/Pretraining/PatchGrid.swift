import Randomness
import Torch

/// Overlapping square patches of an image, in rows and columns at even distances.
///
/// N images, R rows, C columns, p pixels a side of a patch.
public struct PatchGrid: Sendable, Equatable {
  /// Pixels a side of a patch.
  public let patch: Int
  /// Pixels from one patch to the next.
  public let stride: Int
  /// Patches below each other.
  public let rows: Int
  /// Patches beside each other.
  public let columns: Int

  /// A grid; sizes of 1 or more.
  public init(patch: Int, stride: Int, rows: Int, columns: Int) {
    precondition(
      patch >= 1 && stride >= 1 && rows >= 1 && columns >= 1,
      "PatchGrid: expected sizes of 1 or more, got patches of \(patch) every \(stride), \(rows) × \(columns)")
    self.patch = patch
    self.stride = stride
    self.rows = rows
    self.columns = columns
  }

  /// Height in pixels of what the patches cover.
  public var height: Int { patch + (rows - 1) * stride }
  /// Width in pixels of what the patches cover.
  public var width: Int { patch + (columns - 1) * stride }
  /// Patches an image.
  public var count: Int { rows * columns }

  /// The patches of images [N, 3, height, width] as [N · R · C, 3, p, p], in the images' type: an image's rows, in them its columns.
  ///
  /// - Precondition: The images have the grid's size.
  public func patches(of images: Tensor) -> Tensor {
    check(images)
    return joined(images) { _, row, column in (row * stride, column * stride, patch) }
  }

  /// The same with a smaller part of each patch, at a place that is drawn for each: [N · R · C, 3, p − jitter, p − jitter].
  public func patches(
    of images: Tensor, jitter: Int, using generator: inout SeededGenerator
  ) -> Tensor {
    precondition((0..<patch).contains(jitter), "PatchGrid: expected a jitter below \(patch), got \(jitter)")
    guard jitter > 0 else { return patches(of: images) }
    check(images)
    return joined(images) { _, row, column in
      let y = generator.integer(below: jitter + 1)
      let x = generator.integer(below: jitter + 1)
      return (row * stride + y, column * stride + x, patch - jitter)
    }
  }

  private func check(_ images: Tensor) {
    precondition(
      images.rank == 4 && images.size(2) == height && images.size(3) == width,
      "PatchGrid: expected images of \(height) × \(width) pixels, got \(images)")
  }

  private func joined(
    _ images: Tensor, _ place: (_ image: Int, _ row: Int, _ column: Int) -> (y: Int, x: Int, side: Int)
  ) -> Tensor {
    var parts: [Tensor] = []
    parts.reserveCapacity(images.size(0) * count)
    for image in 0..<images.size(0) {
      let whole = images.sliced(axis: 0, from: image, to: image + 1)
      for row in 0..<rows {
        for column in 0..<columns {
          let (y, x, side) = place(image, row, column)
          parts.append(whole.sliced(axis: 2, from: y, to: y + side).sliced(axis: 3, from: x, to: x + side))
        }
      }
    }
    return concatenate(parts).channelsLast()
  }
}
