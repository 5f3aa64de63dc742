import Documents

/// The forms that labels are written in.
public enum AnnotationFormat: String, Sendable, CaseIterable {
  /// COCO instances JSON.
  case coco
  /// A folder with VOC's XML.
  case voc
  /// VOC's annotations as JSON.
  case vocJSON = "voc-json"
  /// A folder with LabelMe's JSON.
  case labelme

  /// Whether it is written as a folder.
  public var isFolder: Bool { self == .voc || self == .labelme }

  /// What it is and how it says where an object is, in one line.
  public var summary: String {
    switch self {
    case .coco: "COCO instances, one JSON file; box = [x, y, width, height], corner of the first pixel = (0, 0)"
    case .voc:
      "Pascal VOC folder (Annotations/*.xml, JPEGImages/, ImageSets/Main/); whole pixels from 1, last one included"
    case .vocJSON: "Pascal VOC's elements as JSON, one object or an array; whole pixels from 1, last one included"
    case .labelme: "LabelMe folder, one JSON file an image; points [x, y], corner of the first pixel = (0, 0)"
    }
  }

  /// What this form cannot hold of a set.
  public func losses(of set: AnnotationSet, base: VOCPixelBase = .one) -> ConversionLosses {
    switch self {
    case .coco: ConversionLosses()
    case .voc: VOCFolder.losses(of: set, base: base)
    case .vocJSON: VOCJSON.losses(of: set, base: base)
    case .labelme: LabelMeFolder.losses(of: set)
    }
  }

  /// Writes a set; the same set gives the same bytes.
  ///
  /// - Parameter imageFolder: What the images' names are relative to, for forms that say where their images are.
  public func write(
    _ set: AnnotationSet, to path: String, base: VOCPixelBase = .one, imageFolder: String? = nil
  ) throws(AnnotationError) {
    switch self {
    case .coco: try COCOInstances.write(set, to: path)
    case .voc: try VOCFolder.write(set, to: path, base: base)
    case .vocJSON: try VOCJSON.write(set, to: path, base: base)
    case .labelme: try LabelMeFolder.write(set, to: path, imageFolder: imageFolder)
    }
  }

  /// Annotations of other images in a folder that the set is to be written to, relative to it: they would be read with it.
  public func others(in path: String, than set: AnnotationSet) throws(AnnotationError) -> [String] {
    try throwingAnnotationErrors { () throws(DocumentError) in
      switch self {
      case .coco, .vocJSON: return []
      case .voc:
        let folder = Path.join(path, "Annotations")
        guard Folder.exists(folder) else { return [] }
        let own = Set(set.images.map { Path.stem(of: $0.fileName) + ".xml" })
        return try Folder.names(in: folder).filter { Path.extension(of: $0) == "xml" && !own.contains($0) }
          .map { "Annotations/" + $0 }
      case .labelme:
        guard Folder.exists(path) else { return [] }
        let own = Set(set.images.map(LabelMeFolder.fileName))
        return try LabelMeFolder.files(below: path).filter { !own.contains($0) }
      }
    }
  }
}

extension ConversionLosses {
  /// Adds what the reader of the source had no place for.
  public mutating func add(unreadBy problems: AnnotationProblems) {
    for code in [AnnotationProblems.Code.ignoredElement, .otherShape] {
      guard let count = problems.counts[code] else { continue }
      add(.notRead, problems.examples.first { $0.code == code }?.message ?? "", count: count)
    }
  }
}
