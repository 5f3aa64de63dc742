extension ImageFile {
  /// Both sizes of a file's picture, and what lies between them.
  public struct Sizes: Sendable {
    /// The size of the pixels in the file.
    public let stored: (height: Int, width: Int)
    /// The size of the picture as EXIF says to show it.
    public let upright: (height: Int, width: Int)
    /// What EXIF says.
    public let orientation: Orientation
  }

  /// Both sizes from the header alone; one that promises more pixels than are decoded is an error.
  public static func sizes(_ path: String, limits: ImageLimits = ImageLimits()) throws(ImagingError) -> Sizes {
    let header = try open(path).withBytes { bytes throws(ImagingError) in try ImageHeader(bytes, file: path) }
    try limits.check(header, file: path)
    return Sizes(
      stored: (header.height, header.width), upright: header.uprightSize, orientation: header.orientation)
  }
}
