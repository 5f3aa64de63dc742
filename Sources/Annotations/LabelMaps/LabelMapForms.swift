import Documents

/// Finds out which of the forms of label maps a source has.
public enum LabelMapForms {
  /// The form of the label maps at `path`; nil where they are boxes, outlines or nothing.
  ///
  /// - Parameters:
  ///   - images: the folder of the images, where it is named.
  public static func form(of path: String, images: String? = nil) -> AnnotationFormat? {
    guard Folder.exists(path) else {
      if Path.extension(of: path) == "json" { return COCOPanoptic.isThere(path) ? .cocoPanoptic : nil }
      return SegmentationSource.looksLikeMasks(path) ? .masks : nil
    }
    // Boxes and outlines come first where a folder has both.
    if AnnotationSource.looksLikeLabels(path) { return nil }
    if VOCMasks.isThere(path) { return .vocMasks }
    if CityscapesFolder.isThere(path) { return .cityscapes }
    return SegmentationSource.looksLikeMasks(path, images: images) ? .masks : nil
  }
}
