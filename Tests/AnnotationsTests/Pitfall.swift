import Annotations
import Documents
import Imaging
import TestSupport
import Testing

/// One thing that goes wrong between tools of annotation: what lies in a folder, and what is to become of it.
struct Pitfall: CustomTestStringConvertible, Sendable {
  let name: String
  /// Text files by name.
  var files: [String: String] = [:]
  /// Pictures of 40×20 pixels (width × height); a number behind `@` is their EXIF orientation.
  var images: [String] = ["images/a.jpg"]
  /// Links by name.
  var links: [String: String] = [:]
  /// What is read, of the folder.
  var at = "l.json"
  var base = VOCPixelBase.one
  var exif = ExifPolicy.apply
  /// The images with their objects, and the problems; or the start of an error.
  let outcome: String

  var testDescription: String { name }

  /// COCO's labels of `a.jpg` with these objects.
  static func coco(
    _ annotations: String, images: String = #"{"id":1,"file_name":"a.jpg","height":20,"width":40}"#,
    categories: String = #"{"id":1,"name":"x"}"#
  ) -> [String: String] {
    ["l.json": "{\"images\":[\(images)],\"categories\":[\(categories)],\"annotations\":[\(annotations)]}"]
  }

  /// COCO's labels of one image of that name.
  static func coco(named name: String) -> [String: String] {
    coco("", images: "{\"id\":1,\"file_name\":\(JSON(name).serialized()),\"height\":20,\"width\":40}")
  }

  /// VOC's labels of `a.jpg` with one object.
  static func voc(_ object: String, fileName: String = "a.jpg") -> [String: String] {
    [
      "Annotations/a.xml":
        "<annotation><filename>\(fileName)</filename><size><width>40</width><height>20</height></size>\(object)</annotation>"
    ]
  }

  /// Reads the folder as the tools do and says what came of it.
  func found() throws -> String {
    let folder = try ScratchFolder()
    for (name, text) in files { _ = try folder.write(text, to: name) }
    for name in images {
      let parts = name.split(separator: "@")
      let path = try folder.file(String(parts[0]))
      try Self.picture(orientation: parts.count > 1 ? UInt8(parts[1]) ?? 1 : 1, to: path)
    }
    for (name, target) in links { try folder.link(target, at: name) }
    do {
      var reading = try AnnotationSource.inspect(Path.join(folder.path, at), base: base, exif: exif)
      _ = try reading.fillSizes(exif: exif)
      var problems = reading.problems
      problems.add(AnnotationCheck.contents(of: reading.set))
      problems.add(try reading.checkImageFiles(decoding: false, exif: exif))
      return Self.describe(reading.set) + Self.describe(problems)
    } catch {
      return "error: " + "\(error)".replacing(folder.path + "/", with: "").replacing(folder.path, with: ".")
    }
  }

  private static func describe(_ set: AnnotationSet) -> String {
    set.images.map { image in
      let objects = set.objects.filter { $0.imageID == image.id }.map { object -> String in
        let name = set.categories.first { $0.id == object.categoryID }.map { "\($0.name)#\($0.id)" } ?? "?"
        let box = [object.box.x0, object.box.y0, object.box.x1, object.box.y1].map(JSON.text(of:)).joined(
          separator: ",")
        let flags = [(object.isCrowd, "crowd"), (object.isDifficult, "difficult"), (object.isTruncated, "truncated")]
        return (["\(name) \(box)"] + flags.filter(\.0).map(\.1) + object.extra.keys).joined(separator: " ")
      }
      return "\(image.fileName) \(image.width)×\(image.height) [\(objects.joined(separator: "; "))]"
    }.joined(separator: ", ")
  }

  private static func describe(_ problems: AnnotationProblems) -> String {
    let quiet: Set<AnnotationProblems.Code> = [.imageWithoutObjects, .unusedClass]
    let codes = AnnotationProblems.Code.allCases.filter { problems.counts[$0] != nil && !quiet.contains($0) }
    return codes.map { " | \($0.severity.rawValue) \($0.rawValue) ×\(problems.counts[$0] ?? 0)" }.joined()
  }

  /// A JPEG of 40×20 stored pixels, with EXIF's orientation where it is not upright.
  static func picture(orientation: UInt8, to path: String) throws {
    try ImageFile.write(Image(height: 20, width: 40, color: RGB(90, 60, 30)), to: path)
    guard orientation != 1 else { return }
    var bytes = try MappedFile(path: path).withBytes { Array($0) }
    let tiff: [UInt8] = [
      0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
    ]
    let segment = Array("Exif".utf8) + [0, 0] + tiff
    bytes.insert(contentsOf: [0xFF, 0xE1, 0, UInt8(segment.count + 2)] + segment, at: 2)
    try AtomicFile.write(bytes, to: path)
  }
}
