import Documents

/// The eight labelled images of `annotations/tiny`.
public enum TinySet {
  /// The folder with the images and their labels in every form.
  public static let folder = Path.join(
    Path.folder(of: Path.folder(of: Path.folder(of: #filePath))), "annotations/tiny")
  /// The labels as COCO instances.
  public static let labels = Path.join(folder, "coco.json")
  /// The images.
  public static let images = Path.join(folder, "images")
}
