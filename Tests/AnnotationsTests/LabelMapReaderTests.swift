import Annotations
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
        == "\(mask): the label map is 3×2, the image a.png 2×3 (it was made without the file's EXIF rotation)")
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

  @Test("colour images, JPEG and what is not there are no label maps")
  func files() throws {
    let reader = LabelMapReader(ClassTable(names: ["a"]))
    let colour = try fixture.image("colour.png")
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
