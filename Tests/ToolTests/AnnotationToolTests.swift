import Annotations
import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct AnnotationToolTests {
  private let tool = Program(named: "annotation-tool")

  /// A COCO file with two images on disk, one object each, and a folder for what is written.
  private struct Scene {
    let folder: ScratchFolder
    let coco: String
    var out: String { folder.path + "/out" }

    init(boxes: [String] = ["[1, 2, 3, 4]", "[0, 0, 10, 5]"], extra: String = "") throws {
      folder = try ScratchFolder()
      for (index, name) in ["a.png", "b.jpg"].enumerated() {
        try ImageFile.write(
          Image(height: 20, width: 30, color: RGB(UInt8(40 + index * 90), 90, 120)), to: folder.file("images/\(name)"))
      }
      coco = try folder.write(
        """
        {"images":[{"id":1,"file_name":"a.png","height":20,"width":30},{"id":2,"file_name":"b.jpg","height":20,"width":30}],
        "categories":[{"id":1,"name":"cat"},{"id":2,"name":"dog"}],"annotations":[
        {"id":1,"image_id":1,"category_id":1,"bbox":\(boxes[0]),"iscrowd":0},
        {"id":2,"image_id":2,"category_id":2,"bbox":\(boxes[1]),"iscrowd":0}\(extra)]}
        """, to: "coco.json")
    }
  }

  private func bytes(_ path: String) throws -> String { try SHA256.hexDigest(ofFile: path) }

  @Test("COCO to VOC to VOC JSON to COCO keeps every box, and the same input gives the same bytes")
  func conversions() throws {
    let scene = try Scene()
    let before = try bytes(scene.coco)
    let steps = [
      ("voc", scene.coco, "/1"), ("voc-json", scene.out + "/1", "/2.json"), ("coco", scene.out + "/2.json", "/3.json"),
    ]
    for (format, input, output) in steps {
      let outcome = try tool.run(
        ["convert", input, "--to", format, "--output", scene.out + output, "--images", scene.folder.path + "/images"])
      #expect(outcome.exitCode == 0, "\(outcome.standardError)")
      #expect(outcome.standardOutput.hasPrefix("\(scene.out + output): 2 images, 2 objects, 2 classes\n"))
    }
    let first = try AnnotationSource.inspect(scene.coco).set
    let last = try AnnotationSource.inspect(scene.out + "/3.json").set
    #expect(last.objects.map(\.box) == first.objects.map(\.box))
    #expect(last.images == first.images)
    #expect(last.categories == first.categories)
    #expect(try bytes(scene.coco) == before)
    let again = scene.out + "/again.json"
    _ = try tool.run(["convert", scene.out + "/2.json", "--to", "coco", "--output", again])
    #expect(try bytes(again) == bytes(scene.out + "/3.json"))
  }

  @Test("a conversion that would lose something is refused and says what; --allow-lossy writes it")
  func losses() throws {
    let scene = try Scene(boxes: ["[1.25, 2, 3, 4]", "[0, 0, 10, 5]"])
    let arguments = ["convert", scene.coco, "--to", "voc-json", "--output", scene.out + ".json"]
    let refused = try tool.run(arguments)
    #expect(refused.exitCode == 1)
    #expect(refused.standardError.contains("rounds-box ×1"))
    #expect(refused.standardError.contains("error: \(scene.coco): voc-json cannot hold all of it"))
    #expect(!Folder.hasAnything(at: scene.out + ".json"))
    let dry = try tool.run(arguments + ["--dry-run", "--json"])
    #expect(dry.exitCode == 0)
    let report = try JSON(parsing: dry.standardOutput, file: "report")
    #expect(report["refused"] == true)
    #expect(report["written"] == false)
    #expect(report["losses"]?.array?.first?["code"] == "rounds-box")
    #expect(!Folder.hasAnything(at: scene.out + ".json"))
    #expect(try tool.run(arguments + ["--allow-lossy"]).exitCode == 0)
    #expect(
      try AnnotationSource.inspect(scene.out + ".json").set.objects[0].box == Box(x: 1, y: 2, width: 3, height: 4))
  }

  @Test("nothing is written over without --force, and the source never")
  func overwriting() throws {
    let scene = try Scene()
    let existing = try scene.folder.write("mine", to: "existing.json")
    let refused = try tool.run(["convert", scene.coco, "--to", "coco", "--output", existing])
    #expect(refused.exitCode == 1)
    #expect(refused.standardError == "error: \(existing): exists; --force writes over it\n")
    #expect(try String(contentsOfFile: existing, encoding: .utf8) == "mine")
    #expect(try tool.run(["convert", scene.coco, "--to", "coco", "--output", existing, "--force"]).exitCode == 0)
    let own = try tool.run(["convert", scene.coco, "--to", "coco", "--output", scene.coco, "--force"])
    #expect(own.exitCode == 1)
    #expect(own.standardError == "error: \(scene.coco): is the source itself, which is never changed\n")
  }

  @Test("a write that the system refuses half-way is one line and leaves the old file")
  func fullDisk() throws {
    let scene = try Scene(
      extra: (3...3000).map { ",\n{\"id\":\($0),\"image_id\":1,\"category_id\":1,\"bbox\":[1,2,3,4]}" }.joined())
    let target = try scene.folder.write("old", to: "out.json")
    // A limit on the size of files stands in for a full disk; the signal that comes with it is ignored.
    let command = "trap '' XFSZ; ulimit -f 8; exec \"$0\" convert \"$1\" --to coco --output \"$2\" --force"
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command, tool.path, scene.coco, target]
    process.standardError = pipe
    try process.run()
    let message = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(message == "error: \(target): cannot write: File too large\n")
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "old")
    #expect(try Folder.names(in: scene.folder.path) == ["coco.json", "images", "out.json"])
  }

  @Test("valid labels are valid; each fault is named and gives exit code 1")
  func validation() throws {
    let good = try Scene()
    let outcome = try tool.run(["validate", good.coco, "--decode"])
    #expect(outcome.exitCode == 0)
    #expect(outcome.standardOutput.contains("no problems found"))
    let bad = try Scene(
      boxes: ["[1, 2, 0, 4]", "[50, 0, 10, 5]"], extra: #",{"id":2,"image_id":9,"category_id":8,"bbox":[1,2,3,4]}"#)
    try FileManager.default.removeItem(atPath: bad.folder.path + "/images/b.jpg")
    let report = try tool.run(["validate", bad.coco, "--images", bad.folder.path + "/images", "--json"])
    #expect(report.exitCode == 1)
    let json = try JSON(parsing: report.standardOutput, file: "report")
    let codes = json["problems"]?.array?.compactMap { $0["code"]?.string } ?? []
    #expect(
      Set(codes) == [
        "duplicate-object-id", "unknown-image", "unknown-category", "missing-image", "zero-area", "outside-image",
      ])
    #expect(json["errors"] == 4)
    #expect(report.standardError == "error: \(bad.coco): 4 errors\n")
  }

  @Test("--strict also refuses objects that training would leave out")
  func strict() throws {
    let scene = try Scene(boxes: ["[1, 2, 0, 4]", "[0, 0, 10, 5]"])
    #expect(try tool.run(["validate", scene.coco]).exitCode == 0)
    #expect(try tool.run(["validate", scene.coco, "--strict"]).exitCode == 1)
  }

  @Test("truncated pictures and wrong sizes are found, the first only by --decode")
  func images() throws {
    let scene = try Scene()
    let picture = scene.folder.path + "/images/b.jpg"
    let whole = try MappedFile(path: picture).withBytes { Array($0) }
    try AtomicFile.write(whole.prefix(whole.count - whole.count / 4), to: picture)
    try ImageFile.write(Image(height: 30, width: 20, color: RGB(1, 2, 3)), to: scene.folder.path + "/images/a.png")
    let shallow = try tool.run(["validate", scene.coco])
    #expect(shallow.standardOutput.contains("error size-mismatch ×1"))
    #expect(shallow.standardOutput.contains("is 20×30, the labels say 30×20"))
    let deep = try tool.run(["validate", scene.coco, "--decode"])
    #expect(deep.standardOutput.contains("error unreadable-image ×1"))
    #expect(deep.exitCode == 1)
  }

  @Test("a split names every image once, hides the labels of the unlabelled part, and its digests are right")
  func split() throws {
    let scene = try Scene()
    let arguments = ["split", scene.coco, "--labeled-fraction", "0.5", "--folds", "2", "--seed", "7", "--output"]
    for name in ["/s1", "/s2"] { #expect(try tool.run(arguments + [scene.out + name]).exitCode == 0) }
    let manifest = try JSON(contentsOf: scene.out + "/s1/split.json")
    for file in manifest["files"]?.array ?? [] {
      let path = scene.out + "/s1/" + (file["file"]?.string ?? "")
      #expect(file["sha256"]?.string == (try bytes(path)))
      #expect(try bytes(path) == bytes(path.replacing("/s1/", with: "/s2/")))
    }
    for fold in ["fold-1", "fold-2"] {
      let names = try ["labeled", "unlabeled"].flatMap { try ImageList.read("\(scene.out)/s1/\(fold)/\($0).txt").names }
      #expect(names.sorted() == ["a.png", "b.jpg"])
      #expect(try AnnotationSource.inspect("\(scene.out)/s1/\(fold)/labeled.json").set.objects.count == 1)
      #expect(try AnnotationSource.inspect("\(scene.out)/s1/\(fold)/unlabeled.json").set.objects.isEmpty)
    }
  }

  @Test("pictures and a contact sheet are drawn with the boxes in them")
  func draw() throws {
    let scene = try Scene()
    #expect(try tool.run(["draw", scene.coco, "--output", scene.out]).exitCode == 0)
    #expect(try Folder.names(in: scene.out) == ["a.jpg", "b.jpg"])
    let plain = try ImageFile.read(scene.folder.path + "/images/b.jpg")
    #expect(try ImageFile.read(scene.out + "/b.jpg") != plain)
    let sheet = scene.folder.path + "/sheet.png"
    #expect(try tool.run(["draw", scene.coco, "--output", sheet, "--contact-sheet"]).exitCode == 0)
    #expect(try ImageFile.size(sheet).width == 640)
  }

  @Test("counts are given as text and as JSON")
  func stats() throws {
    let scene = try Scene()
    #expect(try tool.run(["stats", scene.coco]).standardOutput.contains("  cat  1 objects in 1 images"))
    let json = try JSON(parsing: try tool.run(["stats", scene.coco, "--json"]).standardOutput, file: "stats")
    #expect(json["objects"] == 2)
  }

  @Test(
    "a wrong command line ends with 64, wrong input with 1 and one error line",
    arguments: [
      (["convert"], 64, "Error: Missing"),
      (["convert", "x", "--to", "nonsense", "--output", "y"], 64, "Error: The value 'nonsense'"),
      (["split", "x", "--labeled-fraction", "2", "--output", "y"], 64, "Error: --labeled-fraction is 2.0"),
      (["nonsense"], 64, "Error: "),
      (["stats", "/nonexistent.json"], 1, "error: /nonexistent.json: cannot read: No such file or directory\n"),
      (["stats", "/dev/null"], 1, "error: /dev/null: is not a regular file\n"),
    ] as [([String], Int32, String)])
  func exitCodes(arguments: [String], code: Int32, message: String) throws {
    let outcome = try tool.run(arguments)
    #expect(outcome.exitCode == code)
    #expect(outcome.standardError.hasPrefix(message), "\(outcome.standardError)")
  }

  @Test("every form is listed")
  func formats() throws {
    let listed = try tool.run(["formats"]).standardOutput.split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(listed.map(String.init) == ["name"] + AnnotationFormat.allCases.map(\.rawValue))
    let json = try JSON(parsing: tool.run(["formats", "--json"]).standardOutput, file: "formats")
    #expect(json.array?.map { $0["name"]?.string } == AnnotationFormat.allCases.map(\.rawValue))
    #expect(json.array?.first?["holds"] == ["boxes", "polygons", "masks"])
  }
}
