import Foundation
import TestSupport
import Testing

@testable import Imaging

@Suite("ImageFile, reading")
struct ImageFileTests {
  @Test("pixels are byte-equal to Pillow's", arguments: ImageFixture.decoded)
  func equalsPillow(_ fixture: ImageFixture) throws {
    let scale = JPEGScale(eighths: 8 / fixture.reduction)
    let image = try ImageFile.read(fixture.path, scale: scale)
    #expect((image.height, image.width, image.channels) == (fixture.height, fixture.width, 3))
    #expect(ImageFixture.digest(image.pixels) == fixture.digest)
    if fixture.reduction == 1 {
      let size = try ImageFile.size(fixture.path)
      #expect(size == (fixture.height, fixture.width))
    }
    #expect(try Image(decoding: ImageFixture.bytes(fixture.file), scale: scale) == image)
  }

  @Test("one buffer serves all files, and holds the same pixels")
  func reusedBuffer() throws {
    var buffer: [UInt8] = []
    for fixture in ImageFixture.decoded.reversed() + ImageFixture.decoded {
      let scale = JPEGScale(eighths: 8 / fixture.reduction)
      let size = try ImageFile.read(fixture.path, into: &buffer, scale: scale)
      #expect(size == (fixture.height, fixture.width))
      #expect(ImageFixture.digest(Array(buffer.prefix(size.height * size.width * 3))) == fixture.digest)
    }
    #expect(buffer.count == 37 * 53 * 3)
  }

  @Test("label maps keep the stored numbers", arguments: ImageFixture.labels)
  func labelMaps(_ fixture: ImageFixture) throws {
    let labels = try ImageFile.readLabelMap(fixture.path)
    #expect((labels.height, labels.width, labels.channels) == (fixture.height, fixture.width, 1))
    #expect(ImageFixture.digest(labels.pixels) == fixture.digest)
    #expect(try Image(decodingLabels: ImageFixture.bytes(fixture.file)) == labels)
  }

  @Test("EXIF's orientation can be left alone")
  func asStored() throws {
    let upright = try ImageFile.read(ImageFixture.path("exif-6.jpg"))
    let stored = try ImageFile.read(ImageFixture.path("exif-6.jpg"), orientation: .asStored)
    #expect((upright.height, upright.width) == (18, 11))
    #expect((stored.height, stored.width) == (11, 18))
    #expect(try ImageFile.size(ImageFixture.path("exif-6.jpg"), orientation: .asStored) == (11, 18))
    for y in 0..<18 {
      for x in 0..<11 { #expect(upright[y, x, 0] == stored[10 - x, y, 0]) }
    }
    var buffer: [UInt8] = []
    let size = try ImageFile.read(ImageFixture.path("exif-6.jpg"), into: &buffer, orientation: .asStored)
    #expect(size == (11, 18) && buffer == stored.pixels)
  }

  @Test("the scale that covers a short side is the smallest that does")
  func coveringScale() {
    #expect(JPEGScale.covering(shortSide: 240, ofHeight: 480, width: 640) == JPEGScale(eighths: 4))
    #expect(JPEGScale.covering(shortSide: 241, ofHeight: 480, width: 640) == .full)
    #expect(JPEGScale.covering(shortSide: 900, ofHeight: 480, width: 640) == .full)
    #expect(JPEGScale.covering(shortSide: 1, ofHeight: 480, width: 640) == JPEGScale(eighths: 1))
  }

  // MARK: Bad input

  @Test(
    "a truncated file is an error that names the file",
    arguments: ["truncated.jpg", "truncated-progressive.jpg", "truncated.png"])
  func truncated(_ file: String) throws {
    let path = ImageFixture.path(file)
    let error = #expect(throws: ImagingError.self) { try ImageFile.read(path) }
    guard case .truncated(path, _) = error else {
      Issue.record("expected a truncated image, got \(String(describing: error))")
      return
    }
    #expect(error?.description.hasPrefix(path + ": the image is truncated: ") == true)
    #expect(try ImageFile.size(path).height > 0, "the header is whole")
  }

  @Test(
    "every shorter beginning of a file is refused",
    arguments: ["rgb-420.jpg", "progressive.jpg", "cmyk.jpg", "rgb.png"])
  func everyPrefix(_ file: String) throws {
    let whole = ImageFixture.bytes(file)
    for count in stride(from: 0, to: whole.count * 9 / 10, by: 7) {
      #expect(throws: ImagingError.self) { try Image(decoding: Array(whole[..<count])) }
    }
  }

  @Test("a header that promises too many pixels is refused before memory is asked for")
  func tooLarge() throws {
    let path = ImageFixture.path("bomb.png")
    let error = #expect(throws: ImagingError.self) { try ImageFile.read(path) }
    #expect(
      error
        == .tooLarge(
          file: path, reason: "100000 x 100000 pixels (height x width), wanted at most 178956970 pixels"))
    #expect(throws: ImagingError.self) { try ImageFile.readLabelMap(path) }
    let limits = ImageLimits(pixels: 37 * 53 - 1)
    #expect(throws: ImagingError.self) { try ImageFile.read(ImageFixture.path("rgb-420.jpg"), limits: limits) }
    #expect(throws: Never.self) {
      try ImageFile.read(ImageFixture.path("rgb-420.jpg"), limits: ImageLimits(pixels: 37 * 53))
    }
  }

  @Test("a progressive file with more scans than allowed is refused")
  func tooManyScans() throws {
    let path = ImageFixture.path("progressive.jpg")
    let error = #expect(throws: ImagingError.self) { try ImageFile.read(path, limits: ImageLimits(scans: 3)) }
    #expect(error == .tooLarge(file: path, reason: "more than 3 scans"))
  }

  @Test("what is no image, no file, or a folder is said so")
  func notAnImage() throws {
    let folder = try ScratchFolder()
    let text = try folder.file("notes.jpg")
    try Data("hello, world".utf8).write(to: URL(fileURLWithPath: text))
    #expect(throws: ImagingError.notAnImage(file: text)) { try ImageFile.read(text) }
    #expect(throws: ImagingError.notAnImage(file: text)) { try ImageFile.size(text) }
    let empty = try folder.file("empty.png")
    try Data().write(to: URL(fileURLWithPath: empty))
    #expect(throws: ImagingError.truncated(file: empty, reason: "the file is empty")) { try ImageFile.read(empty) }
    let missing = try folder.file("missing.jpg")
    let error = #expect(throws: ImagingError.self) { try ImageFile.read(missing) }
    #expect(error?.description == "\(missing): cannot read: No such file or directory")
    #expect(throws: ImagingError.self) { try ImageFile.read(folder.path) }
  }

  @Test("a colour PNG, a JPEG and labels above 255 are no label maps")
  func notLabels() throws {
    for file in ["rgb.png", "rgba.png", "grey-alpha.png", "grey.jpg", "grey-16bit.png"] {
      let error = #expect(throws: ImagingError.self) { try ImageFile.readLabelMap(ImageFixture.path(file)) }
      guard case .unsupported(ImageFixture.path(file), _) = error else {
        Issue.record("\(file): got \(String(describing: error))")
        continue
      }
    }
  }

  @Test(
    "flipped bits and random bytes give an image or an error, never a crash",
    arguments: ["rgb-420.jpg", "progressive.jpg", "cmyk.jpg", "exif-6.jpg", "rgb-interlaced.png", "palette-4bit.png"])
  func damaged(_ file: String) {
    let whole = ImageFixture.bytes(file)
    var random = TestGenerator(word: UInt64(file.utf8.count))
    var (read, refused) = (0, 0)
    func attempt(_ bytes: [UInt8]) {
      let limits = ImageLimits(pixels: 1_000_000, scans: 30)
      do throws(ImagingError) {
        let image = try Image(decoding: bytes, limits: limits)
        #expect(image.height * image.width <= 1_000_000)
        read += 1
      } catch { refused += 1 }
      _ = try? Image(decodingLabels: bytes, limits: limits)
    }
    for _ in 0..<150 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      attempt(bytes)
      // The beginning kept, so that the decoder proper meets the noise.
      let kept = Int.random(in: 0..<bytes.count, using: &random)
      attempt(whole.prefix(kept) + (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
    #expect(read + refused == 300)
    #expect(refused > 0)
  }
}

/// A small seeded generator of the test's own.
struct TestGenerator: RandomNumberGenerator {
  var word: UInt64

  mutating func next() -> UInt64 {
    word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (word ^ (word >> 29)) &* 0x9E37_79B9_7F4A_7C15
  }
}
