import Documents

/// The forms that labels are written in.
public enum AnnotationFormat: String, Sendable, CaseIterable {
  /// COCO instances JSON.
  case coco
  /// A folder with VOC's XML.
  case voc
  /// VOC's annotations as JSON.
  case vocJSON = "voc-json"

  /// Whether it is written as a folder.
  public var isFolder: Bool { self == .voc }

  /// What it is and how it says where an object is, in one line.
  public var summary: String {
    switch self {
    case .coco: "COCO instances, one JSON file; box = [x, y, width, height], corner of the first pixel = (0, 0)"
    case .voc:
      "Pascal VOC folder (Annotations/*.xml, JPEGImages/, ImageSets/Main/); whole pixels from 1, last one included"
    case .vocJSON: "Pascal VOC's elements as JSON, one object or an array; whole pixels from 1, last one included"
    }
  }

  /// What this form cannot hold of a set.
  public func losses(of set: AnnotationSet, base: VOCPixelBase = .one) -> ConversionLosses {
    switch self {
    case .coco: ConversionLosses()
    case .voc: VOCFolder.losses(of: set, base: base)
    case .vocJSON: VOCJSON.losses(of: set, base: base)
    }
  }

  /// Writes a set; the same set gives the same bytes.
  public func write(_ set: AnnotationSet, to path: String, base: VOCPixelBase = .one) throws(AnnotationError) {
    switch self {
    case .coco: try COCOInstances.write(set, to: path)
    case .voc: try VOCFolder.write(set, to: path, base: base)
    case .vocJSON: try VOCJSON.write(set, to: path, base: base)
    }
  }
}

extension ConversionLosses {
  /// Adds what the reader of the source had no place for.
  public mutating func add(unreadBy problems: AnnotationProblems) {
    guard let count = problems.counts[.ignoredElement] else { return }
    let example = problems.examples.first { $0.code == .ignoredElement }?.message ?? ""
    add(.notRead, example, count: count)
  }
}
