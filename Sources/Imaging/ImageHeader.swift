/// What the first bytes of an image file tell: its format, size and orientation. No pixel is decoded.
struct ImageHeader: Equatable {
  enum Format: Equatable { case jpeg, png }

  var format: Format
  /// Rows as stored.
  var height: Int
  /// Columns as stored.
  var width: Int
  var orientation: Orientation

  /// Height and width after the orientation has been applied.
  var uprightSize: (height: Int, width: Int) {
    orientation.exchangesSides ? (width, height) : (height, width)
  }

  /// Reads the header of a JPEG or PNG file.
  init(_ bytes: UnsafeRawBufferPointer, file: String) throws(ImagingError) {
    if bytes.count >= 3, bytes[0] == 0xFF, bytes[1] == 0xD8, bytes[2] == 0xFF {
      try self.init(jpeg: bytes, file: file)
    } else if bytes.count >= 8, bytes.prefix(8).elementsEqual(ImageHeader.pngSignature) {
      try self.init(png: bytes, file: file)
    } else if bytes.isEmpty {
      throw .truncated(file: file, reason: "the file is empty")
    } else {
      throw .notAnImage(file: file)
    }
  }

  private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Source: PNG specification (third edition) §11.2.1.
  private init(png bytes: UnsafeRawBufferPointer, file: String) throws(ImagingError) {
    guard bytes.count >= 33 else { throw .truncated(file: file, reason: "the file ends inside its header") }
    guard bytes[12..<16].elementsEqual([0x49, 0x48, 0x44, 0x52]) else {
      throw .damaged(file: file, reason: "the first chunk is not IHDR")
    }
    func word(_ offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) } }
    let (width, height) = (word(16), word(20))
    guard (1...0x7FFF_FFFF).contains(width), (1...0x7FFF_FFFF).contains(height) else {
      throw .damaged(file: file, reason: "its header says \(height) x \(width) pixels (height x width)")
    }
    self.init(format: .png, height: height, width: width, orientation: .upright)
  }

  /// Walks over the segments up to the frame header. Source: ITU-T T.81 annex B.
  private init(jpeg bytes: UnsafeRawBufferPointer, file: String) throws(ImagingError) {
    var orientation: Orientation?
    var place = 2
    while true {
      // Between segments libjpeg skips what is not a marker, so this does, too.
      while place < bytes.count, bytes[place] != 0xFF { place += 1 }
      while place < bytes.count, bytes[place] == 0xFF { place += 1 }
      guard place < bytes.count else { throw .truncated(file: file, reason: "the file ends before the frame header") }
      let marker = bytes[place]
      place += 1
      switch marker {
      case 0x00, 0x01, 0xD0...0xD8: continue
      case 0xD9, 0xDA: throw .damaged(file: file, reason: "no frame header before the first scan")
      default: break
      }
      guard place + 2 <= bytes.count else { throw .truncated(file: file, reason: "the file ends inside its header") }
      let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
      guard length >= 2 else { throw .damaged(file: file, reason: "a header segment of length \(length)") }
      guard place + length <= bytes.count else {
        throw .truncated(file: file, reason: "the file ends inside its header")
      }
      let isFrame = (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
      if isFrame {
        guard length >= 8 else { throw .damaged(file: file, reason: "a frame header of length \(length)") }
        let height = Int(bytes[place + 3]) << 8 | Int(bytes[place + 4])
        let width = Int(bytes[place + 5]) << 8 | Int(bytes[place + 6])
        guard height > 0, width > 0 else {
          throw .damaged(file: file, reason: "its header says \(height) x \(width) pixels (height x width)")
        }
        self.init(format: .jpeg, height: height, width: width, orientation: orientation ?? .upright)
        return
      }
      if marker == 0xE1, orientation == nil {
        let content = UnsafeRawBufferPointer(rebasing: bytes[place + 2..<place + length])
        if content.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) { orientation = Orientation(exif: content) }
      }
      place += length
    }
  }

  private init(format: Format, height: Int, width: Int, orientation: Orientation) {
    (self.format, self.height, self.width, self.orientation) = (format, height, width, orientation)
  }
}
