import Documents
import Imaging

/// Reads label maps as dense class indices.
public struct LabelMapReader: Sendable {
  /// Which number stands for which class.
  public let classes: ClassTable
  /// What each number of a file becomes; of no meaning where `isKnown` is false.
  private let indices: [UInt8]
  private let isKnown: [Bool]

  /// A reader by a table.
  public init(_ classes: ClassTable) {
    self.classes = classes
    indices = classes.indices.map { $0 ?? ClassTable.ignored }
    isKnown = classes.indices.map { $0 != nil }
  }

  /// The label map of an image: one channel [height, width] of dense class indices, 255 where pixels are ignored.
  ///
  /// - Parameters:
  ///   - height: of the image as it is used (upright), which the label map must have too.
  ///   - width: the same.
  /// - Throws: where the label map is not there, is no PNG of palette or grey, has another size than the image, or holds a number
  ///   that is neither a class nor ignored.
  public func labels(of image: MaskedImage, height: Int, width: Int) throws(AnnotationError) -> Image {
    switch image.mask {
    case .file(let path):
      let labels = try labels(inFile: path)
      guard (labels.height, labels.width) == (height, width) else {
        throw Self.otherSize(path, labels.height, labels.width, image: image.name, height, width)
      }
      return labels
    case .objects(let objects, let background):
      return try Self.assembled(objects, background: background, image: image.name, height: height, width: width)
    }
  }

  /// The label map of an image in its own size: of a file as stored, of objects as the labels say, else as the image's file has it.
  public func labels(of image: MaskedImage) throws(AnnotationError) -> Image {
    switch image.mask {
    case .file(let path): return try labels(inFile: path)
    case .objects:
      if image.height > 0, image.width > 0 { return try labels(of: image, height: image.height, width: image.width) }
      let size: (height: Int, width: Int)
      do throws(ImagingError) { size = try ImageFile.sizes(image.path).upright } catch {
        throw .unreadable(error, image.path)
      }
      return try labels(of: image, height: size.height, width: size.width)
    }
  }

  /// The label map in a PNG file of any size, as dense class indices.
  public func labels(inFile path: String) throws(AnnotationError) -> Image {
    var labels: Image
    do throws(ImagingError) { labels = try ImageFile.readLabelMap(path) } catch {
      if (try? ImageFile.isRGBPNG(path)) == true { return try LabelColors(classes).labels(inFile: path) }
      throw .unreadable(error, path)
    }
    let stored = labels.pixels
    var hasUnknown = false
    labels.pixels = [UInt8](unsafeUninitializedCapacity: stored.count) { target, count in
      indices.withUnsafeBufferPointer { indices in
        isKnown.withUnsafeBufferPointer { isKnown in
          for (place, value) in stored.enumerated() {
            target[place] = indices[Int(value)]
            hasUnknown = hasUnknown || !isKnown[Int(value)]
          }
        }
      }
      count = stored.count
    }
    if hasUnknown { throw unknown(in: stored, width: labels.width, file: path) }
    return labels
  }

  private func unknown(in pixels: [UInt8], width: Int, file: String) -> AnnotationError {
    var counts = [Int](repeating: 0, count: 256)
    for value in pixels { counts[Int(value)] += 1 }
    let ids = (0...255).filter { counts[$0] > 0 && !isKnown[$0] }
    let id = ids[0]
    let first = pixels.firstIndex(of: UInt8(id)) ?? 0
    var reason =
      "the number \(id) is no class (\(classes.idsText)): \(counts[id]) \(counts[id] == 1 ? "pixel" : "pixels"), the first at row "
      + "\(first / width), column \(first % width)"
    if ids.count > 1 { reason += "; so are \(namesText(ids.dropFirst().map(String.init), most: 10))" }
    if ids == [255], counts[0] + counts[255] == pixels.count, classes.count == 2 {
      reason += "; where 255 is the object, --mask-values 0,255 makes it class 1"
    }
    return .content(place: file, reason: reason)
  }

  private static func otherSize(
    _ mask: String, _ maskHeight: Int, _ maskWidth: Int, image: String, _ height: Int, _ width: Int
  ) -> AnnotationError {
    let turned = (maskHeight, maskWidth) == (width, height)
    return .content(
      place: mask,
      reason: "the label map is \(maskWidth)×\(maskHeight), the image \(image) \(width)×\(height)"
        + (turned ? " (turned: was it made without the file's EXIF rotation?)" : ""))
  }

  /// Objects one over the other.
  private static func assembled(
    _ objects: [MaskObject], background: Int, image: String, height: Int, width: Int
  ) throws(AnnotationError) -> Image {
    guard height >= 0, width >= 0, height <= ImageLimits().pixels / max(1, width) else {
      throw .content(
        place: image,
        reason: "is \(width)×\(height), and a label map can have \(ImageLimits().pixels) pixels")
    }
    var labels = [UInt8](repeating: UInt8(background), count: height * width)
    for object in objects {
      let value = object.isCrowd ? ClassTable.ignored : UInt8(object.classIndex)
      switch try object.segmentation.content(place: object.place) {
      case .polygons(let rings):
        for (index, ring) in rings.enumerated() {
          guard let mask = RunLengthMask(polygon: ring, height: height, width: width) else {
            throw .content(
              place: Segmentation.place(in: object.place, "[\(index)]"), reason: "leads far out of the image \(image)")
          }
          mask.paint(value, into: &labels)
        }
      case .mask(let mask):
        guard (mask.height, mask.width) == (height, width) else {
          throw otherSize(object.place, mask.height, mask.width, image: image, height, width)
        }
        mask.paint(value, into: &labels)
      }
    }
    return Image(height: height, width: width, channels: 1, pixels: labels)
  }
}

extension AnnotationError {
  /// The error of an image file, its name once.
  static func unreadable(_ error: ImagingError, _ path: String) -> AnnotationError {
    let text = error.description
    return .content(place: path, reason: text.hasPrefix(path + ": ") ? String(text.dropFirst(path.count + 2)) : text)
  }
}
