/// How a camera was held: EXIF's orientation, by its number (tag 0x0112).
///
/// The names say where the stored image is to be moved so that it stands upright.
public enum Orientation: Int, Sendable, CaseIterable {
  /// As stored.
  case upright = 1
  /// Mirrored left to right.
  case mirrored = 2
  /// Turned by 180°.
  case turnedHalf = 3
  /// Mirrored top to bottom.
  case mirroredVertically = 4
  /// Rows and columns exchanged.
  case transposed = 5
  /// Turned clockwise by 90°.
  case turnedRight = 6
  /// Rows and columns exchanged along the other diagonal.
  case transversed = 7
  /// Turned counter-clockwise by 90°.
  case turnedLeft = 8

  /// Whether the upright image is as high as the stored one is wide.
  public var exchangesSides: Bool { rawValue >= 5 }

  /// The upright image.
  public func applied(to image: Image) -> Image {
    guard self != .upright else { return image }
    let (height, width) = exchangesSides ? (image.width, image.height) : (image.height, image.width)
    let values = [UInt8](unsafeUninitializedCapacity: image.pixels.count) { target, count in
      image.pixels.withUnsafeBufferPointer {
        move($0, height: image.height, width: image.width, channels: image.channels, into: target)
      }
      count = image.pixels.count
    }
    return Image(height: height, width: width, channels: image.channels, pixels: values)
  }

  /// Copies the stored pixels, `height` by `width`, to their upright places.
  ///
  /// - Precondition: both buffers hold at least `height * width * channels` values and do not overlap.
  func move(
    _ source: UnsafeBufferPointer<UInt8>, height: Int, width: Int, channels: Int,
    into target: UnsafeMutableBufferPointer<UInt8>
  ) {
    precondition(source.count >= height * width * channels && target.count >= height * width * channels)
    // The upright pixel (y, x) is the stored one at first + y * down + x * right, counted in pixels.
    let last = height * width - 1
    let (first, down, right): (Int, Int, Int) =
      switch self {
      case .upright: (0, width, 1)
      case .mirrored: (width - 1, width, -1)
      case .turnedHalf: (last, -width, -1)
      case .mirroredVertically: (last - (width - 1), -width, 1)
      case .transposed: (0, 1, width)
      case .turnedRight: (last - (width - 1), 1, -width)
      case .transversed: (last, -1, -width)
      case .turnedLeft: (width - 1, -1, width)
      }
    let (rows, columns) = exchangesSides ? (width, height) : (height, width)
    var place = 0
    for y in 0..<rows {
      var stored = (first + y * down) * channels
      for _ in 0..<columns {
        for channel in 0..<channels { target[place + channel] = source[stored + channel] }
        place += channels
        stored += right * channels
      }
    }
  }

  /// Reads the orientation from the content of a JPEG APP1 segment; upright if there is none, or none that is valid.
  ///
  /// The segment is `Exif`, two zeros, and a TIFF header whose first directory is searched. Source: CIPA DC-008 (EXIF
  /// 2.32) §4.6; TIFF 6.0 §2.
  init(exif segment: UnsafeRawBufferPointer) {
    self = .upright
    guard segment.count >= 14, segment.prefix(6).elementsEqual([0x45, 0x78, 0x69, 0x66, 0, 0]) else { return }
    let tiff = UnsafeRawBufferPointer(rebasing: segment[6...])
    let littleEndian: Bool
    switch (tiff[0], tiff[1]) {
    case (0x49, 0x49): littleEndian = true
    case (0x4D, 0x4D): littleEndian = false
    default: return
    }
    /// A number of `size` bytes; nil outside the segment.
    func number(at offset: Int, size: Int) -> Int? {
      guard offset >= 0, offset <= tiff.count - size else { return nil }
      var value = 0
      for index in 0..<size {
        value = value << 8 | Int(tiff[offset + (littleEndian ? size - 1 - index : index)])
      }
      return value
    }
    guard number(at: 2, size: 2) == 42, let directory = number(at: 4, size: 4),
      let entries = number(at: directory, size: 2)
    else { return }
    for index in 0..<entries {
      let entry = directory + 2 + 12 * index
      guard let tag = number(at: entry, size: 2) else { return }
      guard tag == 0x0112 else { continue }
      // Type 3: a 16-bit number, kept in the entry itself.
      if number(at: entry + 2, size: 2) == 3, let value = number(at: entry + 8, size: 2),
        let orientation = Orientation(rawValue: value)
      {
        self = orientation
      }
      return
    }
  }
}
