import Annotations

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
  /// The labels, in pixels of the view; empty for unlabelled images.
  public let labels: BoxLabels

  /// A view of an image.
  public init(image: Int, imageID: Int, name: String, geometry: ViewGeometry, labels: BoxLabels) {
    self.image = image
    self.imageID = imageID
    self.name = name
    self.geometry = geometry
    self.labels = labels
  }
}
