/// One image with the label map that belongs to it, neither of them read yet.
public struct MaskedImage: Sendable, Equatable {
  /// Counts from 1 in the order of the source; of a COCO file the image's own.
  public var id: Int
  /// The image's name as the source has it: relative to its image folder, or as a list writes it.
  public var name: String
  /// Where the image's file lies.
  public var path: String
  /// Height in pixels as the labels say; 0 while unknown.
  public var height: Int
  /// Width in pixels as the labels say; 0 while unknown.
  public var width: Int
  /// Its labels.
  public var mask: MaskReference

  /// An image with a label map.
  public init(id: Int, name: String, path: String, height: Int = 0, width: Int = 0, mask: MaskReference) {
    self.id = id
    self.name = name
    self.path = path
    self.height = height
    self.width = width
    self.mask = mask
  }
}

/// Where the label map of an image comes from.
public enum MaskReference: Sendable, Equatable {
  /// A PNG file at this path: one number a pixel.
  case file(String)
  /// Outlines and masks of objects: each lies over those before it, what none covers is the class of `background`.
  case objects([MaskObject], background: Int)
}

/// One object of a label map that is put together.
public struct MaskObject: Sendable, Equatable {
  /// The dense index of its class.
  public var classIndex: Int
  /// Its outline or mask.
  public var segmentation: Segmentation
  /// Whether it stands for a group that is not told apart: its pixels are ignored.
  public var isCrowd: Bool
  /// What messages call it.
  public var place: String

  /// An object.
  public init(classIndex: Int, segmentation: Segmentation, isCrowd: Bool = false, place: String) {
    self.classIndex = classIndex
    self.segmentation = segmentation
    self.isCrowd = isCrowd
    self.place = place
  }
}
