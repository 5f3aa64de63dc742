import Documents

/// How the files of images are called that can be read.
public enum ImageNames {
  /// Whether a name ends as an image's does: in `.jpg`, `.jpeg` or `.png`, in letters of either case.
  public static func isImage(_ name: String) -> Bool { ["jpg", "jpeg", "png"].contains(Path.extension(of: name)) }

  /// What an image may be called of which the name without an extension is known, in the order in which they are looked for.
  public static func candidates(of stem: String) -> [String] {
    ["jpg", "jpeg", "png", "JPG", "JPEG", "PNG"].map { "\(stem).\($0)" }
  }
}
