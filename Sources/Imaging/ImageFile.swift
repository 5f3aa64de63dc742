import CImageCodecs
import Documents

/// How much smaller a JPEG is decoded: whole eighths of its size, done inside the decoder and so much faster than
/// decoding all and shrinking. Sides are rounded up.
public struct JPEGScale: Sendable, Equatable {
  /// Eighths of the stored size, 1...8.
  public let eighths: Int

  /// A scale of `eighths` / 8.
  ///
  /// - Precondition: `eighths` is 1...8.
  public init(eighths: Int) {
    precondition((1...8).contains(eighths), "JPEGScale: expected 1...8 eighths, got \(eighths)")
    self.eighths = eighths
  }

  /// The stored size.
  public static let full = JPEGScale(eighths: 8)

  /// The smallest of 1/8, 1/4, 1/2 and full that still gives at least `shortSide` pixels along the shorter side, or full.
  ///
  /// Decoders have fast code for these alone: six eighths take longer than all eight.
  public static func covering(shortSide: Int, ofHeight height: Int, width: Int) -> JPEGScale {
    let side = min(height, width)
    return JPEGScale(eighths: [1, 2, 4].first { (side * $0 + 7) / 8 >= shortSide } ?? 8)
  }
}

/// What a file may ask for before it is refused: guards against small files that unfold to gigabytes.
public struct ImageLimits: Sendable, Equatable {
  /// Most pixels of the stored image.
  public var pixels: Int
  /// Most scans of a progressive JPEG.
  public var scans: Int

  /// Limits; the default number of pixels is where Pillow, too, stops.
  public init(pixels: Int = 178_956_970, scans: Int = 500) {
    self.pixels = pixels
    self.scans = scans
  }

  var forCodecs: ic_limits {
    ic_limits(pixels: Int64(pixels), scans: Int32(clamping: scans))
  }
}

/// JPEG and PNG files to images and back.
///
/// What a file is, its first bytes decide, not its name. A full decode gives the bytes that Pillow gives for
/// `ImageOps.exif_transpose(Image.open(path)).convert("RGB")` (but for grey PNGs of 16 bits, where the upper 8 bits are
/// taken). A truncated or damaged file is an error, never a half-grey image.
public enum ImageFile {
  /// What is done about EXIF's orientation.
  public enum OrientationUse: Sendable {
    /// The image is turned upright.
    case applied
    /// The image is left as stored, as annotation tools that ignore EXIF saw it.
    case asStored
  }

  /// Height and width in pixels from the header alone, EXIF's orientation applied unless asked otherwise.
  public static func size(
    _ path: String, orientation: OrientationUse = .applied
  ) throws(ImagingError) -> (height: Int, width: Int) {
    let header = try open(path).withBytes { bytes throws(ImagingError) in try ImageHeader(bytes, file: path) }
    return orientation == .applied ? header.uprightSize : (header.height, header.width)
  }

  /// The image of a file, always RGB: palette looked up, grey repeated, CMYK converted, alpha dropped, 16 bits cut to 8.
  ///
  /// - Parameter scale: JPEG only; a PNG is always decoded in full.
  public static func read(
    _ path: String, scale: JPEGScale = .full, orientation: OrientationUse = .applied,
    limits: ImageLimits = ImageLimits()
  ) throws(ImagingError) -> Image {
    try open(path).withBytes { bytes throws(ImagingError) in
      try decode(bytes, name: path, scale: scale, orientation: orientation, limits: limits)
    }
  }

  /// The image of a file, written over the start of a buffer that the caller keeps for the next file.
  ///
  /// The buffer grows when it is too small and is never made smaller; what lies behind the image is undefined.
  /// - Returns: the size; the first `height * width * 3` bytes of the buffer are the image (RGB, interleaved).
  public static func read(
    _ path: String, into buffer: inout [UInt8], scale: JPEGScale = .full, orientation: OrientationUse = .applied,
    limits: ImageLimits = ImageLimits()
  ) throws(ImagingError) -> (height: Int, width: Int) {
    try open(path).withBytes { bytes throws(ImagingError) in
      try decode(bytes, into: &buffer, name: path, scale: scale, orientation: orientation, limits: limits)
    }
  }

  /// The label map of a PNG file: one channel with palette indices, or grey values as stored.
  ///
  /// A colour image is refused, because its colours are not class numbers; so is a value above 255.
  public static func readLabelMap(
    _ path: String, limits: ImageLimits = ImageLimits()
  ) throws(ImagingError) -> Image {
    try readLabelMapAndPalette(path, limits: limits).labels
  }

  /// The label map of a PNG file and its colours (empty for a grey one).
  public static func readLabelMapAndPalette(
    _ path: String, limits: ImageLimits = ImageLimits()
  ) throws(ImagingError) -> (labels: Image, palette: [RGB]) {
    try open(path).withBytes { bytes throws(ImagingError) in
      try decodeLabelMap(bytes, name: path, limits: limits)
    }
  }

  static func open(_ path: String) throws(ImagingError) -> MappedFile {
    do { return try MappedFile(path: path) } catch { throw .file(error) }
  }
}
