import Documents

/// Reads and writes boxes in Ultralytics' layout: `data.yaml`, `images/`, and a text file an image in `labels/`.
enum YOLOFolder: WritableForm {
  static let summary = "YOLO folder of Ultralytics, boxes: data.yaml, images/, labels/*.txt"
  static let coordinates = "class cx cy w h, centre and size in shares of the image's size"
  static let holds: [LabelKind] = [.boxes]
  static let isFolder = true
  static let sign = "a YAML file with names, or classes.txt, images and labels"

  static func evidence(in look: SourceLook) -> String? { UltralyticsLayout.evidence(in: look, rings: false) }

  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    var problems = AnnotationProblems()
    let layout = try UltralyticsLayout.read(path, images: options.images, &problems)
    return try YOLOReader.read(layout, exif: options.exif, problems: problems)
  }

  static func labelFiles(of folder: String) throws(DocumentError) -> (folder: String, names: [String]) {
    try YOLOLayout.labelFiles(of: folder)
  }

  static func losses(of set: AnnotationSet, options: WritingOptions) -> ConversionLosses {
    YOLOShapes(rings: false).losses(of: set)
  }

  static func write(_ set: AnnotationSet, to path: String, options: WritingOptions) throws(AnnotationError) {
    try UltralyticsWriter.write(set, YOLOShapes(rings: false), to: path)
  }

  static func others(in path: String, than set: AnnotationSet) throws(DocumentError) -> [String] {
    try UltralyticsWriter.others(in: path, than: set)
  }
}

/// Reads and writes outlines in the same layout.
enum YOLOPolygonFolder: WritableForm {
  static let summary = "YOLO folder of Ultralytics, outlines: data.yaml, images/, labels/*.txt"
  static let coordinates = "class x y x y …, one ring a row in shares of the image's size"
  static let holds: [LabelKind] = [.boxes, .polygons]
  static let isFolder = true
  static let sign = "the same with rows of rings"

  static func evidence(in look: SourceLook) -> String? { UltralyticsLayout.evidence(in: look, rings: true) }

  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    try YOLOFolder.read(path, options: options)
  }

  static func labelFiles(of folder: String) throws(DocumentError) -> (folder: String, names: [String]) {
    try YOLOLayout.labelFiles(of: folder)
  }

  static func losses(of set: AnnotationSet, options: WritingOptions) -> ConversionLosses {
    YOLOShapes(rings: true).losses(of: set)
  }

  static func write(_ set: AnnotationSet, to path: String, options: WritingOptions) throws(AnnotationError) {
    try UltralyticsWriter.write(set, YOLOShapes(rings: true), to: path)
  }

  static func others(in path: String, than set: AnnotationSet) throws(DocumentError) -> [String] {
    try UltralyticsWriter.others(in: path, than: set)
  }
}
