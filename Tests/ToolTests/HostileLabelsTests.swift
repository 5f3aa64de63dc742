import Documents
import Foundation
import TestSupport
import Testing

/// A hostile file, how a program is to read it, and what must be said about it.
struct HostileFile: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// The name of the file in a folder of its own.
  var name = "input.json"
  let bytes: [UInt8]
  /// What comes before the file's path on the command line of `annotation-tool`, and behind it.
  var command = ["validate"]
  var options: [String] = []
  /// The parts of the message: place, what was found, what is wanted.
  let says: [String]

  init(
    _ description: String, file name: String = "input.json", _ text: String, run command: [String] = ["validate"],
    options: [String] = [], says: String...
  ) {
    self.init(description, file: name, bytes: Array(text.utf8), run: command, options: options, says: says)
  }

  init(
    _ description: String, file name: String = "input.json", bytes: [UInt8], run command: [String] = ["validate"],
    options: [String] = [], says: [String]
  ) {
    testDescription = description
    (self.name, self.bytes, self.command, self.options, self.says) = (name, bytes, command, options, says)
  }
}

/// Each hostile file is refused in a second of processor time and 20 times its size and a constant of memory, with an error
/// that names file and place.
@Suite struct HostileLabelsTests {
  private static func coco(_ annotation: String) -> String {
    #"{"images":[{"id":1,"file_name":"a.jpg","height":9,"width":9}],"categories":[{"id":1,"name":"a"}],"annotations":[{"id":1,"image_id":1,"category_id":1,\#(annotation)}]}"#
  }
  private static let box = #""bbox":[1,2,3,4],"segmentation":"#
  private static func voc(_ inner: String) -> String {
    "<annotation>\n<filename>a.jpg</filename>\n<size><width>9</width><height>9</height></size>\n\(inner)\n</annotation>"
  }
  private static let noise = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 2_654_435_761 >> 13) }
  private static let xml = "Annotations/input.xml"
  /// A billion of them, each ten of the one before.
  private static let manyEntities: String = {
    var text = "<!DOCTYPE a [<!ENTITY a0 \"\(String(repeating: "x", count: 1000))\">"
    for level in 1...9 {
      text += "<!ENTITY a\(level) \"\(String(repeating: "&a\(level - 1);", count: 10))\">"
    }
    return text + "]><annotation>&a9;</annotation>"
  }()

  static let files: [HostileFile] = [
    HostileFile(
      "random bytes as JSON", bytes: noise, options: ["--from", "coco"],
      says: ["begins with neither an object"]),
    HostileFile(
      "a LabelMe file of a million empty shapes", file: "a.json",
      "{\"imagePath\":\"a.jpg\",\"shapes\":[" + String(repeating: "{},", count: 999_999) + "{}]}",
      options: ["--from", "labelme"], says: "a.json: shapes[0]: the key \"label\" is missing"),
    HostileFile("an empty file", "", says: "the file is empty"),
    HostileFile(
      "a truncated file", String(coco(#""bbox":[1,2,3,4]"#).dropLast(4)), says: "annotations[0]", "ends early"),
    HostileFile(
      "deep nesting", #"{"images":"# + String(repeating: "[", count: 100_000), options: ["--from", "coco"],
      says: "images[0]", "nested deeper than 64 levels"),
    HostileFile(
      "a number beyond doubles", coco(#""bbox":[1,2,1e999,4]"#), says: "annotations[0].bbox[2]",
      "1e999 is beyond the range"),
    HostileFile(
      "an id beyond 64 bits", #"{"images":[{"id":9223372036854775808}]}"#, says: "images[0].id",
      "beyond the range of 64-bit integers"),
    HostileFile(
      "a number of a million digits", #"{"images":[{"id":\#(String(repeating: "9", count: 1_000_000))}]}"#,
      says: "images[0].id", "beyond the range"),
    HostileFile(
      "a size of an image that is none", #"{"images":[{"id":1,"file_name":"a.jpg","height":4294967296,"width":9}]}"#,
      says: "images[0].height", "4294967296 is no size of an image"),
    HostileFile("images that are an object", #"{"images":{}}"#, says: "images", "is not an array"),
    HostileFile(
      "an id that is a text", #"{"images":[{"id":"1","file_name":"a.jpg"}]}"#, says: "images[0].id",
      "is the string \"1\", not an integer"),
    HostileFile(
      "a box of three numbers", coco(#""bbox":[1,2,3]"#), says: "annotations[0].bbox", "has 3 numbers, not 4"),
    HostileFile("NaN", coco(#""bbox":[1,2,NaN,4]"#), says: "annotations[0].bbox[2]", "NaN is not a number"),
    HostileFile("a key given twice", #"{"images":[{"id":1,"id":2}]}"#, says: "images[0]", "has the key \"id\" twice"),
    HostileFile(
      "text that is not UTF-8",
      bytes: Array(#"{"images":[{"id":1,"file_name":""#.utf8) + [0xC0, 0xAF] + Array(#""}]}"#.utf8),
      says: ["images[0]", "not UTF-8"]),
    HostileFile(
      "a name that leads out", #"{"images":[{"id":1,"file_name":"../../etc/passwd"}]}"#, says: "images[0]",
      "leads out of the image folder"),
    HostileFile(
      "run lengths past the image", coco(box + #"{"size":[9,9],"counts":"ng1"}"#), says: "annotations[0].segmentation",
      "the runs add up to", "the size to 81"),
    HostileFile(
      "a mask of 2⁶⁴ pixels", coco(box + #"{"size":[4294967296,4294967296],"counts":[0,1]}"#),
      says: "annotations[0].segmentation",
      "is not one of a mask"),
    HostileFile(
      "run lengths of another alphabet", coco(box + #"{"size":[9,9],"counts":"!!"}"#),
      says: "annotations[0].segmentation", "the byte 33"),
    HostileFile(
      "a polygon of three numbers", coco(box + "[[1,2,3]]"), says: "annotations[0].segmentation[0]",
      "has 3 numbers; a polygon has three points or more"),
    HostileFile(
      "half of a character", #"{"images":[{"id":1,"file_name":"\ud800"}]}"#, says: "images[0]",
      #"has \ud800 in a text"#),
    HostileFile(
      "random bytes as a file of XML", file: "input.xml", bytes: noise, options: [],
      says: ["input.xml", "input.xml:1: "]),
    HostileFile("random bytes as XML", file: xml, bytes: noise, options: [], says: [xml]),
    HostileFile("XML without an end", file: xml, voc("<object><name>a"), says: xml, "mismatch"),
    HostileFile(
      "entities that multiply", file: xml,
      manyEntities, says: xml, "document type declaration, which is not accepted"),
    HostileFile(
      "an entity from elsewhere", file: xml,
      "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><annotation>&b;</annotation>",
      says: xml, "document type declaration, which is not accepted"),
    HostileFile(
      "deep XML", file: xml, String(repeating: "<a>", count: 100_000), says: xml, "nested deeper than 64 levels"),
    HostileFile(
      "a box that is no number", file: xml,
      voc(
        "<object><name>a</name><bndbox><xmin>1e999</xmin><ymin>1</ymin><xmax>3</xmax><ymax>4</ymax></bndbox></object>"),
      says: xml + ":4", "1e999"),
    HostileFile(
      "CVAT's points that are none", file: "input.xml",
      "<annotations><image id=\"0\" name=\"a.jpg\" width=\"9\" height=\"9\"><polygon label=\"a\" points=\"1,2;x\"/></image></annotations>",
      says: "input.xml:1: <polygon>", "is no point x,y"),
    HostileFile("YOLO's numbers that are none", file: "set/labels/a.txt", "0 nan 0.5 0.5 inf\n", says: "a.txt", "1"),
    HostileFile(
      "LabelMe's points that are none", file: "a.json",
      #"{"shapes":[{"label":"a","points":[[1,2],[3],[5,6]],"shape_type":"polygon"}],"imagePath":"a.jpg"}"#,
      options: ["--from", "labelme"], says: "a.json", "shapes[0].points[1]", "is not a point"),
    HostileFile(
      "Create ML's array of something else", #"[{"image":5,"annotations":[]}]"#, options: ["--from", "createml"],
      says: "[0].image", "is 5, not a string"),
    HostileFile(
      "results whose image is a text", #"[{"image_id":"1","category_id":1,"bbox":[1,2,3,4],"score":1}]"#,
      run: ["convert", "--to", "coco", "--labels", TinySet.labels, "--output", "/nowhere/x"],
      says: "[0].image_id", "is the string \"1\", not an integer"),
    HostileFile(
      "a mapping of classes in bytes", file: "map.txt", bytes: [0xFF, 0xFE, 0x00],
      run: ["remap", TinySet.labels, "--output", "/nowhere/x", "--mapping"], says: ["map.txt: is not UTF-8 text"]),
    HostileFile(
      "a manifest that leads out",
      #"{"kind":"SemiVision content manifest","version":1,"folders":["../.."],"files":[]}"#, run: ["verify"],
      says: "folders[0]", "no folder below the root"),
  ]

  @Test("each is an error with its place, in time and memory", arguments: files)
  func refused(_ file: HostileFile) throws {
    let folder = try ScratchFolder()
    let path = try folder.file(file.name)
    try AtomicFile.write(file.bytes, to: path)
    if file.name.hasPrefix("set/") {
      _ = try folder.write("names:\n  0: a\ntrain: images\n", to: "set/data.yaml")
      try FileManager.default.copyItem(atPath: TinySet.images + "/000001.jpg", toPath: folder.file("set/images/a.jpg"))
    }
    let isInFolder = file.name.contains("/") || file.options.contains("labelme")
    let source = isInFolder ? Path.join(folder.path, file.name.hasPrefix("set/") ? "set" : "") : path
    let outcome = try Program(named: "annotation-tool").run(
      file.command + [source] + file.options, kibibytes: 700_000 + 20 * file.bytes.count / 1024)
    #expect(outcome.exitCode == 1, "\(outcome.standardError)")
    let said = outcome.standardOutput + outcome.standardError
    #expect(outcome.standardError.split(separator: "\n").last?.hasPrefix("error: ") == true, "\(said)")
    for part in file.says { #expect(said.contains(part), "\(said)") }
  }

  @Test(
    "a picture whose header promises too much, or more than follows, is an error",
    arguments: [
      ("giga.png", "too large: 2147483647 x 2147483647"), ("large.png", "Not enough image data"),
      ("giga.jpg", "too large: 65535 x 65535"), ("large.jpg", "truncated"), ("progressive.jpg", "truncated"),
    ])
  func pictures(name: String, message: String) throws {
    let folder = try ScratchFolder()
    let isPNG = name.hasSuffix("png")
    let side = name.hasPrefix("giga") ? (isPNG ? 0x7FFF_FFFF : 65535) : 13_000
    let bytes = isPNG ? Self.png(side: side) : try Self.jpeg(side: side, marker: name.hasPrefix("prog") ? 0xC2 : 0xC0)
    try AtomicFile.write(bytes, to: folder.file(name))
    let labels = try folder.write(
      #"{"images":[{"id":1,"file_name":"\#(name)"}],"categories":[],"annotations":[]}"#, to: "labels.json")
    // Room for the pixels that a header may promise, which are asked for and never touched.
    let outcome = try Program(named: "annotation-tool").run(
      ["validate", labels, "--decode"], kibibytes: 2_000_000)
    #expect(outcome.exitCode == 1 && outcome.standardOutput.contains(name) && outcome.standardOutput.contains(message))
  }

  @Test(
    "a size that a header promises is not believed: it is no size of labels",
    arguments: [
      ("giga.png", "2147483647 x 2147483647 pixels (height x width), wanted at most 178956970 pixels"),
      ("giga.jpg", "65535 x 65535 pixels (height x width), wanted at most 178956970 pixels"),
    ])
  func promises(name: String, message: String) throws {
    let folder = try ScratchFolder()
    let bytes = name.hasSuffix("png") ? Self.png(side: 0x7FFF_FFFF) : try Self.jpeg(side: 65535, marker: 0xC0)
    try AtomicFile.write(bytes, to: folder.file(name))
    let labels = try folder.write(
      #"""
      {"images":[{"id":1,"file_name":"\#(name)"}],"categories":[{"id":1,"name":"a"}],
      "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4]}]}
      """#, to: "labels.json")
    let found = try Program(named: "annotation-tool").run(
      ["validate", labels], kibibytes: 700_000)
    #expect(found.exitCode == 1 && found.standardOutput.contains("error unreadable-image ×1"))
    #expect(found.standardOutput.contains("\(folder.path)/\(name): the image is too large: \(message)"))
    let written = try Program(named: "annotation-tool").run(

      ["convert", labels, "--to", "yolo", "--output", folder.path + "/yolo", "--allow-lossy"], kibibytes: 700_000)
    #expect(written.exitCode == 1)
    #expect(written.standardError.hasSuffix("error: \(folder.path)/\(name): the image is too large: \(message)\n"))
  }

  @Test("a named pipe is no file of labels, in no place where one is read", .timeLimit(.minutes(1)))
  func pipes() throws {
    let folder = try ScratchFolder()
    for (name, arguments) in [
      ("pipe.json", ["validate", "pipe.json"]), ("voc/Annotations/a.xml", ["validate", "voc"]),
      (
        "results.json",
        ["convert", "results.json", "--from", "coco-results", "--labels", TinySet.labels, "--to", "coco"]
      ),
    ] {
      let pipe = try folder.file(name)
      #expect(mkfifo(pipe, 0o600) == 0)
      let outcome = try Program(named: "annotation-tool").run(
        arguments + (arguments[0] == "convert" ? ["--output", "out.json"] : []), currentDirectory: folder.path)
      #expect(outcome.exitCode == 1)
      #expect((outcome.standardOutput + outcome.standardError).contains("\(name): is not a regular file"))
    }
  }

  /// A PNG file of one row less than any, with another size in its header.
  private static func png(side: Int) -> [UInt8] {
    var bytes = RawPNG.bytes(width: 1, depth: 8, .grey, rows: [[0]])
    let size = [24, 16, 8, 0].map { UInt8(side >> $0 & 255) }
    bytes.replaceSubrange(16..<24, with: size + size)
    bytes.replaceSubrange(29..<33, with: crc(bytes[12..<29]))
    return bytes
  }

  private static func crc(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return [24, 16, 8, 0].map { UInt8(~crc >> $0 & 255) }
  }

  /// A JPEG file of the tiny set with another size and kind in its frame header, cut off in its first scan.
  private static func jpeg(side: Int, marker: UInt8) throws -> [UInt8] {
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: TinySet.images + "/000001.jpg")))
    var place = 2
    while bytes[place + 1] != 0xDA {
      if bytes[place + 1] == 0xC0 {
        bytes[place + 1] = marker
        let size = [UInt8(side >> 8), UInt8(side & 255)]
        bytes.replaceSubrange(place + 5..<place + 9, with: size + size)
      }
      place += 2 + Int(bytes[place + 2]) << 8 + Int(bytes[place + 3])
    }
    let scan = place + 2 + Int(bytes[place + 2]) << 8 + Int(bytes[place + 3])
    if marker == 0xC2 { bytes.replaceSubrange(scan - 3..<scan, with: [0, 0, 0]) }
    return Array(bytes.prefix(scan)) + [UInt8](repeating: 0, count: 50)
  }
}
