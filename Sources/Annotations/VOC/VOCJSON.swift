import Documents

/// Reads and writes VOC's annotations as JSON: one object with the key `annotation`, or an array of them, with VOC's
/// element names as keys. Numbers may be numbers or strings; a single object may stand without its array.
public enum VOCJSON: WritableForm {
  static let summary = "Pascal VOC's elements as JSON, one object or an array"
  static let coordinates = VOCFolder.coordinates
  static let holds: [LabelKind] = [.boxes]
  static let isFolder = false
  static let sign = "annotation in an object or in the elements of an array"

  static func evidence(in look: SourceLook) -> String? {
    if look.objectKeys.contains("annotation") { return "an object with annotation" }
    guard let keys = look.elementKeys else { return nil }
    if keys.isEmpty { return "an array without an object" }
    return keys.contains("annotation") && !CreateMLJSON.isElement(keys) ? "an array of objects with annotation" : nil
  }

  static func read(_ path: String, options: ReadingOptions) throws(AnnotationError) -> FormContent {
    let (set, problems) = try read(path, base: options.base)
    return FormContent(set: set, problems: problems)
  }

  /// Reads the file at `path`, an array element by element. Image ids count from 1 in the file's order.
  public static func read(
    _ path: String, base: VOCPixelBase = .one
  ) throws(AnnotationError) -> (set: AnnotationSet, problems: AnnotationProblems) {
    var assembly = VOCAssembly(base: base)
    try throwingAnnotationErrors { () throws(DocumentError) in
      func add(_ element: JSONElement) {
        do throws(DocumentError) {
          assembly.add(try record(element, file: path, &assembly.problems))
        } catch {
          assembly.problems.add(.badValue, error.description(without: path))
        }
      }
      if case .array = try JSONStream.shape(of: path, until: ["annotation"]) {
        try JSONStream.read(path, arrays: [""], element: { _, element throws(DocumentError) in add(element) })
      } else {
        try JSONElement.read(path) { element throws(DocumentError) in add(element) }
      }
    }
    let set = assembly.finish()
    return (set, assembly.problems)
  }

  private static func record(
    _ element: JSONElement, file: String, _ problems: inout AnnotationProblems
  ) throws(DocumentError) -> VOCRecord {
    guard let annotation = element.element("annotation") else { throw element.missing("annotation") }
    guard let fileName = try annotation.optionalText("filename"), !fileName.isEmpty else {
      throw annotation.missing("filename")
    }
    noteUnread(in: element, besides: ["annotation"], &problems)
    noteUnread(in: annotation, besides: VOCRecord.known.union([VOCRecord.verifiedKey]), &problems)
    var record = VOCRecord(fileName: fileName, place: "")
    record.verified = try annotation.optionalText(VOCRecord.verifiedKey) ?? ""
    if let size = annotation.element("size") {
      record.width = try pixels(size, "width")
      record.height = try pixels(size, "height")
      noteUnread(in: size, besides: ["width", "height", "depth"], &problems)
    }
    for object in annotation.elements("object") { record.objects.append(try self.object(object, &problems)) }
    return record
  }

  private static func object(
    _ element: JSONElement, _ problems: inout AnnotationProblems
  ) throws(DocumentError) -> VOCRecord.Object {
    guard let name = try element.optionalText("name"), !name.trimmed.isEmpty else { throw element.missing("name") }
    guard let box = element.element("bndbox") else { throw element.missing("bndbox") }
    noteUnread(in: element, besides: VOCRecord.Object.known, &problems)
    noteUnread(in: box, besides: ["xmin", "ymin", "xmax", "ymax"], &problems)
    return VOCRecord.Object(
      name: name, xmin: try number(box, "xmin"), ymin: try number(box, "ymin"), xmax: try number(box, "xmax"),
      ymax: try number(box, "ymax"), isDifficult: try flag(element, "difficult"),
      isTruncated: try flag(element, "truncated"), pose: try element.optionalText("pose") ?? "",
      isOccluded: try flag(element, "occluded"), place: element.path)
  }

  private static func noteUnread(
    in element: JSONElement, besides known: Set<String>, _ problems: inout AnnotationProblems
  ) {
    let place = element.path.isEmpty ? "" : element.path + ": "
    for key in element.keys where !known.contains(key) {
      problems.add(.ignoredElement, "\(place)the key \"\(key)\" is not read")
    }
  }

  private static func number(_ element: JSONElement, _ key: String) throws(DocumentError) -> Double {
    guard let text = try element.optionalText(key) else { throw element.missing(key) }
    guard let value = Double(decimal: text) else {
      throw element.error(key, "is \"\(text.prefix(40))\", not a number")
    }
    return value
  }

  private static func pixels(_ element: JSONElement, _ key: String) throws(DocumentError) -> Int {
    guard let text = try element.optionalText(key), !text.isEmpty else { return 0 }
    guard let value = Double(decimal: text), let pixels = Int(exactly: value), ImageRecord.sides.contains(pixels) else {
      throw element.error(key, "\"\(text.prefix(40))\" is no size of an image")
    }
    return pixels
  }

  private static func flag(_ element: JSONElement, _ key: String) throws(DocumentError) -> Bool {
    switch try element.optionalText(key) {
    case nil, ""?, "0"?: return false
    case "1"?: return true
    case let text?: throw element.error(key, "is \"\(text.prefix(40))\", neither 0 nor 1")
    }
  }
}
