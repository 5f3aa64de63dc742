import Annotations
import Documents
import Imaging
import TestSupport
import Testing

@Suite struct LabelMapStatisticsTests {
  private let fixture = MaskFixture()

  @Test("pixels, images and sizes are counted; ignored pixels are in no share")
  func counts() throws {
    try fixture.pairs(["a"], rows: ["001122", "001122", "000000", "000002"])
    try fixture.pairs(["b"], rows: ["000000", "000000", "000000", "000001"])
    let table = ClassTable(names: ["x", "y", "z"], ignoredIDs: [2])
    let statistics = LabelMapStatistics(of: try SegmentationSource.read(fixture.root, classes: table), pictures: .whole)
    #expect(statistics.images == 2 && statistics.pixels == 48 && statistics.ignoredPixels == 5)
    #expect(statistics.classes.map(\.pixels) == [38, 5] && statistics.classes.map(\.images) == [2, 2])
    #expect(statistics.share(statistics.classes[1]) == 5.0 / 43)
    #expect(statistics.imageSizes.map(\.size) == ["6×4"] && statistics.imageSizes.map(\.count) == [2])
    #expect(statistics.pixelsByImage.map(\.pixels) == [[15, 4], [23, 1]])
    #expect(statistics.problems.counts.isEmpty)
  }

  @Test("each kind of bad file is a problem of its own, and the rest is counted")
  func problems() throws {
    try fixture.pairs(["a", "b", "c", "d", "e"])
    try fixture.mask("masks/b.png", ["000099", "000000", "000000", "000000"])
    try fixture.image("images/c.png", height: 6, width: 4)
    try AtomicFile.write("no image", to: fixture.root + "/images/d.png")
    let truncated = try MappedFile(path: fixture.root + "/images/a.png").withBytes { Array($0.dropLast(30)) }
    try AtomicFile.write(truncated, to: fixture.root + "/images/e.png")
    let reading = try SegmentationSource.read(fixture.root, classes: ClassTable(names: ["x", "y", "z", "never"]))
    let headers = LabelMapStatistics(of: reading, pictures: .headers)
    #expect(headers.images == 2 && headers.pixelsByImage.map(\.place) == [0, 4])
    #expect(headers.problems.counts == [.badSegmentation: 1, .sizeMismatch: 1, .unreadableImage: 1, .absentClass: 1])
    #expect(
      headers.problems.examples.map(\.message).sorted() == [
        "\(fixture.root)/images/d.png: neither a JPEG nor a PNG file",
        "\(fixture.root)/masks/b.png: the number 9 is no class (0…3; ignored 255): 2 pixels, the first at row 0, column 4",
        "\(fixture.root)/masks/c.png: the label map is 6×4, the image c.png 4×6 (turned: was it made without the file's EXIF rotation?)",
        "no label map shows never",
      ])
    #expect(LabelMapStatistics(of: reading, pictures: .whole).problems.counts[.unreadableImage] == 2)
    #expect(LabelMapStatistics(of: reading).images == 4)
  }
}
