import Documents

/// The forms of labels.
///
/// A source's form is found by what lies at its path (``FormRecognition``): each form says what speaks for it, none and
/// several are errors. To add one, write a type that is an `AnnotationForm` and name it here.
public enum AnnotationFormat: String, Sendable, CaseIterable {
  /// COCO instances JSON.
  case coco
  /// COCO results: predictions with scores.
  case cocoResults = "coco-results"
  /// A folder with VOC's XML.
  case voc
  /// VOC's annotations as JSON.
  case vocJSON = "voc-json"
  /// A folder in Ultralytics' layout, boxes.
  case yolo
  /// A folder in Ultralytics' layout, outlines.
  case yoloPolygons = "yolo-polygons"
  /// A folder in Darknet's layout, boxes.
  case yoloDarknet = "yolo-darknet"
  /// Create ML's JSON.
  case createML = "createml"
  /// A folder with LabelMe's JSON.
  case labelme
  /// CVAT's XML for images.
  case cvat
  /// A folder with VOC's label maps of classes and objects.
  case vocMasks = "voc-masks"
  /// A folder of label maps in which a pixel's number is its class.
  case masks
  /// A folder with Cityscapes' label maps.
  case cityscapes
  /// COCO's panoptic JSON with its PNG files.
  case cocoPanoptic = "coco-panoptic"

  /// How it is read, and most of them written.
  var form: any AnnotationForm.Type {
    switch self {
    case .coco: COCOInstances.self
    case .cocoResults: COCOResults.self
    case .voc: VOCFolder.self
    case .vocJSON: VOCJSON.self
    case .yolo: YOLOFolder.self
    case .yoloPolygons: YOLOPolygonFolder.self
    case .yoloDarknet: DarknetFolder.self
    case .createML: CreateMLJSON.self
    case .labelme: LabelMeFolder.self
    case .cvat: CVATFile.self
    case .vocMasks: VOCMasks.self
    case .masks: GreyMasks.self
    case .cityscapes: CityscapesFolder.self
    case .cocoPanoptic: COCOPanoptic.self
    }
  }

  /// The forms that are written.
  public static var writable: [AnnotationFormat] { allCases.filter(\.isWritable) }

  /// Whether it is written, too.
  public var isWritable: Bool { form is any WritableForm.Type }

  /// Whether it is a folder rather than one file.
  public var isFolder: Bool { form.isFolder }

  /// Whether its files say ids; else a reader counts them in the order of the files and names.
  public var hasIDs: Bool { [.coco, .cocoResults, .cocoPanoptic, .cvat].contains(self) }

  /// What it is, in one line.
  public var summary: String { form.summary }

  /// How it says where an object is, in one line.
  public var coordinates: String { form.coordinates }

  /// What it can say of an object or image.
  public var holds: [LabelKind] { form.holds }

  /// What this form cannot hold of a set.
  public func losses(of set: AnnotationSet, options: WritingOptions = WritingOptions()) -> ConversionLosses {
    writer.losses(of: set, options: options)
  }

  /// Writes a set; the same set gives the same bytes.
  public func write(
    _ set: AnnotationSet, to path: String, options: WritingOptions = WritingOptions()
  ) throws(AnnotationError) {
    try writer.write(set, to: path, options: options)
  }

  /// Labels of other images in a folder that the set is to be written to, relative to it: they would be read with it.
  public func others(in path: String, than set: AnnotationSet) throws(AnnotationError) -> [String] {
    try throwingAnnotationErrors { () throws(DocumentError) in try writer.others(in: path, than: set) }
  }

  private var writer: any WritableForm.Type {
    guard let writer = form as? any WritableForm.Type else {
      preconditionFailure("AnnotationFormat: \(rawValue) is read only; ask isWritable first")
    }
    return writer
  }
}
