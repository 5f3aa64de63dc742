import Annotations
import Documents
import Imaging
import TestSupport
import Testing

@Suite struct LabelMapReaderTests {
  private let fixture = MaskFixture()

  private func image(_ mask: String) -> MaskedImage {
    MaskedImage(id: 1, name: "a.png", path: "a.png", mask: .file(mask))
  }

  @Test("numbers of the file become dense indices, ignored ones 255")
  func mapped() throws {
    let table = ClassTable(
      [.init(id: 7, name: "road", color: .black), .init(id: 2, name: "car", color: .white)], ignoredIDs: [0, 255])
    let mask = try fixture.mask("m.png", ["702", "277"])
    let labels = try LabelMapReader(table).labels(of: image(mask), height: 2, width: 3)
    #expect(labels == Image(height: 2, width: 3, channels: 1, pixels: [0, 255, 1, 1, 0, 0]))
  }

  @Test("a label map of another size is refused with both sizes, and a turned one told")
  func size() throws {
    let mask = try fixture.mask("m.png", ["000", "000"])
    let reader = LabelMapReader(ClassTable(names: ["a"]))
    #expect(
      errorMessage { _ = try reader.labels(of: image(mask), height: 4, width: 3) }
        == "\(mask): the label map is 3×2, the image a.png 3×4")
    #expect(
      errorMessage { _ = try reader.labels(of: image(mask), height: 3, width: 2) }
        == "\(mask): the label map is 3×2, the image a.png 2×3 (turned: was it made without the file's EXIF rotation?)")
  }

  @Test("a number that is no class is named with its place and count")
  func unknown() throws {
    let reader = LabelMapReader(ClassTable(names: ["a", "b"]))
    let mask = try fixture.mask("m.png", ["0110", "0399", "0300"])
    #expect(
      errorMessage { _ = try reader.labels(of: image(mask), height: 3, width: 4) }
        == "\(mask): the number 3 is no class (0…1; ignored 255): 2 pixels, the first at row 1, column 1; so are 9")
    let binary = try fixture.mask("b.png", ["01"], factor: 255)
    let strict = LabelMapReader(ClassTable(names: ["a", "b"], ignoredIDs: []))
    #expect(
      errorMessage { _ = try strict.labels(of: image(binary), height: 1, width: 2) }
        == "\(binary): the number 255 is no class (0…1): 1 pixel, the first at row 0, column 1; where 255 is the object, "
        + "--mask-values 0,255 makes it class 1")
  }

  @Test("pixels that are colours are read by those of the classes; others are listed")
  func colors() throws {
    let table = ClassTable([.init(id: 0, name: "a", color: .black), .init(id: 1, name: "b", color: RGB(128, 0, 0))])
    func file(_ colors: [[UInt8]]) throws -> String {
      let path = try fixture.folder.scratch.file("rgb.png")
      let png = RawPNG.bytes(width: colors.count, depth: 8, .rgb, rows: [colors.flatMap { $0 }])
      try AtomicFile.write(png, to: path)
      return path
    }
    // Number 255, which is ignored, has VOC's colour.
    let good = try file([[0, 0, 0], [128, 0, 0], [224, 224, 192], [128, 0, 0]])
    #expect(try LabelMapReader(table).labels(inFile: good).pixels == [0, 1, 255, 1])
    let bad = try file([[0, 0, 0], [1, 2, 3], [9, 9, 9], [1, 2, 3]])
    #expect(
      errorMessage { _ = try LabelMapReader(table).labels(inFile: bad) }
        == "\(bad): its pixels are colours, and #010203 is no class's: 2 pixels, the first at row 0, column 1; so are #090909"
    )
    let same = ClassTable([.init(id: 0, name: "a", color: .white), .init(id: 1, name: "b", color: .white)])
    #expect(
      errorMessage { _ = try LabelMapReader(same).labels(inFile: good) }
        == "\(good): its pixels are colours, and a and b have the same, #FFFFFF")
  }

  @Test("palette, grey, 1-bit and 16-bit files are read as stored", arguments: [1, 2, 4, 8, 16] as [UInt8])
  func depths(depth: UInt8) throws {
    // Colours of a palette are not looked at: number 1 stays 1, whatever it looks like.
    let table = ClassTable(names: ["a", "b"])
    let rows: [[UInt8]] = depth == 16 ? [[0, 1, 0, 0]] : [depth == 8 ? [1, 0] : [0b1 << (8 - depth)]]
    for kind in depth == 16 ? [RawPNG.Kind.grey] : [.grey, .palette] {
      let path = try fixture.folder.scratch.file("\(depth).png")
      let palette: [UInt8] = kind == .palette ? [9, 9, 9, 200, 100, 50] : []
      try AtomicFile.write(RawPNG.bytes(width: 2, depth: depth, kind, rows: rows, palette: palette), to: path)
      #expect(try LabelMapReader(table).labels(inFile: path).pixels == [1, 0], "\(depth) \(kind)")
    }
  }

  @Test("a number above 255 in 16 bits is refused with its place")
  func wide() throws {
    let path = try fixture.folder.scratch.file("wide.png")
    try AtomicFile.write(RawPNG.wide([[1, 2], [3, 300]]), to: path)
    #expect(
      errorMessage { _ = try LabelMapReader(ClassTable(names: ["a"])).labels(inFile: path) }
        == "\(path): the image is not supported: label 300 at row 1, column 1, wanted at most 255")
  }

  @Test("colours with alpha, JPEG and what is not there are no label maps")
  func files() throws {
    let reader = LabelMapReader(ClassTable(names: ["a"]))
    let colour = try fixture.folder.scratch.file("colour.png")
    try AtomicFile.write(RawPNG.bytes(width: 1, depth: 8, .rgba, rows: [[0, 0, 0, 255]]), to: colour)
    let jpeg = try fixture.image("a.jpg")
    #expect(
      errorMessage { _ = try reader.labels(inFile: colour) }
        == "\(colour): the image is not supported: a colour image, wanted a label map: palette or grey without alpha")
    #expect(
      errorMessage { _ = try reader.labels(inFile: jpeg) }
        == "\(jpeg): the image is not supported: a JPEG file, wanted a label map in PNG (JPEG changes the labels)")
    #expect(
      errorMessage { _ = try reader.labels(inFile: "/no.png") } == "/no.png: cannot read: No such file or directory")
  }
}
