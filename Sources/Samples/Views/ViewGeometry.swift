import Annotations

/// How a view comes out of its image: resized, then perhaps mirrored.
public struct ViewGeometry: Sendable, Equatable {
  /// Height of the image in pixels.
  public let originalHeight: Int
  /// Width of the image in pixels.
  public let originalWidth: Int
  /// Height of the view in pixels, without padding.
  public private(set) var height: Int
  /// Width of the view in pixels, without padding.
  public private(set) var width: Int
  /// Whether left and right are exchanged.
  public private(set) var isMirrored = false

  /// The view that is its image.
  public init(originalHeight: Int, originalWidth: Int) {
    precondition(originalHeight > 0 && originalWidth > 0, "ViewGeometry: expected an image with pixels")
    self.originalHeight = originalHeight
    self.originalWidth = originalWidth
    height = originalHeight
    width = originalWidth
  }

  /// From pixels of the image to pixels of the view.
  public var map: AffineMap {
    let scale = AffineMap.scale(
      x: Double(width) / Double(originalWidth), y: Double(height) / Double(originalHeight))
    return isMirrored ? scale.then(.horizontalFlip(width: Double(width))) : scale
  }

  /// Resizes so that the shorter side is `shortSide`, or less where the longer one would exceed `longSide`.
  ///
  /// torchvision's `GeneralizedRCNNTransform`, to the pixel: the scale is a float32, sizes are rounded down.
  public mutating func resize(shortSide: Int, longSide: Int) {
    let short = Float(min(originalHeight, originalWidth))
    let long = Float(max(originalHeight, originalWidth))
    // PyTorch divides a number by a tensor as a product with the tensor's reciprocal.
    let scale = Double(min(Float(shortSide) * (1 / short), Float(longSide) * (1 / long)))
    height = max(1, Int(Double(originalHeight) * scale))
    width = max(1, Int(Double(originalWidth) * scale))
  }

  /// Exchanges left and right.
  public mutating func mirror() { isMirrored.toggle() }

  /// Labels of the image as they are in the view.
  public func labels(_ labels: BoxLabels) -> BoxLabels {
    let map = self.map
    return BoxLabels(boxes: labels.boxes.map { map.map($0) }, classes: labels.classes)
  }
}
