import Annotations
import Documents
import Imaging
import TestSupport
import Testing

/// `annotation-tool convert` between all forms, as a program.
@Suite struct ConvertTests {
  private let tool = Program(named: "annotation-tool")

  /// Labels of two pictures of 30×20 pixels: a box, a group, and a picture without objects.
  private func scene() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for name in ["a.png", "b.png"] {
      try ImageFile.write(Image(height: 20, width: 30, color: RGB(40, 90, 120)), to: folder.file("images/\(name)"))
    }
    _ = try folder.write(
      """
      {"images":[{"id":1,"file_name":"a.png","height":20,"width":30},{"id":2,"file_name":"b.png","height":20,"width":30}],
      "categories":[{"id":1,"name":"cat"},{"id":2,"name":"dog"}],"annotations":[
      {"id":1,"image_id":1,"category_id":2,"bbox":[1.25,2,3.5,4],"area":14,"iscrowd":0},
      {"id":2,"image_id":1,"category_id":1,"bbox":[0,0,30,20],"area":600,"iscrowd":1}]}
      """, to: "coco.json")
    return folder
  }

  @Test("COCO to YOLO, Create ML and back keeps boxes, names and pictures; the report names the images of groups")
  func roundTrips() throws {
    let folder = try scene()
    let before = try SHA256.hexDigest(ofFile: folder.path + "/coco.json")
    for (form, place) in [("yolo", "/y"), ("yolo-polygons", "/p"), ("yolo-darknet", "/d"), ("createml", "/c.json")] {
      let out = folder.path + place
      let refused = try tool.run(["convert", folder.path + "/coco.json", "--to", form, "--output", out])
      #expect(refused.exitCode == 1)
      #expect(
        refused.standardError.contains(
          "drops-crowds ×1: groups have no place and are left out (object 2 in a.png); images: a.png"))
      #expect(!Folder.hasAnything(at: out))
      let written = try tool.run(
        ["convert", folder.path + "/coco.json", "--to", form, "--output", out, "--allow-lossy", "--json"])
      #expect(written.exitCode == 0, "\(written.standardError)")
      let losses = try JSON(parsing: written.standardOutput, file: "report")["losses"]?.array ?? []
      #expect(losses.first { $0["code"] == "drops-crowds" }?["images"] == ["a.png"])
      let back = folder.path + place + "-back.json"
      let read = try tool.run(
        ["convert", out, "--to", "coco", "--output", back, "--images", folder.path + "/images", "--allow-lossy"])
      #expect(read.exitCode == 0, "\(read.standardError)")
      let set = try AnnotationSource.inspect(back).set
      #expect(set.images.map(\.fileName) == ["a.png", "b.png"])
      #expect(set.images.map(\.width) == [30, 30])
      #expect(set.objects.map(\.box) == [Box(x0: 1.25, y0: 2, x1: 4.75, y1: 6)])
      #expect(set.categories.first { $0.id == set.objects[0].categoryID }?.name == "dog")
    }
    #expect(try SHA256.hexDigest(ofFile: folder.path + "/coco.json") == before)
  }

  @Test("YOLO's folder is written the same twice, and does not keep labels of other images")
  func sameBytes() throws {
    let folder = try scene()
    let arguments = ["convert", folder.path + "/coco.json", "--to", "yolo", "--allow-lossy", "--output"]
    for name in ["/1", "/2"] { #expect(try tool.run(arguments + [folder.path + name]).exitCode == 0) }
    for file in try Folder.filesBelow(folder.path + "/1") {
      #expect(
        try SHA256.hexDigest(ofFile: folder.path + "/1/" + file) == SHA256.hexDigest(ofFile: folder.path + "/2/" + file)
      )
    }
    _ = try folder.write("0 0 0 0 0\n", to: "1/labels/old.txt")
    let refused = try tool.run(arguments + [folder.path + "/1", "--force"])
    #expect(refused.standardError.contains("has annotations of other images (labels/old.txt); give an empty folder"))
  }

  @Test(
    "a source of several forms is refused with the reasons, and --from decides; one of none says what was looked for")
  func recognition() throws {
    let folder = try scene()
    _ = try folder.write("train: images\nnames: [cat]\n", to: "data.yaml")
    _ = try folder.write("<annotation><filename>a.png</filename></annotation>", to: "Annotations/a.xml")
    let out = ["--to", "coco", "--output", folder.path + "/out.json", "--allow-lossy"]
    let refused = try tool.run(["convert", folder.path] + out)
    #expect(refused.exitCode == 1)
    #expect(
      refused.standardError
        == "error: \(folder.path): could be voc (the folder Annotations) or yolo (data.yaml with names); keep them apart, "
        + "or say which (annotation-tool: --from)\n"
    )
    #expect(try tool.run(["convert", folder.path, "--from", "yolo"] + out).exitCode == 0)
    #expect(try AnnotationSource.inspect(folder.path + "/out.json").set.images.count == 2)
    #expect(try tool.run(["stats", folder.path, "--from", "voc"]).exitCode == 0)
    let empty = try ScratchFolder()
    let nothing = try tool.run(["convert", empty.path] + out + ["--force"])
    #expect(
      nothing.standardError.hasPrefix(
        "error: \(empty.path): has labels of no known form; looked for: Annotations or XML"))
    #expect(try tool.run(["validate", empty.path]).standardError.contains("looked for: "))
  }

  @Test("predictions are converted with the labels whose ids they use")
  func predictions() throws {
    let folder = try scene()
    let results = try folder.write(#"[{"image_id":2,"category_id":1,"bbox":[1,2,3,4],"score":0.5}]"#, to: "r.json")
    let arguments = ["convert", results, "--to", "labelme", "--output", folder.path + "/out", "--allow-lossy"]
    #expect(try tool.run(arguments).standardError.contains("convert takes them with --labels SRC"))
    let outcome = try tool.run(arguments + ["--labels", folder.path + "/coco.json"])
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.standardOutput.hasPrefix("\(folder.path)/out: 2 images, 1 objects, 2 classes\n"))
    #expect(try AnnotationSource.inspect(folder.path + "/out").set.objects[0].extra["score"]?.double == 0.5)
  }

  @Test("--exif says which size of a turned picture the labels are held to")
  func exif() throws {
    let folder = try ScratchFolder()
    try ImageFile.write(Image(height: 20, width: 30, color: RGB(40, 90, 120)), to: folder.file("images/a.jpg"))
    let path = folder.path + "/images/a.jpg"
    var bytes = try MappedFile(path: path).withBytes { Array($0) }
    let tiff: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
    let segment = Array("Exif".utf8) + [0, 0] + tiff
    bytes.insert(contentsOf: [0xFF, 0xE1, 0, UInt8(segment.count + 2)] + segment, at: 2)
    try AtomicFile.write(bytes, to: path)
    let labels = try folder.write(
      #"{"images":[{"id":1,"file_name":"a.jpg","height":20,"width":30}],"categories":[],"annotations":[]}"#,
      to: "c.json")
    for (policy, code, text) in [
      ("apply", 0, "note stored-orientation ×1"), ("ignore", 0, "image files: headers read"),
      ("error", 1, "error exif-rotation ×1"),
    ] {
      let outcome = try tool.run(["validate", labels, "--exif", policy])
      #expect(outcome.exitCode == Int32(code), "\(policy)")
      #expect(outcome.standardOutput.contains(text), "\(policy): \(outcome.standardOutput)")
    }
    #expect(try tool.run(["validate", labels, "--exif", "nonsense"]).exitCode == 64)
    // Also where the labels say the size, so that no picture need be looked at.
    let refused = try tool.run([
      "convert", labels, "--to", "yolo", "--output", folder.path + "/out", "--allow-lossy", "--exif", "error",
    ])
    #expect(refused.exitCode == 1 && refused.standardError.hasSuffix("is stored turned (EXIF orientation 6)\n"))
    #expect(!Folder.exists(folder.path + "/out"))
  }
}
