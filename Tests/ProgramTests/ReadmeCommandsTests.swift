import Documents
import Foundation
import Imaging
import TestSupport
import Testing

/// The README's way from photographs with labels to a trained detector, as it is written there.
@Suite("the README's three commands", .serialized)
struct ReadmeCommandsTests {
  /// Whose labels.
  enum Form: String, CaseIterable, Sendable {
    case coco = "labels.json"
    case voc = "VOC"
  }

  private static let photographs = 15
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Boxes in pixels, by class, of a photograph that is made.
  private typealias Objects = [(name: String, x: Int, y: Int, width: Int, height: Int)]

  /// JPEG files as cameras name them, wide and high ones, with bright cars and dark people on a sky above a meadow.
  private func takePhotographs(to images: String) throws -> [(name: String, height: Int, width: Int, objects: Objects)]
  {
    try (0..<Self.photographs).map { number in
      let (height, width) = number % 3 == 0 ? (160, 120) : (120, 160)
      var image = Image(height: height, width: width, channels: 3, fill: 0)
      for y in 0..<height {
        for x in 0..<width {
          let grain = (x * 7 + y * 13 + number * 5) % 17
          let sky = y < height / 2
          image[y, x, 0] = UInt8((sky ? 110 : 70) + grain)
          image[y, x, 1] = UInt8((sky ? 150 : 120) + grain)
          image[y, x, 2] = UInt8((sky ? 210 : 60) + grain)
        }
      }
      let objects: Objects = [
        ("car", 10 + number, height / 2, 40, 24), ("person", width - 40, 30 + number, 18, 44),
      ]
      for object in objects {
        for y in object.y..<object.y + object.height {
          for x in object.x..<object.x + object.width {
            for channel in 0..<3 { image[y, x, channel] = object.name == "car" ? 230 : 25 }
          }
        }
      }
      let name = "IMG_\(2040 + number).JPG"
      try AtomicFile.write(ImageFile.encodeJPEG(image, quality: 90), to: try folder.file("\(images)/\(name)"))
      return (name, height, width, objects)
    }
  }

  private func writeCOCO() throws {
    let taken = try takePhotographs(to: "photos")
    let images = taken.enumerated().map { number, image in
      #"{"id": \#(number + 1), "file_name": "\#(image.name)", "height": \#(image.height), "width": \#(image.width)}"#
    }
    let objects = taken.enumerated().flatMap { number, image in
      image.objects.enumerated().map { place, object in
        #"{"id": \#(10 * number + place + 1), "image_id": \#(number + 1), "category_id": \#(object.name == "car" ? 1 : 2), "#
          + #""bbox": [\#(object.x), \#(object.y), \#(object.width), \#(object.height)], "#
          + #""area": \#(object.width * object.height), "iscrowd": 0}"#
      }
    }
    _ = try folder.write(
      """
      {"images": [\(images.joined(separator: ",\n"))], "annotations": [\(objects.joined(separator: ",\n"))],
       "categories": [{"id": 1, "name": "car"}, {"id": 2, "name": "person"}]}
      """, to: "labels.json")
  }

  private func writeVOC() throws {
    for image in try takePhotographs(to: "VOC/JPEGImages") {
      let objects = image.objects.map { object in
        """
          <object><name>\(object.name)</name><difficult>0</difficult><bndbox><xmin>\(object.x + 1)</xmin>\
        <ymin>\(object.y + 1)</ymin><xmax>\(object.x + object.width)</xmax><ymax>\(object.y + object.height)</ymax>\
        </bndbox></object>
        """
      }
      _ = try folder.write(
        """
        <annotation>
          <filename>\(image.name)</filename>
          <size><width>\(image.width)</width><height>\(image.height)</height><depth>3</depth></size>
        \(objects.joined(separator: "\n"))
        </annotation>
        """, to: "VOC/Annotations/\(Path.stem(of: image.name)).xml")
    }
  }

  /// The block of commands in the README that begins with the check of these labels.
  private func commands(_ form: Form) throws -> String {
    let file = Path.join(Path.folder(of: Path.folder(of: Path.folder(of: #filePath))), "README.md")
    let blocks = try String(contentsOfFile: file, encoding: .utf8).components(separatedBy: "```")
    let block = blocks.first { $0.hasPrefix("sh\nannotation-tool validate \(form.rawValue) ") }
    return String(try #require(block, "\(file) has no such block").dropFirst("sh\n".count))
  }

  @Test("they check, split and train, and leave a run with its figures", arguments: Form.allCases)
  func run(form: Form) throws {
    switch form {
    case .coco: try writeCOCO()
    case .voc: try writeVOC()
    }
    let written = try commands(form)
    let starts = written.split(separator: "\n").filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != " " } }
    #expect(starts == ["annotation-tool", "annotation-tool", "detect-train"])
    // As written, but for the length of the run and the size of its network.
    let small = TinyTraining.settings.filter { !$0.hasPrefix("method.") }.map { " --set '\($0)'" }.joined()
    let short = written.replacing("--output runs/mine", with: "--output runs/mine --steps 6 --threads 1\(small)")
    try #require(short != written)
    let build = Path.folder(of: TinyTraining.program.path)
    let outcome = try Program(path: "/bin/bash").run(
      ["-ec", "PATH=\(build):$PATH\n" + short], currentDirectory: folder.path)
    try #require(outcome.exitCode == 0, "\(outcome.standardOutput)\(outcome.standardError)")

    let run = folder.path + "/runs/mine"
    for file in ["settings.yaml", "report.html", "metrics.csv", "checkpoints/best.safetensors"] {
      #expect(Folder.hasFile(run + "/" + file), "\(file)")
    }
    let summary = try JSON(contentsOf: run + "/summary.json")
    #expect(summary["method"] == "supervised" && summary["steps"] == 6 && summary["imagesSeen"] == 12)
    #expect(summary["selectedBy"] == "validation.student.AP")
    let figures = try #require(summary["metrics"]?["validation"]?["student"])
    #expect(figures["AP"]?.double.map { (0...1).contains($0) } == true)
    #expect(figures["classes"]?.object?.keys.sorted() == ["car", "person"])
    #expect(summary["split"]?["fraction"] == 0.8 && summary["split"]?["fold"] == 1)
    #expect(summary["split"]?["hashesContents"] == true)
    let data = try JSON(contentsOf: run + "/data.json")
    #expect(data["labeled"]?["images"] == 12 && data["validation"]?["images"] == 3)
    #expect(
      outcome.standardError.contains("labeled: 12 images; objects: car 12, person 12"), "\(outcome.standardError)")
    #expect(try JSON(contentsOf: run + "/skipped.json") == [])
    #expect(outcome.standardOutput.contains("run folder: runs/mine"))
  }
}
