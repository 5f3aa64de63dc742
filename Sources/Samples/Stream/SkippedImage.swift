/// An image that could not be used, and why: in one line, without the path.
public struct SkippedImage: Sendable, Equatable, Hashable {
  /// The file.
  public let path: String
  /// What is wrong with it.
  public let reason: String

  /// An unusable image.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}
