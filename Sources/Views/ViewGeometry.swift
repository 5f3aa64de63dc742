import Annotations

/// How a view comes out of its image: resized, then perhaps cropped, then perhaps mirrored, then perhaps moved, turned or sheared
/// on a canvas of the same size.
public struct ViewGeometry: Sendable, Equatable {
  /// Height of the image in pixels.
  public let originalHeight: Int
  /// Width of the image in pixels.
  public let originalWidth: Int
  /// Height of the view in pixels, without padding.
  public private(set) var height: Int
  /// Width of the view in pixels, without padding.
  public private(set) var width: Int
  /// Height in pixels of the whole resized image, of which the view may be a part.
  public private(set) var scaledHeight: Int
  /// Width in pixels of the whole resized image.
  public private(set) var scaledWidth: Int
  /// The row of the resized image that is the view's first.
  public private(set) var cropY = 0
  /// The column of the resized image that is the view's first, before it is mirrored.
  public private(set) var cropX = 0
  /// Whether left and right are exchanged.
  public private(set) var isMirrored = false
  /// What happens to the resized and mirrored view, in its pixels; the identity for weak views.
  public private(set) var warp = AffineMap.identity

  /// The view that is its image.
  public init(originalHeight: Int, originalWidth: Int) {
    precondition(originalHeight > 0 && originalWidth > 0, "ViewGeometry: expected an image with pixels")
    self.originalHeight = originalHeight
    self.originalWidth = originalWidth
    (height, width) = (originalHeight, originalWidth)
    (scaledHeight, scaledWidth) = (originalHeight, originalWidth)
  }

  /// From pixels of the image to pixels of the view.
  public var map: AffineMap {
    var map = AffineMap.scale(
      x: Double(scaledWidth) / Double(originalWidth), y: Double(scaledHeight) / Double(originalHeight))
    if isCropped { map = map.then(.translation(x: -Double(cropX), y: -Double(cropY))) }
    if isMirrored { map = map.then(.horizontalFlip(width: Double(width))) }
    return isWarped ? map.then(warp) : map
  }

  /// Whether the view is more than resized, cropped and mirrored.
  public var isWarped: Bool { warp != .identity }
  /// Whether the view is another part of the plane than the whole resized image: less of it, or more, which is empty.
  public var isCropped: Bool { cropY != 0 || cropX != 0 || height != scaledHeight || width != scaledWidth }

  /// Resizes so that the shorter side is `shortSide`, or less where the longer one would exceed `longSide`.
  ///
  /// torchvision's `GeneralizedRCNNTransform`, to the pixel: the scale is a float32, sizes are rounded down.
  ///
  /// - Precondition: the view is not cropped or warped yet: both are in pixels of the resized view.
  public mutating func resize(shortSide: Int, longSide: Int) {
    let short = Float(min(originalHeight, originalWidth))
    let long = Float(max(originalHeight, originalWidth))
    // PyTorch divides a number by a tensor as a product with the tensor's reciprocal.
    let scale = Double(min(Float(shortSide) * (1 / short), Float(longSide) * (1 / long)))
    resize(
      height: max(1, Int(Double(originalHeight) * scale)), width: max(1, Int(Double(originalWidth) * scale)))
  }

  /// Resizes to a height and a width in pixels.
  ///
  /// - Precondition: as of the form by sides.
  public mutating func resize(height: Int, width: Int) {
    precondition(
      !isWarped && !isCropped, "ViewGeometry.resize: expected to come before cropping, moving, turning and shearing")
    precondition(height > 0 && width > 0, "ViewGeometry.resize: expected sides above 0, got \(height) x \(width)")
    (self.height, self.width) = (height, width)
    (scaledHeight, scaledWidth) = (height, width)
  }

  /// Takes a part of the resized image, whose first row and column are given; what goes beyond the image is empty.
  ///
  /// - Precondition: the view is whole, neither mirrored nor warped; its first pixel is one of the image.
  public mutating func crop(y: Int, x: Int, height: Int, width: Int) {
    precondition(
      !isCropped && !isMirrored && !isWarped, "ViewGeometry.crop: expected to come once, after resizing alone")
    precondition(
      height > 0 && width > 0 && (0..<scaledHeight).contains(y) && (0..<scaledWidth).contains(x),
      "ViewGeometry.crop: expected to begin inside \(scaledHeight) x \(scaledWidth), got row \(y), column \(x)")
    (cropY, cropX) = (y, x)
    (self.height, self.width) = (height, width)
  }

  /// Rows of the resized image that the view shows.
  var shownRows: Range<Int> { cropY..<min(cropY + height, scaledHeight) }
  /// Columns of the resized image that the view shows.
  var shownColumns: Range<Int> { cropX..<min(cropX + width, scaledWidth) }

  /// Exchanges left and right.
  ///
  /// - Precondition: the view is not warped yet.
  public mutating func mirror() {
    precondition(!isWarped, "ViewGeometry.mirror: expected to come before moving, turning and shearing")
    isMirrored.toggle()
  }

  /// Moves, turns or shears what the view shows by now; its size stays. The pixels follow by a step: `ViewPlan.append`.
  ///
  /// - Precondition: the map can be undone.
  mutating func warp(by map: AffineMap) {
    precondition(map.inverse != nil, "ViewGeometry.warp: expected a map with an inverse, got \(map)")
    warp = warp.then(map)
  }

  /// Labels of the image as they are in the view.
  ///
  /// The boxes of a cropped or warped view are the smallest around the four mapped corners, clipped to the view; those that lie
  /// outside it are left out.
  public func labels(_ labels: BoxLabels) -> BoxLabels {
    let map = self.map
    guard isWarped || isCropped else {
      return BoxLabels(boxes: labels.boxes.map { map.map($0) }, classes: labels.classes)
    }
    let boxes = labels.boxes.map { map.map($0).clipped(toHeight: Double(height), width: Double(width)) }
    let kept = boxes.indices.filter { !boxes[$0].isEmpty }
    return BoxLabels(boxes: kept.map { boxes[$0] }, classes: kept.map { labels.classes[$0] })
  }
}

// MARK: From view to view
extension ViewGeometry {
  /// From pixels of this view to pixels of another view of the same image.
  ///
  /// - Precondition: both are views of one image.
  public func map(to target: ViewGeometry) -> AffineMap {
    precondition(
      originalHeight == target.originalHeight && originalWidth == target.originalWidth,
      "ViewGeometry.map(to:): expected views of one image")
    guard let inverse = map.inverse else {
      preconditionFailure("ViewGeometry.map(to:): expected a map with an inverse")
    }
    return inverse.then(target.map)
  }

  /// Where boxes of this view lie in another view of the same image, one for one: the smallest boxes around the four
  /// mapped corners, clipped to that view without its padding; empty (`Box.isEmpty`) where they lie outside it.
  ///
  /// - Precondition: both are views of one image.
  public func carry(_ boxes: [Box], to target: ViewGeometry) -> [Box] {
    let map = map(to: target)
    return boxes.map { map.map($0).clipped(toHeight: Double(target.height), width: Double(target.width)) }
  }
}
