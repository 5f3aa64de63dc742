import Annotations
import Documents
import Imaging
import TestSupport
import Testing
import Views

@testable import Samples

@Suite struct PoolTests {
  private func labels() -> AnnotationSet {
    AnnotationSet(
      categories: [Category(id: 7, name: "cat"), Category(id: 3, name: "ant")],
      images: (1...4).map { ImageRecord(id: $0, fileName: "\($0).jpg", height: 20, width: 30) },
      objects: [
        ObjectAnnotation(id: 1, imageID: 1, categoryID: 7, box: Box(x: -5, y: 2, width: 10, height: 10)),
        ObjectAnnotation(id: 2, imageID: 1, categoryID: 3, box: Box(x: 40, y: 2, width: 10, height: 10)),
        ObjectAnnotation(id: 3, imageID: 2, categoryID: 3, box: Box(x: 4, y: 2, width: 10, height: 10), isCrowd: true),
        ObjectAnnotation(
          id: 4, imageID: 3, categoryID: 3, box: Box(x: 4, y: 2, width: 10, height: 10), isDifficult: true),
      ])
  }

  @Test("labels become a pool; what is left out is counted by its reason")
  func labeled() throws {
    let all = try LabeledPool(labels(), source: "l.json", folder: "/data")
    #expect(all.classes == ["ant", "cat"])
    #expect(all.pool.images.map(\.path) == ["/data/1.jpg", "/data/3.jpg"])
    #expect(all.pool.images[0].labels == BoxLabels(boxes: [Box(x0: 0, y0: 2, x1: 5, y1: 12)], classes: [1]))
    #expect(all.objectsByClass == [1, 1])
    #expect(all.leftOut == ["1 crowds", "1 boxes without extent in their image", "2 images without objects"])
    var selection = LabelSelection()
    selection.keepDifficult = false
    selection.keepEmptyImages = true
    let chosen = try LabeledPool(labels(), source: "l.json", folder: "/data", selection: selection)
    #expect(chosen.pool.count == 4)
    #expect(chosen.leftOut == ["1 crowds", "1 difficult objects", "1 boxes without extent in their image"])
  }

  @Test("classes are matched by name: another order is followed, an unknown one is refused")
  func classes() throws {
    let pool = try LabeledPool(labels(), source: "l.json", folder: "", classes: ["dog", "cat", "ant"])
    #expect(pool.pool.images.map(\.labels.classes) == [[1], [2]])
    let message = errorMessage { _ = try LabeledPool(labels(), source: "l.json", folder: "", classes: ["cat"]) }
    #expect(message == "l.json: its class 'ant' is not among the classes cat")
  }

  @Test("labels of which nothing is left are refused with the counts")
  func nothingLeft() {
    var set = labels()
    set.objects = Array(set.objects[1...2])
    let message = errorMessage { _ = try LabeledPool(set, source: "l.json", folder: "") }
    #expect(
      message == "l.json: no image to use: left out were 1 crowds, 1 boxes without extent in their image, "
        + "4 images without objects")
  }

  @Test("unlabelled images come from a folder, a pattern, a list or one file, in the order of their names")
  func unlabeled() throws {
    let scratch = try ScratchFolder()
    for name in ["b.jpg", "a.PNG", "deep/c.jpeg", "notes.txt", "d.gif"] { _ = try scratch.write("x", to: name) }
    let list = try scratch.write("# two\n deep/c.jpeg \n\nb.jpg\r\n", to: "list.txt")
    #expect(try ImagePool.unlabeled(scratch.path).images.map(\.name) == ["a.PNG", "b.jpg", "deep/c.jpeg"])
    let matched = try ImagePool.unlabeled(Path.join(scratch.path, "*.[jP]*")).images.map(\.path)
    #expect(matched == ["a.PNG", "b.jpg"].map { Path.join(scratch.path, $0) })
    let listed = try ImagePool.unlabeled(list)
    #expect(listed.images.map(\.path) == ["deep/c.jpeg", "b.jpg"].map { Path.join(scratch.path, $0) })
    #expect(try ImagePool.unlabeled(Path.join(scratch.path, "b.jpg")).count == 1)
    let empty = try scratch.file("empty/x")
    #expect(
      errorMessage { _ = try ImagePool.unlabeled(Path.folder(of: empty)) }
        == "\(Path.folder(of: empty)): no image to use: no JPEG or PNG file is there")
    let pairs = try scratch.write("deep/c.jpeg masks/c.png\nb b.jpg\n", to: "pairs.txt")
    #expect(try ImagePool.unlabeled(pairs).images.map(\.name) == ["deep/c.jpeg", "b b.jpg"])
    #expect(throws: SamplesError.self) { try ImagePool.unlabeled("/nowhere/list.txt") }
  }

  @Test("a list chooses by name, with or without folder and ending, and a name that fits none is an error")
  func selection() throws {
    let names = ["x/one.jpg", "x/two.jpg", "three.jpg"]
    let pool = ImagePool(
      name: "labeled", images: names.enumerated().map { PooledImage(path: $1, name: $1, id: $0) })
    let scratch = try ScratchFolder()
    let list = try scratch.write("three\nx/one.jpg\n", to: "list.txt")
    #expect(try pool.selected(byList: list).images.map(\.name) == ["x/one.jpg", "three.jpg"])
    let wrong = try scratch.write("four\n", to: "wrong.txt")
    #expect(
      errorMessage { _ = try pool.selected(byList: wrong) }
        == "\(wrong): no image to use: 'four' is not among the 3 labeled images")
    #expect(
      errorMessage { _ = try pool.selected(byList: "test") }
        == "test: no image to use: there is no such file; a list of these images is a text with a name a line, "
        + "and lists that go by name are a VOC folder's")
  }

  @Test("where all images are missing the option that names their folder is said, and not where they are damaged")
  func hint() {
    func message(_ reason: String, of count: Int) -> String {
      "\(SamplesError.unusableImages(source: "s", pool: "unlabeled", count: count, unusable: [SkippedImage(path: "a.jpg", reason: reason)]))"
    }
    let hint = "; --unlabeled-images names their folder"
    let missing = "cannot read: No such file or directory"
    #expect(message(missing, of: 1) == "s: 1 of 1 unlabeled images cannot be used: a.jpg: \(missing)\(hint)")
    #expect(!message(missing, of: 2).contains(hint))
    #expect(!message("neither a JPEG nor a PNG file", of: 1).contains(hint))
  }

  @Test("a digest tells pools apart by names, sizes and labels")
  func digest() throws {
    let pool = try LabeledPool(labels(), source: "l.json", folder: "/data").pool
    var images = pool.images
    #expect(ImagePool(name: "other", images: images).digest == pool.digest)
    images[0].labels.boxes[0].x0 += 1
    #expect(ImagePool(name: "labeled", images: images).digest != pool.digest)
    #expect(pool.first(1).digest != pool.digest)
  }

  @Test("a scan fills in sizes and finds what is missing, damaged or of another size", arguments: [0, 3])
  func scan(workers: Int) throws {
    let generated = try GeneratedImages(count: 150)
    var images = generated.pool.images
    for index in images.indices where index != 70 { (images[index].height, images[index].width) = (0, 0) }
    images[3].path = "/nowhere.jpg"
    images[70].height = 5
    try AtomicFile.write(Array("not a picture".utf8), to: images[149].path)
    let scan = PoolScan(ImagePool(name: "test", images: images), workers: workers)
    #expect(scan.unusable.map(\.path) == [3, 70, 149].map { images[$0].path })
    for index in images.indices where ![3, 70, 149].contains(index) {
      #expect(scan.pool.images[index] == generated.pool.images[index])
    }
    let message = errorMessage { _ = try scan.checkedPool(source: "l.json") }
    #expect(message?.hasPrefix("l.json: 3 of \(images.count) test images cannot be used: \(images[3].path): ") == true)
  }

  @Test("images that two pools share are found by their bytes, whatever their names")
  func overlap() throws {
    let first = try GeneratedImages(count: 6)
    let second = try GeneratedImages(count: 3)
    let scratch = try ScratchFolder()
    let copy = try scratch.file("other-name.jpg")
    try AtomicFile.write(try MappedFile(path: first.pool.images[5].path).withBytes { Array($0) }, to: copy)
    let third = ImagePool(
      name: "copy",
      images: [PooledImage(path: copy, name: "x", id: 1), PooledImage(path: "/nowhere", name: "y", id: 2)])
    #expect(first.pool.places(ofImagesIn: [second.pool, third]) == [0, 1, 2, 5])
    #expect(first.pool.removing([0, 1, 2, 5]).images == Array(first.pool.images[3...4]))
    #expect(third.places(ofImagesIn: [second.pool]) == [])
  }

  @Test("all images are read in order, without those that cannot be", arguments: [1, 3], [0, 2])
  func reader(batch: Int, workers: Int) throws {
    let generated = try GeneratedImages(count: 7)
    var images = generated.pool.images
    images[2].path = "/nowhere.jpg"
    let reader = PoolReader(shortSide: 32, longSide: 64, batchSize: batch, workers: workers)
    var seen: [Int] = []
    let skipped = reader.forEachBatch(of: ImagePool(name: "test", images: images)) { batch in
      seen += batch.views.map(\.image)
      #expect(batch.views.allSatisfy { !$0.geometry.isMirrored })
      #expect(batch.images.size(0) == batch.views.count)
    }
    #expect(seen == [0, 1, 3, 4, 5, 6])
    #expect(skipped.map(\.path) == ["/nowhere.jpg"])
  }
}
