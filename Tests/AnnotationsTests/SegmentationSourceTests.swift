import Annotations
import Documents
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct SegmentationSourceTests {
  private let fixture = MaskFixture()
  private var root: String { fixture.root }
  private let rows = ["001122", "001122", "000000", "000002"]

  @Test("images/ and masks/ are paired by their names, ids count in their order, classes.txt is found")
  func folder() throws {
    try fixture.pairs(["b", "a"])
    try fixture.text("background\nx\ny\n", "classes.txt")
    let reading = try SegmentationSource.read(root)
    #expect(reading.form == .folder && reading.images.map(\.name) == ["a.png", "b.png"])
    #expect(reading.images.map(\.id) == [1, 2])
    #expect(reading.images[0].mask == .file(root + "/masks/a.png") && reading.images[0].path == root + "/images/a.png")
    #expect(reading.classes.names == ["background", "x", "y"])
    #expect(reading.notes == ["classes: those of \(root)/classes.txt"])
    #expect(SegmentationSource.looksLikeMasks(root))
  }

  @Test("images and label maps that are links out of their folder are refused")
  func links() throws {
    try fixture.pairs(["b"])
    let (image, mask) = (try fixture.image("out/a.png"), try fixture.mask("out/m.png", rows))
    try fixture.folder.scratch.link("../images/b.png", at: "images/c.png")
    try fixture.folder.scratch.link("b.png", at: "masks/c.png")
    try fixture.mask("masks/a.png", rows)
    try fixture.image("images/a.png")
    #expect(try SegmentationSource.read(root).images.map(\.name) == ["a.png", "b.png", "c.png"])
    for (folder, target) in [("images", image), ("masks", mask)] {
      let place = "\(root)/\(folder)/a.png"
      let whole = try MappedFile(path: place).withBytes { Array($0) }
      try FileManager.default.removeItem(atPath: place)
      try fixture.folder.scratch.link(target, at: folder + "/a.png")
      #expect(
        errorMessage { _ = try SegmentationSource.read(root) }
          == "\(place): is a link that leads out of \(root)/\(folder)")
      try FileManager.default.removeItem(atPath: place)
      try AtomicFile.write(whole, to: place)
    }
  }

  @Test("relative names of a list stay below its folder, absolute ones are taken as they are")
  func leadingOut() throws {
    let (image, mask) = (try fixture.image("out/a.png"), try fixture.mask("out/m.png", rows))
    let absolute = try fixture.text("\(image) \(mask)\n", "set/absolute.txt")
    #expect(try SegmentationSource.read(absolute).images.map(\.path) == [image])
    let relative = try fixture.text("../out/a.png\t../out/m.png\n", "set/relative.txt")
    #expect(
      errorMessage { _ = try SegmentationSource.read(relative) }?.hasPrefix("\(relative): ../out/a.png leads out")
        == true)
    #expect(
      try SegmentationSource.read(fixture.text("out/a.png out/m.png\n", "root.txt")).images.map(\.path) == [image])
    try fixture.folder.scratch.link(mask, at: "set/m.png")
    let linked = try fixture.text("\(image) m.png\n", "set/linked.txt")
    #expect(
      errorMessage { _ = try SegmentationSource.read(linked) }
        == "\(root)/set/m.png: is a link that leads out of \(root)/set")
  }

  @Test("CamVid's folders: train and trainannot side by side, classes by the highest number")
  func camVid() throws {
    for name in ["one", "two"] {
      try fixture.image("train/\(name).jpg")
      try fixture.mask("trainannot/\(name).png", rows)
    }
    for source in ["train", "train/"] {
      let reading = try SegmentationSource.read(root + "/" + source)
      #expect(reading.images.map(\.name) == ["one.jpg", "two.jpg"])
      #expect(reading.classes.names == ["class 0", "class 1", "class 2"])
      #expect(reading.notes == ["no table of classes: they are numbered 0…2 by the highest number in 2 label maps"])
    }
  }

  @Test("VOC's folders: label maps choose, a list of ImageSets/Segmentation chooses among them")
  func voc() throws {
    for name in ["a", "b", "c"] { try fixture.image("JPEGImages/\(name).jpg") }
    for name in ["a", "c"] { try fixture.mask("SegmentationClass/\(name).png", rows) }
    try fixture.text("c\n", "ImageSets/Segmentation/val.txt")
    try fixture.text("b\n", "ImageSets/Segmentation/bad.txt")
    let all = try SegmentationSource.read(root)
    #expect(all.images.map(\.name) == ["a.jpg", "c.jpg"] && all.images.map(\.id) == [1, 3])
    #expect(all.notes.first == "left out: 1 of 3 images, without a label map in \(root)/SegmentationClass")
    #expect(try SegmentationSource.read(root, list: "val").images.map(\.name) == ["c.jpg"])
    #expect(
      errorMessage { _ = try SegmentationSource.read(root, list: "bad") }
        == "\(root): 1 image has no label map in \(root)/SegmentationClass: b.jpg")
    // As ST++ and UniMatch write their splits: from the data set's root.
    let list = try fixture.text("JPEGImages/c.jpg SegmentationClass/c.png\n", "lists/labeled.txt")
    #expect(try SegmentationSource.read(root, list: list).images.map(\.id) == [3])
    let pairs = try SegmentationSource.read(list, images: root)
    #expect(pairs.form == .list && pairs.images.map(\.path) == [root + "/JPEGImages/c.jpg"])
    #expect(pairs.images.map(\.mask) == [.file(root + "/SegmentationClass/c.png")])
  }

  @Test("Cityscapes' names are paired by what they have in common; train ids go first, other files are passed over")
  func cityscapes() throws {
    for name in ["aachen/aachen_0", "bonn/bonn_1"] {
      try fixture.image("leftImg8bit/\(name)_leftImg8bit.png")
      try fixture.image("gtFine/\(name)_gtFine_color.png")
      try fixture.mask("gtFine/\(name)_gtFine_labelIds.png", rows, factor: 7)
    }
    func read() throws -> [MaskReference] {
      try SegmentationSource.read(root + "/leftImg8bit", masks: root + "/gtFine").images.map(\.mask)
    }
    #expect(try read().last == .file(root + "/gtFine/bonn/bonn_1_gtFine_labelIds.png"))
    for name in ["aachen/aachen_0", "bonn/bonn_1"] { try fixture.mask("gtFine/\(name)_gtFine_labelTrainIds.png", rows) }
    #expect(
      try read()
        == ["aachen/aachen_0", "bonn/bonn_1"].map { .file(root + "/gtFine/\($0)_gtFine_labelTrainIds.png") })
  }

  @Test("a folder of masks with the folder of its images; masks below the images are no images")
  func maskFolder() throws {
    try fixture.image("set/a.png")
    try fixture.mask("set/labels/a.png", rows)
    for reading in [
      try SegmentationSource.read(root + "/set/labels", images: root + "/set"),
      try SegmentationSource.read(root + "/set", masks: root + "/set/labels"),
    ] {
      #expect(reading.images.map(\.path) == [root + "/set/a.png"])
      #expect(reading.images.map(\.mask) == [.file(root + "/set/labels/a.png")])
    }
    #expect(!SegmentationSource.looksLikeMasks(root + "/set/labels"))
    #expect(SegmentationSource.looksLikeMasks(root + "/set/labels", images: root + "/set"))
    try fixture.text("<annotation/>", "set/labels/a.xml")
    #expect(!SegmentationSource.looksLikeMasks(root + "/set/labels", images: root + "/set"))
  }

  @Test("a list pairs by a tab or a blank, names with blanks and folders of masks included")
  func lists() throws {
    try fixture.image("my image.jpg")
    try fixture.mask("my mask.png", rows)
    try fixture.image("b.jpg")
    try fixture.mask("m/b.png", rows)
    let list = try fixture.text("my image.jpg my mask.png\nb.jpg\tm/b.png\n", "list.txt")
    #expect(try SegmentationSource.read(list).images.map(\.name) == ["my image.jpg", "b.jpg"])
    let names = try fixture.text("b.jpg\n", "names.txt")
    #expect(
      try SegmentationSource.read(names, images: root, masks: root + "/m").images.map(\.mask) == [
        .file(root + "/m/b.png")
      ])
    #expect(
      errorMessage { _ = try SegmentationSource.read(names) }
        == "\(names): wanted is `image mask` on each line, 1 has no mask: b.jpg")
    let missing = try fixture.text("b.jpg none.png\nnone.jpg m/b.png\n", "missing.txt")
    #expect(
      errorMessage { _ = try SegmentationSource.read(missing) }
        == "\(missing): 1 image is not there: \(root)/none.jpg; 1 label map is not there: \(root)/none.png")
    let twice = try fixture.text("b.jpg m/b.png\nb.jpg m/b.png\n", "twice.txt")
    #expect(errorMessage { _ = try SegmentationSource.read(twice) } == "\(twice): the image b.jpg is listed twice")
    let empty = try fixture.text("# nothing\n\n", "empty.txt")
    #expect(errorMessage { _ = try SegmentationSource.read(empty) } == "\(empty): names no image")
  }

  @Test(
    "the first blank behind an image's ending parts a line whose mask is a PNG",
    arguments: [
      ("a.jpg b.png", "a.jpg", "b.png"), ("a.jpg \t m/b c.PNG ", "a.jpg", "m/b c.PNG"),
      ("my .jpg my .png", "my .jpg", "my .png"),
      ("a.png b.png c.png", "a.png", "b.png c.png"), ("x\ty", "x", "y"), ("a b.jpeg\tc d.gif", "a b.jpeg", "c d.gif"),
    ])
  func pairs(line: String, image: String, mask: String) {
    let pair = MaskList.pair(line)
    #expect(pair?.image == image && pair?.mask == mask, "\(String(describing: pair))")
  }

  @Test(
    "a line that pairs nothing is a name",
    arguments: ["", " ", "a", "a.jpg", "my image.jpg", "a.jpg b.jpg", ".jpg b.png", "a.jpg .png", "a b.png"])
  func names(line: String) { #expect(MaskList.pair(line) == nil) }

  @Test("a line of many words is looked through once")
  func longLine() {
    #expect(MaskList.pair(String(repeating: "a ", count: 500_000) + "b.png") == nil)
    #expect(
      MaskList.pair(
        String(repeating: " ", count: 500_000) + "a.jpg" + String(repeating: " ", count: 500_000) + "b.png")?.image
        == "a.jpg")
  }

  @Test("an image without label map and a label map without image are one line with names and count")
  func unpaired() throws {
    try fixture.pairs(["a", "b"])
    try fixture.image("images/c.jpg")
    try fixture.mask("masks/d.png", rows)
    try fixture.mask("masks/e.png", rows)
    #expect(
      errorMessage { _ = try SegmentationSource.read(root) }
        == "\(root): 1 image has no label map in \(root)/masks: c.jpg; 2 label maps have no image in \(root)/images: d.png, e.png"
    )
    let list = try fixture.text("a\n", "list.txt")
    #expect(try SegmentationSource.read(root, list: list).images.map(\.name) == ["a.png"])
    try fixture.image("images/a.jpg")
    #expect(
      errorMessage { _ = try SegmentationSource.read(root) }
        == "\(root)/images: a.jpg and a.png would have the same label map")
  }

  @Test("what has no label maps is told where they were looked for")
  func none() throws {
    try fixture.image("photos/a.jpg")
    #expect(
      errorMessage { _ = try SegmentationSource.read(root + "/photos") }
        == "\(root)/photos: has no label maps: looked for SegmentationClass and masks in it and photosannot beside it; or name "
        + "the folder of PNG masks")
    #expect(
      errorMessage { _ = try SegmentationSource.read(root + "/no") } == "\(root)/no: there is no such file or folder")
  }

  @Test("COCO's outlines become label maps: background first, later objects above, crowds ignored")
  func coco() throws {
    let json = try fixture.text(
      #"""
      {"images":[{"id":7,"file_name":"a.png","height":4,"width":6}],
       "categories":[{"id":5,"name":"x"},{"id":2,"name":"y"}],
       "annotations":[
        {"id":1,"image_id":7,"category_id":5,"bbox":[0,0,4,4],"segmentation":[[0,0,4,0,4,4,0,4]]},
        {"id":2,"image_id":7,"category_id":2,"bbox":[2,0,2,2],"segmentation":[[2,0,4,0,4,2,2,2]]},
        {"id":3,"image_id":7,"category_id":2,"bbox":[5,0,1,4],"iscrowd":1,"segmentation":{"size":[4,6],"counts":[20,4]}}]}
      """#, "coco.json")
    let reading = try SegmentationSource.read(json)
    #expect(reading.form == .objects && reading.classes.names == ["background", "x", "y"])
    let labels = try LabelMapReader(reading.classes).labels(of: reading.images[0], height: 4, width: 6)
    let i: UInt8 = 255
    #expect(
      labels.pixels == [1, 1, 2, 2, 0, i, 1, 1, 2, 2, 0, i, 1, 1, 1, 1, 0, i, 1, 1, 1, 1, 0, i])
    let table = ClassTable(names: ["y", "background", "x"])
    let other = try SegmentationSource.read(json, classes: table)
    #expect(
      try LabelMapReader(table).labels(of: other.images[0], height: 4, width: 6).pixels.prefix(5) == [2, 2, 0, 0, 1])
    #expect(
      errorMessage { _ = try SegmentationSource.read(json, classes: ClassTable(names: ["background", "x"])) }
        == "\(json): has categories that the table of classes lacks: y")
    #expect(
      errorMessage { _ = try LabelMapReader(reading.classes).labels(of: reading.images[0], height: 5, width: 6) }
        == "\(json): object 3: the label map is 6×4, the image a.png 6×5")
  }

  @Test("objects with boxes alone make no label map")
  func boxes() throws {
    let json = try fixture.text(
      #"""
      {"images":[{"id":7,"file_name":"a.png"}],"categories":[{"id":5,"name":"x"}],
       "annotations":[{"id":4,"image_id":7,"category_id":5,"bbox":[0,0,4,4]},
                      {"id":5,"image_id":7,"category_id":5,"bbox":[0,0,4,4],"segmentation":[ ]}]}
      """#, "coco.json")
    #expect(
      errorMessage { _ = try SegmentationSource.read(json) }
        == "\(json): 2 of 2 objects have no outline or mask, the first is object 4; boxes make no label maps")
  }

  @Test("masks of 0 and 255 alone are refused with what to set, and read with it")
  func binary() throws {
    try fixture.image("images/a.png", height: 1, width: 2)
    try fixture.mask("masks/a.png", ["01"], factor: 255)
    let hint = ", and 255 is ignored; where 255 is the object, --mask-values 0,255 makes it class 1"
    #expect(
      errorMessage { _ = try SegmentationSource.read(root) } == "\(root): all label maps hold 0 and 255 alone" + hint)
    let table = ClassTable(names: ["background", "lesion"])
    #expect(
      errorMessage { _ = try SegmentationSource.read(root, classes: table) }
        == "\(root): there are two classes, but all label maps hold 0 and 255 alone" + hint)
    let reading = try SegmentationSource.read(root, classes: table, maskValues: [0, 255])
    #expect(try LabelMapReader(reading.classes).labels(of: reading.images[0], height: 1, width: 2).pixels == [0, 1])
    #expect(try SegmentationSource.read(root, maskValues: [0, 255]).classes.names == ["class 0", "class 1"])
    #expect(
      errorMessage { _ = try SegmentationSource.read(root, classes: table, maskValues: [0]) }
        == "\(root): the values 0 are not 2 different, not ignored numbers of 0…255, one for each class")
    // What is ignored beside stays so.
    let marked = ClassTable(table.classes, ignoredIDs: [7, 255])
    #expect(try SegmentationSource.read(root, classes: marked, maskValues: [0, 255]).classes.ignoredIDs == [7])
    #expect(try SegmentationSource.read(root, ignoreIDs: [9], maskValues: [0, 255]).classes.ignoredIDs == [9])
    // One map with the second class, and 255 is the border that it always was.
    try fixture.image("images/b.png", height: 1, width: 2)
    try fixture.mask("masks/b.png", ["01"])
    #expect(try SegmentationSource.read(root, classes: table).images.count == 2)
  }

  @Test("the tiny set's label maps are those of its COCO masks")
  func tiny() throws {
    var folder = Path.folder(of: #filePath)
    while folder != "/", !Folder.exists(folder + "/annotations/tiny") { folder = Path.folder(of: folder) }
    let masks = try SegmentationSource.read(folder + "/annotations/tiny")
    let objects = try SegmentationSource.read(folder + "/annotations/tiny/coco.json")
    #expect(masks.classes.names == ["background", "disc", "ring", "square", "triangle", "star", "cross"])
    #expect(masks.images.map(\.name) == objects.images.map(\.name) && masks.images.count == 8)
    #expect(objects.classes.names == masks.classes.names)
    let reader = LabelMapReader(masks.classes)
    for (one, other) in zip(masks.images, objects.images) {
      #expect(try reader.labels(of: one, height: 96, width: 128) == reader.labels(of: other, height: 96, width: 128))
    }
  }
}
