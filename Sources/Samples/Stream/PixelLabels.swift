import Annotations
import Documents
import Imaging

/// What the views of a stream say about their pixels.
public enum PixelLabels: Sendable {
  /// Nothing: as boxes are learnt.
  case none
  /// Which of them show their image; for images without labels.
  case validity
  /// That, and their classes, by the label maps of the pool's images.
  case maps(LabelMapReader)

  /// The label map of an image, in the image's own size; nil where none is read.
  public func map(of image: PooledImage, height: Int, width: Int) throws(SamplesError) -> Image? {
    guard case .maps(let reader) = self else { return nil }
    guard let masked = image.masked(height: height, width: width) else {
      throw .image(path: image.path, reason: "has no label map")
    }
    do { return try reader.labels(of: masked, height: height, width: width) } catch {
      throw .image(path: image.path, reason: "\(error)")
    }
  }

  /// Whether batches have tensors of it.
  var areTracked: Bool { if case .none = self { false } else { true } }
}

extension PooledImage {
  /// The image with its label map, for a reader; nil without one.
  public func masked(height: Int, width: Int) -> MaskedImage? {
    mask.map { MaskedImage(id: id, name: name, path: path, height: height, width: width, mask: $0) }
  }
}

extension MaskReference {
  /// What tells the label map from others, for digests: a file's name and size, or all objects.
  var identity: String {
    switch self {
    case .file(let path): "\(Path.name(of: path)) \(Folder.size(ofFile: path) ?? -1)"
    case .objects(let objects, let background):
      objects.map { "\($0.classIndex) \($0.isCrowd) \($0.segmentation.text)" }.joined(separator: ";") + " \(background)"
    }
  }
}
