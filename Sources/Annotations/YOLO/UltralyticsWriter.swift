import Documents

/// Writes `data.yaml` and a text file an image in `labels/`; images are not copied.
enum UltralyticsWriter {
  static func write(_ set: AnnotationSet, _ shapes: YOLOShapes, to path: String) throws(AnnotationError) {
    try shapes.write(set, to: Path.join(path, "labels"))
    let text = DataYAML.text(subsets: subsets(of: set), names: YOLOShapes.classes(of: set).names)
    try throwingAnnotationErrors { () throws(DocumentError) in
      try AtomicFile.write(text, to: Path.join(path, "data.yaml"))
    }
  }

  /// The folders that training and validation are in where the images lie in such folders; else all images for both, which
  /// Ultralytics demands.
  private static func subsets(of set: AnnotationSet) -> [(name: String, place: String)] {
    let folders = Set(set.images.map { String($0.fileName.split(separator: "/").dropLast().first ?? "") })
    func folder(_ prefix: String) -> String? { folders.filter { $0.hasPrefix(prefix) }.min() }
    let known = ["train", "val", "test"].compactMap { name in folder(name).map { (name: name, place: "images/" + $0) } }
    guard known.count == folders.count, known.contains(where: { $0.name == "train" }),
      known.contains(where: { $0.name == "val" })
    else { return [("train", "images"), ("val", "images")] }
    return known
  }

  static func others(in path: String, than set: AnnotationSet) throws(DocumentError) -> [String] {
    try YOLOShapes.others(in: path, "labels", than: set)
  }
}
