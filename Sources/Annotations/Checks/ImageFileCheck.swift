import Documents
import Imaging

extension AnnotationReading {
  /// Whether one image at least is where the images are looked for.
  public var findsImages: Bool { (try? ImageLocator(folder: imageFolder))?.findsAny(of: set.images) ?? false }

  /// Whether the images are meant to be there: one is, or the form has a folder for them, which exists.
  public var expectsImages: Bool {
    form == .voc && Path.name(of: imageFolder) == "JPEGImages" && Folder.exists(imageFolder) || findsImages
  }

  /// Looks at the image files: there, readable, of the size that the labels say.
  ///
  /// - Parameters:
  ///   - decoding: whether each file is decoded as a whole, which finds truncated ones; else only its header.
  ///   - exif: which of a picture's two sizes the labels are held to.
  public func checkImageFiles(
    decoding: Bool, exif: ExifPolicy = .apply
  ) throws(AnnotationError) -> AnnotationProblems {
    let locator = try ImageLocator(folder: imageFolder)
    var problems = AnnotationProblems()
    for image in set.images where Path.staysInside(image.fileName) {
      let path: String
      do throws(AnnotationError) { path = try locator.path(of: image.fileName) } catch {
        problems.add(.missingImage, error.description)
        continue
      }
      do throws(ImagingError) {
        let size = try ImageFile.sizes(path)
        if decoding { _ = try ImageFile.read(path) }
        Self.compare(size, with: image, path, exif, &problems)
      } catch { problems.add(.unreadableImage, error.description) }
    }
    return problems
  }

  private static func compare(
    _ size: ImageFile.Sizes, with image: ImageRecord, _ path: String, _ exif: ExifPolicy,
    _ problems: inout AnnotationProblems
  ) {
    if let refusal = exif.refusal(of: size) { problems.add(.exifRotation, "\(path): \(refusal)") }
    guard image.height > 0, image.width > 0 else { return }
    let labels = (height: image.height, width: image.width)
    let found = exif.size(of: size)
    if found == labels { return }
    if exif.acceptsStored(labels, of: size) {
      problems.add(
        .storedOrientation,
        "\(path): the labels are of the picture as stored, without its EXIF orientation \(size.orientation.rawValue)")
      return
    }
    let isOther = exif == .ignore && size.upright == labels
    problems.add(
      .sizeMismatch,
      "\(path): is \(found.width)×\(found.height), the labels say \(image.width)×\(image.height)"
        + (isOther ? " (the picture turned as its EXIF orientation says)" : ""))
  }

  /// Fills in the sizes that the labels do not give from the headers of the image files; files that are missing are
  /// passed over. Returns how many were filled in.
  ///
  /// - Parameter exif: which of a picture's two sizes is taken; `error` looks at all pictures at hand, and throws for one that is
  ///   stored turned.
  public mutating func fillSizes(exif: ExifPolicy = .apply) throws(AnnotationError) -> Int {
    let isUnknown: (ImageRecord) -> Bool = { $0.height == 0 || $0.width == 0 }
    guard exif == .error || set.images.contains(where: isUnknown), Folder.exists(imageFolder) else { return 0 }
    let locator = try ImageLocator(folder: imageFolder)
    var filled = 0
    for place in set.images.indices where exif == .error || isUnknown(set.images[place]) {
      guard let path = try? locator.path(of: set.images[place].fileName), let size = try exif.size(ofImage: path),
        isUnknown(set.images[place])
      else { continue }
      set.images[place].height = size.height
      set.images[place].width = size.width
      filled += 1
    }
    return filled
  }
}
