@testable import Imaging

extension FuzzTarget {
  /// Headers and pixels of image files.
  static let images: [FuzzTarget] = [
    FuzzTarget(name: "image-header", seeds: ["images/*", "masks/*"]) { bytes in
      guard let header = try? ImageHeader(bytes, file: "input") else { return }
      require(header.height > 0 && header.width > 0, "the size is \(header.height) x \(header.width)")
    },
    FuzzTarget(name: "exif", seeds: []) { bytes in _ = Orientation(exif: bytes) },
    FuzzTarget(name: "jpeg", seeds: ["images/*"]) { bytes in decode(bytes, .jpeg) },
    FuzzTarget(name: "png", seeds: ["masks/*"]) { bytes in decode(bytes, .png) },
    FuzzTarget(name: "label-map", seeds: ["masks/*"]) { bytes in
      _ = try? ImageFile.decodeLabelMap(bytes, name: "input", limits: limits)
    },
  ]

  /// Small, so that inputs are many: the limit itself is held to on the way.
  private static let limits = ImageLimits(pixels: 1 << 16, scans: 20)

  private static func decode(_ bytes: UnsafeRawBufferPointer, _ format: ImageHeader.Format) {
    guard let header = try? ImageHeader(bytes, file: "input"), header.format == format,
      let image = try? ImageFile.decode(bytes, name: "input", limits: limits)
    else { return }
    require((image.height, image.width) == header.uprightSize, "the image has another size than its header")
  }
}
