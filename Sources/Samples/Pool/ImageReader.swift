import Annotations
import Imaging

/// Opens images of a pool: checks their size against the labels, decodes them no larger than needed.
public struct ImageReader: Sendable {
  /// Whether JPEG files are decoded at an eighth, a quarter or half of their size where that suffices.
  public let usesScaledDecoding: Bool

  /// A reader.
  public init(usesScaledDecoding: Bool = true) { self.usesScaledDecoding = usesScaledDecoding }

  /// An image whose header was read and fits its labels.
  public struct Opened: Sendable {
    let path: String
    /// Height in pixels as the labels see the image.
    public let height: Int
    /// Width in pixels as the labels see the image.
    public let width: Int
    let orientation: ImageFile.OrientationUse
  }

  /// Reads the header.
  ///
  /// Images are taken upright, as EXIF tells. Where the labels' size is that of the pixels as stored and not that of
  /// the upright image, the labels were made by a tool that ignores EXIF, and so is it here.
  public func open(_ image: PooledImage) throws(SamplesError) -> Opened {
    do {
      let upright = try ImageFile.size(image.path)
      let isKnown = image.height > 0 && image.width > 0
      if !isKnown || (upright.height == image.height && upright.width == image.width) {
        return Opened(path: image.path, height: upright.height, width: upright.width, orientation: .applied)
      }
      let stored = try ImageFile.size(image.path, orientation: .asStored)
      guard stored.height == image.height, stored.width == image.width else {
        throw SamplesError.image(
          path: image.path,
          reason:
            "is \(upright.width)×\(upright.height) (width × height), its labels say \(image.width)×\(image.height)")
      }
      return Opened(path: image.path, height: stored.height, width: stored.width, orientation: .asStored)
    } catch let error as ImagingError {
      throw Self.unusable(image.path, error)
    } catch let error as SamplesError {
      throw error
    } catch {
      throw .image(path: image.path, reason: "\(error)")
    }
  }

  /// Decodes the pixels for views of which the largest has this shorter side.
  public func decode(_ opened: Opened, shortSide: Int) throws(SamplesError) -> Image {
    let scale: JPEGScale =
      usesScaledDecoding ? .covering(shortSide: shortSide, ofHeight: opened.height, width: opened.width) : .full
    do {
      return try ImageFile.read(opened.path, scale: scale, orientation: opened.orientation)
    } catch {
      throw Self.unusable(opened.path, error)
    }
  }

  /// The error without the path, which the imaging error's line begins with.
  private static func unusable(_ path: String, _ error: ImagingError) -> SamplesError {
    let line = "\(error)"
    return .image(path: path, reason: line.hasPrefix(path + ": ") ? String(line.dropFirst(path.count + 2)) : line)
  }
}
