import Annotations
import Imaging

/// One view of an image: where it lies in its batch, its labels, and the way back to the image.
public struct View: Sendable, Equatable {
  /// The place of the image in its pool.
  public let image: Int
  /// The image's id in the file of labels.
  public let imageID: Int
  /// The image's name.
  public let name: String
  /// Size and map; the view fills the upper left `height` by `width` of its place in the batch.
  public let geometry: ViewGeometry
  /// What is done to the pixels of the resized and mirrored image, in order; nothing for weak views.
  public let steps: [ViewStep]
  /// The labels, in pixels of the view; empty for unlabelled images.
  public let labels: BoxLabels
  /// The classes that are somewhere in the image, though perhaps not in the view; nil where that is not known.
  public let tags: [Int]?

  /// A view of an image.
  public init(
    image: Int, imageID: Int, name: String, geometry: ViewGeometry, steps: [ViewStep] = [], labels: BoxLabels,
    tags: [Int]? = nil
  ) {
    self.image = image
    self.imageID = imageID
    self.name = name
    self.geometry = geometry
    self.steps = steps
    self.labels = labels
    self.tags = tags
  }

  /// Whether the pixels are more than resized, cropped and mirrored.
  public var changesPixels: Bool { steps.contains(where: \.changesPixels) }

  /// The decoded image, resized, cropped and mirrored to 8-bit values: bilinear, rounded to the nearest, halves to the even one.
  /// What a view shows beyond its image is black.
  public func resized(from image: Image) -> Image {
    guard geometry.isCropped else {
      return image.resized(height: geometry.height, width: geometry.width, mirrored: geometry.isMirrored)
    }
    let shown = image.resized(
      height: geometry.scaledHeight, width: geometry.scaledWidth, rows: geometry.shownRows,
      columns: geometry.shownColumns)
    return onCanvas(shown, beyond: 0)
  }

  /// What a view shows of its resized image on a canvas of the view's size, mirrored where the view is.
  func onCanvas(_ shown: Image, beyond fill: UInt8) -> Image {
    let whole = shown.padded(height: geometry.height, width: geometry.width, with: fill)
    return geometry.isMirrored ? whole.flippedHorizontally() : whole
  }

  /// The view as an image: the decoded image, resized and mirrored, then changed step by step.
  public func rendered(from image: Image) -> Image {
    var result = resized(from: image)
    for step in steps { step.apply(to: &result) }
    return result
  }
}
