import Documents
import Foundation
import TestSupport
import Testing

/// A file of 24 MB made to take as much memory as it can, with the files it needs beside it.
struct GreedyFile: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let name: String
  let text: String
  /// What stands beside it.
  var others: [String: String] = [:]
  /// The command line of `annotation-tool` after the folder, which `@` stands for.
  let command: [String]
  /// What must be said.
  let says: String

  /// A unit again and again, 24 MB in all.
  static func many(_ unit: String, _ separator: String) -> String {
    Array(repeating: unit, count: 24_000_000 / (unit.utf8.count + separator.utf8.count)).joined(separator: separator)
  }

  /// A COCO file with a key of this value, and an error behind it.
  static func coco(_ description: String, _ value: String) -> GreedyFile {
    GreedyFile(
      testDescription: description, name: "a.json", text: "{\"info\":\(value),\"images\":[{\"id\":\"1\"}]}",
      command: ["validate", "@/a.json"], says: "images[0].id: is the string \"1\"")
  }
}

/// Memory grows with a file's size and not with the number of things in it: each file of 24 MB is read in a constant and eight times
/// its size; trees of its values would take up to sixty times.
@Suite struct HostileMemoryTests {
  private static let set =
    #"{"images":[{"id":1,"file_name":"a.png","width":9,"height":9}],"annotations":[],"categories":[]}"#
  private static let yolo = ["set/images/a.png": "", "set/labels/a.txt": ""]

  static let files: [GreedyFile] = [
    .coco("JSON of numbers", "[\(GreedyFile.many("1", ","))]"),
    .coco(
      "JSON of arrays in arrays",
      "[\(GreedyFile.many(String(repeating: "[", count: 12) + "1" + String(repeating: "]", count: 12), ","))]"),
    .coco("JSON of objects in objects", "[\(GreedyFile.many(#"{"":{"":{"":{"":{"":1}}}}}"#, ","))]"),
    .coco("JSON of texts with escapes", "[\(GreedyFile.many(#"["\n"]"#, ","))]"),
    .coco("JSON of arrays beside a letter beyond ASCII", "[\(GreedyFile.many("[1]", ",")),\"é\"]"),
    GreedyFile(
      testDescription: "lines of YAML", name: "set/data.yaml", text: "names:\n" + GreedyFile.many("- a", "\n"),
      others: yolo, command: ["validate", "@/set", "--from", "yolo"], says: "data.yaml:1: has more than 100000 items"),
    GreedyFile(
      testDescription: "a list of YAML", name: "set/data.yaml", text: "names: [\(GreedyFile.many("a", ","))]",
      others: yolo, command: ["validate", "@/set", "--from", "yolo"], says: "data.yaml:1: has more than 100000 items"),
    GreedyFile(
      testDescription: "names of classes", name: "set/classes.txt", text: GreedyFile.many("a", "\n"),
      others: ["set/a.png": "", "set/a.txt": ""], command: ["validate", "@/set", "--from", "yolo-darknet"],
      says: "classes.txt: has more than 100000 lines"),
    GreedyFile(
      testDescription: "a list of images", name: "list.txt", text: GreedyFile.many("none.png", "\n"),
      others: ["a.json": set],
      command: ["convert", "@/a.json", "--list", "@/list.txt", "--to", "coco", "--output", "@/out.json"],
      says: "none.png and 2666646 more"),
    GreedyFile(
      testDescription: "a row of commas", name: "map.csv", text: GreedyFile.many("", ","), others: ["a.json": set],
      command: ["remap", "@/a.json", "--mapping", "@/map.csv", "--output", "@/out.json"],
      says: "line 1: the row has more than 10000 cells"),
    GreedyFile(
      testDescription: "comments of XML", name: "a.xml",
      text: "<annotations><image>" + GreedyFile.many("<!---->", "") + "</image></annotations>",
      command: ["validate", "@/a.xml", "--from", "cvat"], says: "error bad-value ×1"),
  ]

  private static let lookups: [GreedyFile] = [
    GreedyFile(
      testDescription: "elements of one name", name: "a.xml",
      text: "<annotations><meta>\(String(repeating: "<x>1</x>", count: 100_000))</meta></annotations>",
      command: ["validate", "@/a.xml", "--from", "cvat"], says: "0 images, 0 objects, 0 classes"),
    GreedyFile(
      testDescription: "attributes", name: "a.xml",
      text: "<annotations \((0..<100_000).map { "a\($0)=\"\"" }.joined(separator: " "))/>",
      command: ["validate", "@/a.xml", "--from", "cvat"], says: "a.xml:1: has an element with more than 1000 attributes"
    ),
    GreedyFile(
      testDescription: "flags of LabelMe", name: "set/a.json",
      text: "{\"shapes\":[{\"label\":\"a\",\"points\":[[1,1],[2,2]],\"shape_type\":\"rectangle\",\"flags\":{"
        + (0..<100_000).map { "\"\($0)\":true" }.joined(separator: ",")
        + "}}],\"imagePath\":\"a.png\",\"imageHeight\":9,\"imageWidth\":9}",
      command: ["validate", "@/set", "--from", "labelme"], says: "1 images, 1 objects, 1 classes"),
  ]

  @Test("24 MB take a constant and eight times their size", arguments: files)
  func memory(_ file: GreedyFile) throws {
    let outcome = try run(file, kibibytes: 500_000 + 8 * 24_000, seconds: 60)
    #expect(outcome.exitCode == 1)
  }

  @Test("a hundred thousand of what is looked up by its name take no time by their square", arguments: lookups)
  func time(_ file: GreedyFile) throws { _ = try run(file, kibibytes: 700_000, seconds: 5) }

  /// Runs the command, which must say what it must.
  private func run(_ file: GreedyFile, kibibytes: Int, seconds: Int) throws -> Program.Outcome {
    let folder = try ScratchFolder()
    for (name, text) in file.others { _ = try folder.write(text, to: name) }
    _ = try folder.write(file.text, to: file.name)
    let command = file.command.map { $0.replacing("@", with: folder.path) }
    let outcome = try Program(named: "annotation-tool").run(command, kibibytes: kibibytes, seconds: seconds)
    let said = outcome.standardOutput + outcome.standardError
    #expect(said.contains(file.says), "\(said.suffix(2000))")
    return outcome
  }
}
