import Documents

/// Reads the XML that CVAT exports for images ("CVAT for images 1.1"), as a file or in the folder of an export.
enum CVATFile: AnnotationForm {
  static let summary = "CVAT's XML for images, one file"
  static let coordinates = "xtl ytl xbr ybr and points in pixels, corner of the first pixel = (0, 0)"
  static let holds: [LabelKind] = [.boxes, .polygons]
  static let isFolder = false
  static let sign = "XML with <annotations>"
  /// The outermost element.
  static let root = "annotations"
  private static let fileName = "annotations.xml"

  static func evidence(in look: SourceLook) -> String? {
    if look.xmlRoot == root { return "XML with <annotations>" }
    guard look.names.contains(fileName), (try? XMLDocument.rootName(of: look.place(fileName))) == root else {
      return nil
    }
    return "\(fileName) with <annotations>"
  }

  static func labelFiles(of folder: String) throws(DocumentError) -> (folder: String, names: [String]) {
    (folder, [fileName])
  }

  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    let file = Folder.exists(path) ? Path.join(path, fileName) : path
    var reader = CVATReader()
    try throwingAnnotationErrors { () throws(DocumentError) in try reader.read(file) }
    return reader.finish()
  }
}
