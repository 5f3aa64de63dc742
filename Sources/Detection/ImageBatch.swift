import Torch

/// Images of a batch, padded at the right and at the bottom to one size.
public struct ImageBatch {
  /// Normalised pixels, [N, 3, H, W]; padding is 0.
  public let pixels: Tensor
  /// The size of each image without padding.
  public let sizes: [(height: Int, width: Int)]

  /// - Precondition: One size an image, none larger than the batch.
  public init(pixels: Tensor, sizes: [(height: Int, width: Int)]) {
    precondition(pixels.rank == 4 && pixels.size(0) == sizes.count, "\(sizes.count) sizes for \(pixels)")
    precondition(
      sizes.allSatisfy { $0.height <= pixels.size(2) && $0.width <= pixels.size(3) }, "images larger than \(pixels)")
    self.pixels = pixels
    self.sizes = sizes
  }

  /// The same images in another type; nil for the one they have.
  public func converted(to type: ElementType?) -> ImageBatch {
    ImageBatch(pixels: pixels.to(type ?? pixels.elementType), sizes: sizes)
  }

  /// With padding.
  public var height: Int { pixels.size(2) }
  /// With padding.
  public var width: Int { pixels.size(3) }
}
