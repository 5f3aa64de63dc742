import CImageCodecs
import Documents

extension ImageFile {
  /// Writes an image as JPEG or PNG, as the path's extension says (`.jpg`, `.jpeg`, `.png`).
  ///
  /// - Parameter quality: of JPEG, 1...100.
  public static func write(_ image: Image, to path: String, quality: Int = 90) throws(ImagingError) {
    let name = path.lowercased()
    let bytes: [UInt8]
    if name.hasSuffix(".jpg") || name.hasSuffix(".jpeg") {
      bytes = try encodeJPEG(image, quality: quality, name: path)
    } else if name.hasSuffix(".png") {
      bytes = try encodePNG(image, name: path)
    } else {
      throw .unsupported(file: path, reason: "an unknown extension, wanted .jpg, .jpeg or .png")
    }
    try save(bytes, to: path)
  }

  /// Writes a label map (one channel) as a PNG with a palette; labels without a colour are refused.
  public static func writeLabelMap(_ labels: Image, palette: [RGB], to path: String) throws(ImagingError) {
    try save(encodeLabelMap(labels, palette: palette, name: path), to: path)
  }

  /// The bytes of a JPEG file.
  ///
  /// - Parameters:
  ///   - image: 1, 3 or 4 channels; alpha is left out.
  ///   - quality: 1...100, libjpeg's scale.
  ///   - fullChroma: keeps colour at full resolution instead of half (4:4:4 instead of 4:2:0).
  public static func encodeJPEG(
    _ image: Image, quality: Int = 90, fullChroma: Bool = false, name: String = "image in memory"
  ) throws(ImagingError) -> [UInt8] {
    precondition((1...100).contains(quality), "ImageFile.encodeJPEG: expected quality 1...100, got \(quality)")
    guard image.height <= 65_500, image.width <= 65_500 else {
      throw .tooLarge(
        file: name, reason: "\(image.height) x \(image.width) pixels, JPEG takes at most 65500 along a side")
    }
    return try encoded(name) { result, failure in
      image.pixels.withUnsafeBufferPointer {
        ic_jpeg_encode(
          $0.baseAddress, Int32(image.height), Int32(image.width), Int32(image.channels), Int32(quality),
          fullChroma ? 1 : 0, &result, &failure)
      }
    }
  }

  /// The bytes of a PNG file: grey, RGB or RGBA of 8 bits.
  ///
  /// - Parameter level: zlib's compression, 0 (none, fastest) ... 9.
  public static func encodePNG(
    _ image: Image, level: Int = 6, name: String = "image in memory"
  ) throws(ImagingError) -> [UInt8] {
    try encodePNG(image, colors: nil, level: level, name: name)
  }

  /// The bytes of a PNG file of palette indices.
  public static func encodeLabelMap(
    _ labels: Image, palette: [RGB], level: Int = 6, name: String = "image in memory"
  ) throws(ImagingError) -> [UInt8] {
    precondition(labels.channels == 1, "ImageFile.encodeLabelMap: expected 1 channel, got \(labels.channels)")
    precondition(
      (1...256).contains(palette.count), "ImageFile.encodeLabelMap: expected 1...256 colours, got \(palette.count)")
    if let highest = labels.pixels.max(), Int(highest) >= palette.count {
      throw .unsupported(
        file: name, reason: "label \(highest) has no colour, the palette's last one is \(palette.count - 1)")
    }
    return try encodePNG(labels, colors: palette.flatMap { [$0.r, $0.g, $0.b] }, level: level, name: name)
  }

  private static func encodePNG(
    _ image: Image, colors: [UInt8]?, level: Int, name: String
  ) throws(ImagingError) -> [UInt8] {
    precondition((0...9).contains(level), "ImageFile.encodePNG: expected level 0...9, got \(level)")
    return try encoded(name) { result, failure in
      image.pixels.withUnsafeBufferPointer { pixels in
        func encode(_ palette: UnsafePointer<UInt8>?, _ count: Int) -> ic_status {
          ic_png_encode(
            pixels.baseAddress, Int32(image.height), Int32(image.width), Int32(image.channels), palette,
            Int32(count / 3), Int32(level), &result, &failure)
        }
        guard let colors else { return encode(nil, 0) }
        return colors.withUnsafeBufferPointer { encode($0.baseAddress, $0.count) }
      }
    }
  }

  /// Runs an encoder and takes over its bytes.
  private static func encoded(
    _ name: String, _ run: (inout ic_buffer, inout ic_failure) -> ic_status
  ) throws(ImagingError) -> [UInt8] {
    var result = ic_buffer()
    var failure = ic_failure()
    let status = run(&result, &failure)
    if let error = ImagingError(status, failure, file: name) { throw error }
    defer { ic_free(result) }
    return [UInt8](UnsafeBufferPointer(start: result.bytes, count: result.count))
  }

  private static func save(_ bytes: [UInt8], to path: String) throws(ImagingError) {
    do {
      try bytes.withUnsafeBufferPointer { (bytes) throws(DocumentError) in
        try AtomicFile.write(UnsafeRawBufferPointer(bytes), to: path)
      }
    } catch { throw .file(error) }
  }
}
