import Documents
import Imaging

extension AnnotationReading {
  /// Whether the first image is where the images are looked for.
  public var findsImages: Bool {
    guard let first = set.images.first, let locator = try? ImageLocator(folder: imageFolder) else { return false }
    return (try? locator.path(of: first.fileName)) != nil
  }

  /// Looks at the image files: there, readable, of the size that the labels say.
  ///
  /// - Parameter decoding: whether each file is decoded as a whole, which finds truncated ones; else only its header.
  public func checkImageFiles(decoding: Bool) throws(AnnotationError) -> AnnotationProblems {
    let locator = try ImageLocator(folder: imageFolder)
    var problems = AnnotationProblems()
    for image in set.images where Path.staysInside(image.fileName) {
      let path: String
      do throws(AnnotationError) { path = try locator.path(of: image.fileName) } catch {
        problems.add(.missingImage, error.description)
        continue
      }
      do throws(ImagingError) {
        let size = try ImageFile.size(path)
        if decoding { _ = try ImageFile.read(path) }
        if image.height > 0, image.width > 0, (size.height, size.width) != (image.height, image.width) {
          let turned = (size.width, size.height) == (image.height, image.width)
          problems.add(
            .sizeMismatch,
            "\(path): is \(size.width)×\(size.height), the labels say \(image.width)×\(image.height)"
              + (turned ? " (they were made without the file's EXIF rotation)" : ""))
        }
      } catch { problems.add(.unreadableImage, error.description) }
    }
    return problems
  }

  /// Fills in the sizes that the labels do not give from the headers of the image files; files that are missing are
  /// passed over. Returns how many were filled in.
  public mutating func fillSizes() throws(AnnotationError) -> Int {
    guard set.images.contains(where: { $0.height == 0 || $0.width == 0 }), Folder.exists(imageFolder) else { return 0 }
    let locator = try ImageLocator(folder: imageFolder)
    var filled = 0
    for place in set.images.indices where set.images[place].height == 0 || set.images[place].width == 0 {
      guard let path = try? locator.path(of: set.images[place].fileName), let size = try? ImageFile.size(path) else {
        continue
      }
      set.images[place].height = size.height
      set.images[place].width = size.width
      filled += 1
    }
    return filled
  }
}
