import Documents

/// One image's annotations in VOC's XML.
enum VOCXML {
  /// Reads one file. Elements without a place in the set are counted in `problems`.
  static func read(_ path: String, _ problems: inout AnnotationProblems) throws(DocumentError) -> VOCRecord {
    let root = try XMLDocument.read(path)
    guard root.name == "annotation" else { throw root.error("is <\(root.name)>, not VOC's <annotation>") }
    noteUnread(in: root, &problems)
    var record = VOCRecord(fileName: root["filename"]?.trimmedText ?? "", place: path)
    record.verified = root.attributes.first { $0.name == VOCRecord.verifiedKey }?.value ?? ""
    if let size = root["size"] {
      record.width = try pixels(size, "width")
      record.height = try pixels(size, "height")
    }
    for element in root.all("object") { record.objects.append(try object(element, &problems)) }
    return record
  }

  private static func object(
    _ element: XMLElement, _ problems: inout AnnotationProblems
  ) throws(DocumentError) -> VOCRecord.Object {
    let name = try element.child("name").trimmedText
    guard !name.isEmpty else { throw element.error("<object> has an empty <name>") }
    let box = try element.child("bndbox")
    for flag in ["difficult", "truncated"] where element[flag] == nil {
      problems.add(.missingElement, "\(element.file):\(element.line): <object> has no <\(flag)>, taken as 0")
    }
    return VOCRecord.Object(
      name: name, xmin: try number(box.child("xmin")), ymin: try number(box.child("ymin")),
      xmax: try number(box.child("xmax")), ymax: try number(box.child("ymax")),
      isDifficult: try flag(element["difficult"]), isTruncated: try flag(element["truncated"]),
      pose: element["pose"]?.trimmedText ?? "", isOccluded: try flag(element["occluded"]), place: ":\(element.line)")
  }

  private static func flag(_ element: XMLElement?) throws(DocumentError) -> Bool {
    guard let element, !element.trimmedText.isEmpty else { return false }
    switch element.trimmedText {
    case "0", "false", "False": return false
    case "1", "true", "True": return true
    default: throw element.error("<\(element.name)> holds \"\(element.trimmedText.prefix(40))\", neither 0 nor 1")
    }
  }

  private static func number(_ element: XMLElement) throws(DocumentError) -> Double {
    let value = try element.number()
    guard Double(decimal: element.trimmedText) == value else {
      throw element.error("<\(element.name)> holds \"\(element.trimmedText.prefix(40))\", not a decimal number")
    }
    return value
  }

  private static func pixels(_ size: XMLElement, _ name: String) throws(DocumentError) -> Int {
    guard let element = size[name], !element.trimmedText.isEmpty else { return 0 }
    let value = try number(element)
    guard let pixels = Int(exactly: value), ImageRecord.sides.contains(pixels) else {
      throw element.error("<\(name)> \(element.trimmedText) is no size of an image")
    }
    return pixels
  }

  /// The XML text of one image, indented by tabs as VOC does.
  static func text(of record: VOCRecord, folder: String) -> String {
    var text = "<annotation>\n"
    if !record.verified.isEmpty {
      text = "<annotation \(VOCRecord.verifiedKey)=\"\(XMLDocument.escaped(record.verified))\">\n"
    }
    func line(_ level: Int, _ name: String, _ value: String) {
      text += String(repeating: "\t", count: level) + "<\(name)>\(XMLDocument.escaped(value))</\(name)>\n"
    }
    line(1, "folder", folder)
    line(1, "filename", record.fileName)
    text += "\t<size>\n"
    line(2, "width", String(record.width))
    line(2, "height", String(record.height))
    line(2, "depth", "3")
    text += "\t</size>\n"
    line(1, "segmented", "0")
    for object in record.objects {
      text += "\t<object>\n"
      line(2, "name", object.name)
      line(2, "pose", object.pose.isEmpty ? "Unspecified" : object.pose)
      line(2, "truncated", object.isTruncated ? "1" : "0")
      if object.isOccluded { line(2, "occluded", "1") }
      line(2, "difficult", object.isDifficult ? "1" : "0")
      text += "\t\t<bndbox>\n"
      for (name, value) in [("xmin", object.xmin), ("ymin", object.ymin), ("xmax", object.xmax), ("ymax", object.ymax)]
      {
        line(3, name, JSON.text(of: value))
      }
      text += "\t\t</bndbox>\n\t</object>\n"
    }
    return text + "</annotation>\n"
  }
}
