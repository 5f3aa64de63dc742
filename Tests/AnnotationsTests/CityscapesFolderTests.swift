import Documents
import Imaging
import TestSupport
import Testing

@testable import Annotations

@Suite struct CityscapesFolderTests {
  private let fixture = MaskFixture()
  private var root: String { fixture.root }

  private func grey(_ rows: [[UInt8]], _ name: String) throws {
    try AtomicFile.write(
      RawPNG.bytes(width: rows[0].count, depth: 8, .grey, rows: rows), to: fixture.folder.scratch.file(name))
  }

  @Test("judged classes become objects under the file's numbers; objects and groups come from instanceIds")
  func instances() throws {
    let name = "gtFine/val/ulm/ulm_000000_000019_gtFine_"
    try grey([[7, 7, 26, 26, 26], [0, 3, 26, 255, 24]], name + "labelIds.png")
    try AtomicFile.write(
      RawPNG.wide([[7, 7, 26000, 26001, 26], [0, 3, 26000, 255, 24003]]), to: root + "/" + name + "instanceIds.png")
    try grey([[0, 0, 0, 0, 0], [0, 0, 0, 0, 0]], name + "color.png")
    try fixture.image("leftImg8bit/val/ulm/ulm_000000_000019_leftImg8bit.png", height: 2, width: 5)
    let reading = try AnnotationSource.inspect(root)
    #expect(reading.form == .cityscapes && reading.problems.count(.error) == 0)
    #expect(reading.set.images.map(\.fileName) == ["val/ulm/ulm_000000_000019_leftImg8bit.png"])
    #expect(Folder.hasFile(reading.imageFolder + "/" + reading.set.images[0].fileName))
    #expect(reading.set.categories.count == 19)
    #expect(reading.set.categories[0] == Category(id: 7, name: "road", supercategory: "flat"))
    let objects = reading.set.objects.map { "\($0.categoryID) \(Int($0.area)) \($0.isCrowd)" }
    #expect(objects == ["7 2 false", "24 1 false", "26 1 true", "26 2 false", "26 1 false"])
    // Four pixels are not judged: unlabelled, outside, 255.
    let ignored = try #require(try reading.set.images[0].ignored?.content(place: ""))
    guard case .mask(let mask) = ignored else { return }
    #expect(mask.area == 3)
  }

  @Test("trainIds count from 0; without instanceIds there is one object a class; a city's folder is enough")
  func trainIDs() throws {
    try grey([[0, 13, 255]], "gtFine/train/ulm/a_gtFine_labelTrainIds.png")
    let reading = try AnnotationSource.inspect(root + "/gtFine/train/ulm")
    #expect(reading.form == .cityscapes && reading.set.images.map(\.fileName) == ["a_leftImg8bit.png"])
    #expect(reading.set.objects.map(\.categoryID) == [0, 13])
    #expect(reading.set.categories.map(\.name).prefix(2) == ["road", "sidewalk"])
  }

  @Test("unknown numbers, other sizes and missing files are errors with the file's name")
  func errors() throws {
    try grey([[7, 40]], "gtFine/a_gtFine_labelIds.png")
    try grey([[7, 7]], "gtFine/b_gtFine_labelIds.png")
    try AtomicFile.write(RawPNG.wide([[7]]), to: root + "/gtFine/b_gtFine_instanceIds.png")
    let lines = try AnnotationSource.inspect(root).problems.lines(.error)
    #expect(
      lines.count == 2 && lines[0].hasPrefix("\(root)/gtFine/a_gtFine_labelIds.png: the number 40 is no class (7…8, "))
    #expect(lines[1] == "\(root)/gtFine/b_gtFine_instanceIds.png: is 1×1, b_gtFine_labelIds.png 2×1")
    let empty = try ScratchFolder()
    #expect(
      errorMessage { _ = try AnnotationSource.inspect(empty.path, form: .cityscapes) }
        == "\(empty.path): has no file …_gtFine_labelIds.png or …_gtFine_labelTrainIds.png below it")
  }
}
