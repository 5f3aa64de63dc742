import Documents

/// Images with label maps as read from one source; no picture and, where a table of classes is at hand, no label map is opened yet.
public struct SegmentationReading: Sendable {
  /// The forms that label maps are read from.
  public enum Form: String, Sendable, CaseIterable {
    /// A folder of images with a folder of PNG label maps.
    case folder = "masks"
    /// A text file with an image and its label map on each line.
    case list = "mask-list"
    /// Outlines and masks of COCO instances JSON, or outlines of LabelMe's.
    case objects
  }

  /// The file or folder that was read.
  public var source: String
  /// Its form.
  public var form: Form
  /// The classes of the label maps.
  public var classes: ClassTable
  /// The images, in the order of their names, of a list or COCO file in its order.
  public var images: [MaskedImage]
  /// The folder that the images' names are relative to.
  public var imageFolder: String
  /// What was noticed, each in one line.
  public var notes: [String]
}

extension SegmentationReading {
  /// The SHA-256 of every image's file, by image id. Reads all files through.
  ///
  /// - Parameter report: gets the number of files done, after each.
  public func imageDigests(report: (Int) -> Void = { _ in }) throws(AnnotationError) -> [Int: String] {
    var digests: [Int: String] = [:]
    for image in images {
      digests[image.id] = try throwingAnnotationErrors { () throws(DocumentError) in
        try SHA256.hexDigest(ofFile: image.path)
      }
      report(digests.count)
    }
    return digests
  }
}
