import Documents

/// One image's annotations as Pascal VOC writes them, in XML or in JSON: the common middle of both readers and writers.
struct VOCRecord {
  var fileName: String
  /// 0 where the file does not say.
  var width = 0
  var height = 0
  var objects: [Object] = []
  /// What labelImg says of a record that a person has looked at, `yes`; empty where the file does not say.
  var verified = ""
  /// The key of an image under which that lies, and the name of the attribute.
  static let verifiedKey = "verified"
  /// Where the record stands, for messages: a file, or a file and a JSON path.
  var place: String
  /// What a record may hold without a note, in both forms.
  static let known: Set<String> = ["folder", "filename", "path", "source", "owner", "size", "segmented", "object"]

  struct Object {
    /// What an object may hold without a note.
    static let known: Set<String> = ["name", "pose", "truncated", "difficult", "occluded", "bndbox"]
    var name: String
    /// As written: see `VOCPixelBase`.
    var xmin: Double
    var ymin: Double
    var xmax: Double
    var ymax: Double
    var isDifficult = false
    var isTruncated = false
    /// Empty where the file does not say.
    var pose = ""
    var isOccluded = false
    /// Where the object stands, after the record's place: a line or a JSON path.
    var place: String
  }
}

/// What the numbers of a VOC box mean.
public enum VOCPixelBase: Int, Sendable, CaseIterable {
  /// Corners counted from 0, as some labelling tools write: taken over as they are.
  case zero = 0
  /// Pixels counted from 1, the last one included, as VOC defines: 1 is taken off xmin and ymin.
  case one = 1

  /// The box that the written numbers mean.
  func box(xmin: Double, ymin: Double, xmax: Double, ymax: Double) -> Box {
    let first = Double(rawValue)
    return Box(x0: xmin - first, y0: ymin - first, x1: xmax, y1: ymax)
  }

  /// Whether a box is one pixel: in VOC's form both corners are the same then, the trace of a click beside the object.
  func isPoint(_ box: Box, _ form: AnnotationFormat) -> Bool {
    self == .one && (form == .voc || form == .vocJSON) && box.width <= 1 && box.height <= 1
  }

  /// The whole numbers that are written for a box.
  func numbers(of box: Box) -> (xmin: Int, ymin: Int, xmax: Int, ymax: Int) {
    func whole(_ value: Double) -> Int { Int(min(max(value.rounded(), -1e9), 1e9)) }
    return (whole(box.x0) + rawValue, whole(box.y0) + rawValue, whole(box.x1), whole(box.y1))
  }
}

/// Puts VOC's records of single images together into one set: ids, and classes from the names that occur.
struct VOCAssembly {
  private(set) var set = AnnotationSet(listsClasses: false)
  var problems = AnnotationProblems()
  private let base: VOCPixelBase
  private var names: [String] = []

  init(base: VOCPixelBase) { self.base = base }

  /// Adds the next image. Ids count from 1 in the order of adding.
  mutating func add(_ record: VOCRecord) {
    var image = ImageRecord(
      id: set.images.count + 1, fileName: record.fileName, height: record.height, width: record.width)
    if !record.verified.isEmpty { image.extra[VOCRecord.verifiedKey] = .string(record.verified) }
    set.images.append(image)
    for object in record.objects {
      var annotation = ObjectAnnotation(
        id: set.objects.count + 1, imageID: image.id, categoryID: 0,
        box: base.box(xmin: object.xmin, ymin: object.ymin, xmax: object.xmax, ymax: object.ymax),
        isDifficult: object.isDifficult, isTruncated: object.isTruncated)
      if !object.pose.isEmpty, object.pose != "Unspecified" { annotation.extra["pose"] = .string(object.pose) }
      if object.isOccluded { annotation.extra["occluded"] = 1 }
      if base.isPoint(annotation.box, .voc), !annotation.box.isEmpty {
        problems.add(.zeroArea, AnnotationCheck.point(annotation.box, image, record.place + object.place))
      } else {
        AnnotationCheck.check(annotation.box, in: image, { record.place + object.place }, &problems)
      }
      set.objects.append(annotation)
      names.append(object.name)
    }
  }

  /// The set, with the classes in the order of their names' bytes and ids from 1.
  mutating func finish() -> AnnotationSet {
    set.setClasses(ofObjects: names)
    problems.add(AnnotationCheck.fileNames(of: set))
    return set
  }
}
