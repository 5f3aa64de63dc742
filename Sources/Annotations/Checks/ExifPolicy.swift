import Imaging

/// What is done about EXIF's orientation where sizes of labels meet image files.
///
/// Cameras store turned pictures as they lie on the sensor and say by a tag how to show them; some tools of annotation turn
/// them, some do not.
public enum ExifPolicy: String, Sendable, CaseIterable {
  /// Sizes are those of the picture as it is shown; labels whose size only fits the stored pixels are noted, and are used with
  /// these.
  case apply
  /// Sizes are those of the stored pixels.
  case ignore
  /// As `apply`, but a picture that is to be turned is an error.
  case error
}

extension ExifPolicy {
  /// The size that labels of an image file are taken to be of; nil where the file is missing or unreadable. One that promises more
  /// pixels than are decoded is an error.
  func size(ofImage path: String) throws(AnnotationError) -> (height: Int, width: Int)? {
    let sizes: ImageFile.Sizes
    do throws(ImagingError) { sizes = try ImageFile.sizes(path) } catch {
      if case .tooLarge = error { throw .unreadable(error, path) }
      return nil
    }
    if let refusal = refusal(of: sizes) { throw .content(place: path, reason: refusal) }
    return size(of: sizes)
  }

  /// The size of a picture that its labels are held to.
  func size(of sizes: ImageFile.Sizes) -> (height: Int, width: Int) { self == .ignore ? sizes.stored : sizes.upright }

  /// Why a picture is not accepted, whatever its labels say; nil where it is.
  func refusal(of sizes: ImageFile.Sizes) -> String? {
    self == .error && sizes.orientation != .upright
      ? "is stored turned (EXIF orientation \(sizes.orientation.rawValue))" : nil
  }

  /// Whether labels of such a size are those of the stored pixels, though the picture is shown turned.
  func acceptsStored(_ labels: (height: Int, width: Int), of sizes: ImageFile.Sizes) -> Bool {
    self == .apply && sizes.stored == labels
  }
}
