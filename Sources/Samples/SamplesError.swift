import Annotations
import Documents
import Imaging

/// Why images or labels cannot be used; each description is one line.
public enum SamplesError: Error, Equatable, CustomStringConvertible {
  /// A list or folder that cannot be read.
  case document(DocumentError)
  /// A source that gives no image.
  case noImages(source: String, reason: String)
  /// One image that cannot be used: missing, damaged, or of another size than its labels say.
  case image(path: String, reason: String)
  /// Images whose files were looked at before they are needed and cannot be used.
  case unusableImages(source: String, pool: String, count: Int, unusable: [SkippedImage])
  /// Labels of other classes than those that are wanted.
  case otherClasses(source: String, found: String, wanted: [String])
  /// A box that cannot be trained on, where such boxes are refused.
  case badBoxes(source: String, count: Int, example: String)
  /// Not one image of a pool can be used.
  case noUsableImage(pool: String, count: Int, example: String)
  /// A saved position that belongs to other images or another request.
  case otherData(saved: String, present: String)

  /// As many unusable images are named.
  private static let mostExamples = 3

  /// One line: file or source, what was found.
  public var description: String {
    switch self {
    case .document(let error): "\(error)"
    case .noImages(let source, let reason): "\(source): no image to use: \(reason)"
    case .image(let path, let reason): "\(path): \(reason)"
    case .unusableImages(let source, let pool, let count, let unusable):
      "\(source): \(unusable.count) of \(count) \(pool) images cannot be used: "
        + unusable.prefix(Self.mostExamples).map { "\($0.path): \($0.reason)" }.joined(separator: "; ")
        + (unusable.count > Self.mostExamples ? "; …" : "")
        + (unusable.count == count && unusable.allSatisfy(\.isMissing) ? "; --\(pool)-images names their folder" : "")
    case .otherClasses(let source, let found, let wanted):
      "\(source): its class '\(found)' is not among the classes \(wanted.joined(separator: ", "))"
    case .badBoxes(let source, let count, let example):
      "\(source): \(count) \(count == 1 ? "box" : "boxes") without area in the image, first \(example)"
    case .noUsableImage(let pool, let count, let example):
      "not one of the \(count) \(pool) images can be used; for example \(example)"
    case .otherData(let saved, let present):
      "the saved position in the data is of \(saved), this run reads \(present)"
    }
  }
}
