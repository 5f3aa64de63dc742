import CImageCodecs

extension Image {
  /// The RGB image of a JPEG or PNG file that is already in memory.
  ///
  /// - Parameter name: what error messages call the file.
  public init(
    decoding bytes: [UInt8], name: String = "image in memory", scale: JPEGScale = .full,
    orientation: ImageFile.OrientationUse = .applied, limits: ImageLimits = ImageLimits()
  ) throws(ImagingError) {
    self = try bytes.withUnsafeBufferPointer { (bytes) throws(ImagingError) in
      try ImageFile.decode(
        UnsafeRawBufferPointer(bytes), name: name, scale: scale, orientation: orientation, limits: limits)
    }
  }

  /// The label map of a PNG file that is already in memory.
  public init(
    decodingLabels bytes: [UInt8], name: String = "image in memory", limits: ImageLimits = ImageLimits()
  ) throws(ImagingError) {
    self = try bytes.withUnsafeBufferPointer { (bytes) throws(ImagingError) in
      try ImageFile.decodeLabelMap(UnsafeRawBufferPointer(bytes), name: name, limits: limits).labels
    }
  }
}

extension ImageFile {
  /// The RGB image of a JPEG or PNG file's bytes.
  public static func decode(
    _ bytes: UnsafeRawBufferPointer, name: String, scale: JPEGScale = .full, orientation: OrientationUse = .applied,
    limits: ImageLimits = ImageLimits()
  ) throws(ImagingError) -> Image {
    let plan = try DecodingPlan(bytes, name: name, scale: scale, limits: limits)
    var failure: ImagingError?
    let pixels = [UInt8](unsafeUninitializedCapacity: plan.byteCount) { target, count in
      failure = plan.run(into: target)
      count = failure == nil ? plan.byteCount : 0
    }
    if let failure { throw failure }
    let stored = Image(height: plan.height, width: plan.width, channels: 3, pixels: pixels)
    return orientation == .applied ? plan.orientation.applied(to: stored) : stored
  }

  /// The RGB image of a file's bytes, written over the start of `buffer`; see ``read(_:into:scale:orientation:limits:)``.
  public static func decode(
    _ bytes: UnsafeRawBufferPointer, into buffer: inout [UInt8], name: String, scale: JPEGScale = .full,
    orientation: OrientationUse = .applied, limits: ImageLimits = ImageLimits()
  ) throws(ImagingError) -> (height: Int, width: Int) {
    let plan = try DecodingPlan(bytes, name: name, scale: scale, limits: limits)
    if buffer.count < plan.byteCount { buffer = [UInt8](repeating: 0, count: plan.byteCount) }
    guard orientation == .applied, plan.orientation != .upright else {
      let failure = buffer.withUnsafeMutableBufferPointer { plan.run(into: $0) }
      if let failure { throw failure }
      return (plan.height, plan.width)
    }
    let stored = try decode(bytes, name: name, scale: scale, orientation: .asStored, limits: limits)
    stored.pixels.withUnsafeBufferPointer { source in
      buffer.withUnsafeMutableBufferPointer {
        plan.orientation.move(source, height: plan.height, width: plan.width, channels: 3, into: $0)
      }
    }
    return plan.orientation.exchangesSides ? (plan.width, plan.height) : (plan.height, plan.width)
  }

  /// The label map of a PNG file's bytes, and its colours (empty for a grey one).
  public static func decodeLabelMap(
    _ bytes: UnsafeRawBufferPointer, name: String, limits: ImageLimits = ImageLimits()
  ) throws(ImagingError) -> (labels: Image, palette: [RGB]) {
    let header = try labelMapHeader(bytes, name: name, limits: limits)
    let size = ic_size(height: Int32(header.height), width: Int32(header.width), components: 1)
    let count = header.height * header.width
    var palette = [UInt8](repeating: 0, count: 768)
    var colorCount: Int32 = 0
    var failure = ic_failure()
    var status = IC_OK
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      status = ic_png_decode_labels(
        bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, limits.forCodecs, size, target.baseAddress, &palette,
        &colorCount, &failure)
      filled = status == IC_OK ? count : 0
    }
    if let error = ImagingError(status, failure, file: name) { throw error }
    let colors = (0..<Int(colorCount)).map { RGB(palette[3 * $0], palette[3 * $0 + 1], palette[3 * $0 + 2]) }
    return (Image(height: header.height, width: header.width, channels: 1, pixels: pixels), colors)
  }
}

extension ImageFile {
  /// The numbers of a PNG label map of up to 16 bits, as stored, row by row: grey values or palette indices.
  ///
  /// A colour image is refused, because its colours are not numbers.
  public static func readWideLabelMap(
    _ path: String, limits: ImageLimits = ImageLimits()
  ) throws(ImagingError) -> (labels: [UInt16], height: Int, width: Int) {
    let file = try open(path)
    defer { withExtendedLifetime(file) {} }
    let header = try labelMapHeader(file.bytes, name: path, limits: limits)
    let size = ic_size(height: Int32(header.height), width: Int32(header.width), components: 1)
    let count = header.height * header.width
    var failure = ic_failure()
    var status = IC_OK
    let labels = [UInt16](unsafeUninitializedCapacity: count) { target, filled in
      status = ic_png_decode_wide_labels(
        file.bytes.bindMemory(to: UInt8.self).baseAddress, file.bytes.count, limits.forCodecs, size,
        target.baseAddress, &failure)
      filled = status == IC_OK ? count : 0
    }
    if let error = ImagingError(status, failure, file: path) { throw error }
    return (labels, header.height, header.width)
  }

  /// Whether a file is a PNG whose pixels are three colours: neither grey nor indices of a palette, and without alpha.
  public static func isRGBPNG(_ path: String) throws(ImagingError) -> Bool {
    let file = try open(path)
    defer { withExtendedLifetime(file) {} }
    guard try ImageHeader(file.bytes, file: path).format == .png else { return false }
    // Bits of a value and type of colour in the header: 2 is RGB.
    return file.bytes[24] == 8 && file.bytes[25] == 2
  }

  /// The header of a file that can be a label map.
  private static func labelMapHeader(
    _ bytes: UnsafeRawBufferPointer, name: String, limits: ImageLimits
  ) throws(ImagingError) -> ImageHeader {
    let header = try ImageHeader(bytes, file: name)
    guard header.format == .png else {
      throw .unsupported(file: name, reason: "a JPEG file, wanted a label map in PNG (JPEG changes the labels)")
    }
    try limits.check(header, file: name)
    return header
  }
}

extension ImageLimits {
  /// Refuses a header that promises too many pixels, before memory is asked for.
  func check(_ header: ImageHeader, file: String) throws(ImagingError) {
    guard header.height <= pixels / header.width else {
      throw .tooLarge(
        file: file,
        reason: "\(header.height) x \(header.width) pixels (height x width), wanted at most \(pixels) pixels")
    }
  }
}

/// A file whose header has been read and found good: what its decoding needs and gives.
private struct DecodingPlan {
  let bytes: UnsafeRawBufferPointer
  let name: String
  let limits: ic_limits
  let format: ImageHeader.Format
  let eighths: Int32
  let size: ic_size
  let orientation: Orientation

  var height: Int { Int(size.height) }
  var width: Int { Int(size.width) }
  var byteCount: Int { height * width * 3 }

  init(
    _ bytes: UnsafeRawBufferPointer, name: String, scale: JPEGScale, limits: ImageLimits
  ) throws(ImagingError) {
    let header = try ImageHeader(bytes, file: name)
    try limits.check(header, file: name)
    self.bytes = bytes
    self.name = name
    self.limits = limits.forCodecs
    format = header.format
    orientation = header.orientation
    eighths = Int32(scale.eighths)
    var size = ic_size(height: Int32(header.height), width: Int32(header.width), components: 3)
    if format == .jpeg {
      var failure = ic_failure()
      let status = ic_jpeg_size(
        bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, eighths, self.limits, &size, &failure)
      if let error = ImagingError(status, failure, file: name) { throw error }
    }
    self.size = size
  }

  /// Decodes into the start of `target`; gives the error, if any.
  func run(into target: UnsafeMutableBufferPointer<UInt8>) -> ImagingError? {
    precondition(target.count >= byteCount, "ImageFile: expected room for \(byteCount) bytes, got \(target.count)")
    var failure = ic_failure()
    let source = bytes.bindMemory(to: UInt8.self).baseAddress
    let status =
      switch format {
      case .jpeg: ic_jpeg_decode(source, bytes.count, eighths, limits, size, target.baseAddress, &failure)
      case .png: ic_png_decode(source, bytes.count, limits, size, target.baseAddress, &failure)
      }
    return ImagingError(status, failure, file: name)
  }
}
