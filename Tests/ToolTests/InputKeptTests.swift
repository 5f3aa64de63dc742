import Documents
import Foundation
import TestSupport
import Testing

@Suite("annotation-tool never changes what it reads")
struct InputKeptTests {
  private let tool = Program(named: "annotation-tool")
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    for name in ["images", "coco.json", "results.json", "voc"] {
      try FileManager.default.copyItem(atPath: TinySet.folder + "/" + name, toPath: folder.path + "/" + name)
    }
    for name in ["images", "masks", "classes.txt"] {
      try FileManager.default.copyItem(atPath: TinySet.folder + "/" + name, toPath: folder.file("mf/" + name))
    }
    try folder.link("images", at: "link")
    _ = try folder.write("disc = ball\n", to: "map.txt")
    _ = try folder.write("000001\n", to: "list.txt")
    let split = try tool.run([
      "split", folder.path + "/coco.json", "--labeled-fraction", "1/2", "--output", folder.path + "/split",
    ])
    #expect(split.exitCode == 0, "\(split)")
  }

  /// The digests of all files.
  private func contents() throws -> [String: String] {
    var digests: [String: String] = [:]
    for name in try Folder.filesBelow(folder.path) {
      digests[name] = try SHA256.hexDigest(ofFile: folder.path + "/" + name)
    }
    return digests
  }

  @Test(
    "an output that would write over input is refused in one line, also with --force",
    arguments: [
      ("draw @/coco.json --output @/images", "@/images: is the folder of the images, which are never changed"),
      ("draw @/coco.json --output @/link", "@/link: is the folder of the images, which are never changed"),
      ("draw @/mf --output @/voc/../mf/images", "is the folder of the images, which are never changed"),
      ("draw @/coco.json --output @/images/000001.jpg", "@/images/000001.jpg: was read, and is never changed"),
      ("stats @/coco.json --html @/images/000001.jpg", "@/images/000001.jpg: was read, and is never changed"),
      ("dedupe @/coco.json --output @/images/000001.jpg", "@/images/000001.jpg: was read, and is never changed"),
      (
        "filter @/voc/Annotations --classes disc --output @/voc --allow-lossy", "@/voc/Annotations/000001.xml: was read"
      ),
      ("sample @/voc --count 2 --output @/voc", "@/voc: is the source itself, which is never changed"),
      ("convert @/mf/masks --images @/mf/images --to masks --output @/mf", "@/mf/masks/000001.png: was read"),
      ("convert @/mf --to coco --output @/mf/masks/000001.png", "@/mf/masks/000001.png: was read"),
      ("convert @/mf --to coco --output @/mf/classes.txt", "@/mf/classes.txt: was read, and is never changed"),
      ("convert @/results.json --labels @/coco.json --to coco --output @/coco.json", "@/coco.json: was read"),
      ("convert @/coco.json --list @/list.txt --to coco --output @/list.txt", "@/list.txt: was read"),
      ("remap @/coco.json --mapping @/map.txt --output @/map.txt", "@/map.txt: was read, and is never changed"),
      (
        "merge @/coco.json @/voc --to coco --on-conflict first --output @/link/000002.jpg",
        "was read as @/images/000002"
      ),
      (
        "split @/split/fold-1/labeled.json --images @/images --labeled-fraction 1/2 --output @/split",
        "@/split/fold-1/labeled.json: was read"
      ),
      ("verify @/coco.json --write @/images/000001.jpg --root @", "@/images/000001.jpg: was read"),
      ("verify @/images --write @/images/000001.jpg", "@/images/000001.jpg: was read"),
    ])
  func refused(command: String, message: String) throws {
    let before = try contents()
    let arguments = command.replacing("@", with: folder.path).split(separator: " ").map(String.init)
    let outcome = try tool.run(arguments + ["--force"])
    #expect(outcome.exitCode == 1, "\(outcome)")
    let lines = outcome.standardError.split(separator: "\n").filter { !$0.hasPrefix("note: ") }
    let line = String(lines.first ?? "")
    #expect(lines.count == 1 && line.hasPrefix("error: "), "\(outcome)")
    #expect(line.contains(message.replacing("@", with: folder.path)), "\(outcome)")
    #expect(try contents() == before)
  }

  @Test("what leaves the input as it is may be written beside it")
  func allowed() throws {
    let before = try contents()
    for (form, place) in [("yolo", ""), ("labelme", "/images")] {
      let outcome = try tool.run([
        "convert", folder.path + "/coco.json", "--to", form, "--output", folder.path + place, "--allow-lossy",
        "--force",
      ])
      #expect(outcome.exitCode == 0, "\(outcome)")
    }
    let page = ["stats", folder.path + "/mf", "--html", folder.path + "/mf/stats.html", "--force"]
    for _ in 0..<2 { #expect(try tool.run(page).exitCode == 0) }
    let after = try contents()
    #expect(before.allSatisfy { after[$0.key] == $0.value })
  }
}
