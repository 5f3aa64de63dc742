import Documents
import Foundation
import Imaging
import TestSupport
import Testing

/// Labels that are JSON as it should be, and ask for what nobody has: each verb says so and leaves nothing behind.
@Suite struct HostileWritingTests {
  private let tool = Program(named: "annotation-tool")
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func coco(file: String = "a.png", size: Int = 9, image: String = "", _ annotations: String = "") throws
    -> String
  {
    try folder.write(
      #"{"images":[{"id":1,"file_name":"\#(file)","height":\#(size),"width":\#(size)\#(image)}],"#
        + #""categories":[{"id":1,"name":"a"}],"annotations":[\#(annotations)]}"#, to: "labels.json")
  }

  private func object(_ segmentation: String) -> String {
    #"{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,8,8],"segmentation":\#(segmentation)}"#
  }

  private func fails(_ arguments: [String], says: String) throws {
    let outcome = try tool.run(arguments, environment: ["SWIFT_BACKTRACE": "enable=no"])
    #expect(outcome.exitCode == 1, "\(outcome)")
    let last = outcome.standardError.split(separator: "\n").last.map(String.init) ?? ""
    #expect(last.hasPrefix("error: ") && outcome.standardError.contains(says), "\(last.prefix(500))")
  }

  @Test("a name of a hundred thousand folders is refused")
  func deepName() throws {
    let labels = try coco(file: String(repeating: "a/", count: 100_000) + "f.png")
    try fails(
      ["convert", labels, "--to", "yolo", "--output", folder.path + "/out", "--allow-lossy"], says: "cannot create")
  }

  @Test("a slash before a combining character leads out as any other")
  func combiningSlash() throws {
    let labels = try coco(file: "a/../../\u{301}x/../../\u{301}y/f.png")
    try fails(
      ["convert", labels, "--to", "yolo", "--output", folder.path + "/sub/deep/out", "--allow-lossy"],
      says: "leads out of the image folder")
    #expect(!Folder.exists(folder.path + "/sub"))
  }

  @Test("two names of one file are one image that is there twice")
  func twoNames() throws {
    let labels = try folder.write(
      #"{"images":[{"id":1,"file_name":"a.jpg","height":9,"width":9},{"id":2,"file_name":"s/.././a.jpg","height":9,"width":9}],"#
        + #""categories":[],"annotations":[]}"#, to: "labels.json")
    for form in ["labelme", "yolo", "voc"] {
      try fails(
        ["convert", labels, "--to", form, "--output", folder.path + "/out", "--allow-lossy"],
        says: "the file s/.././a.jpg occurs before")
      #expect(!Folder.exists(folder.path + "/out"))
    }
  }

  @Test("an image of ten thousand million pixels has boxes to draw, and no masks")
  func hugeImage() throws {
    try ImageFile.write(Image(height: 20, width: 20, color: .white), to: folder.file("a.png"))
    let labels = try coco(size: 100_000, object("[[0,0,10,0,10,10]]"))
    let outcome = try tool.run(["draw", labels, "--output", folder.path + "/out"])
    #expect(outcome.exitCode == 0, "\(outcome)")
    #expect(try Folder.names(in: folder.path + "/out").count == 1)
  }

  @Test("a label map of more pixels than are decoded is not put together")
  func hugeLabelMap() throws {
    let labels = try coco(size: 1 << 24, object("[[0,0,10,0,10,10]]"))
    try fails(
      ["stats", labels, "--label-maps"], says: "a.png: is 16777216×16777216, and a label map can have 178956970")
  }

  @Test("pixels of an object whose area is no number are not counted")
  func noArea() throws {
    _ = try folder.write(
      #"{"imagePath":"a.png","imageHeight":9,"imageWidth":9,"shapes":["#
        + #"{"label":"x","points":[[1e200,1e200],[1e200,1.1e200],[1.2e200,1.3e200]],"shape_type":"polygon"},"#
        + #"{"label":"y","points":[[1,1],[5,1],[5,5]],"shape_type":"polygon"}]}"#, to: "set/a.json")
    let outcome = try tool.run([
      "filter", folder.path + "/set", "--classes", "y", "--gone-pixels", "ignored", "--to", "coco", "--output",
      folder.path + "/out.json", "--allow-lossy",
    ])
    #expect(outcome.exitCode == 0 && outcome.standardOutput.contains("their 0 pixels are ignored now"), "\(outcome)")
  }

  @Test("without a class that is left there is no table")
  func nothingLeft() throws {
    let labels = try coco(object("[[0,0,5,0,5,5]]"))
    try fails(
      ["stats", labels, "--label-maps", "--ignore-id", "0", "--ignore-id", "1"], says: "every class is ignored")
  }

  @Test("where a size is not known, no folder is made that the next attempt stumbles over")
  func noSize() throws {
    let labels = try folder.write(
      #"{"images":[{"id":1,"file_name":"a.png"}],"categories":[],"annotations":[]}"#, to: "labels.json")
    for form in ["masks", "voc-masks"] {
      let command = ["convert", labels, "--to", form, "--output", folder.path + "/out", "--allow-lossy"]
      try fails(command, says: "a.png: its size is not known")
      #expect(!Folder.exists(folder.path + "/out"))
    }
  }

  @Test("ignored pixels of another size are a problem and a loss")
  func ignoredOfAnotherSize() throws {
    let labels = try coco(image: #","ignored_segmentation":{"size":[5,5],"counts":[0,25]}"#, object("[[0,0,5,0,5,5]]"))
    let says = "ignored pixels of a.png: segmentation: the mask is 5×5, the image 9×9"
    let checked = try tool.run(["validate", labels])
    #expect(checked.exitCode == 1 && checked.standardOutput.contains(says), "\(checked)")
    let written = try tool.run(["convert", labels, "--to", "masks", "--output", folder.path + "/out", "--dry-run"])
    #expect(written.exitCode == 0 && written.standardError.contains(says), "\(written)")
  }
}
