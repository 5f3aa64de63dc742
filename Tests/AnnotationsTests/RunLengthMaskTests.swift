import Annotations
import Documents
import Foundation
import Randomness
import TestSupport
import Testing

@Suite struct RunLengthMaskTests {
  private func bytes(_ rows: [String]) -> [UInt8] { rows.joined().utf8.map { $0 == UInt8(ascii: "#") ? 1 : 0 } }

  @Test("runs go down the columns, background first")
  func order() {
    let mask = RunLengthMask(pixels: bytes(["#..", "##."]), height: 2, width: 3)
    #expect(mask.counts == [0, 2, 1, 1, 2])
    #expect(mask.area == 3)
    #expect(mask.box == Box(x0: 0, y0: 0, x1: 2, y1: 2))
    #expect(mask.pixels == bytes(["#..", "##."]))
  }

  @Test("an empty and a full mask")
  func extremes() {
    let empty = RunLengthMask(pixels: [0, 0, 0, 0], height: 2, width: 2)
    #expect(empty.counts == [4])
    #expect(empty.box == nil)
    #expect(RunLengthMask(pixels: [1, 1, 1, 1], height: 2, width: 2).counts == [0, 4])
  }

  @Test("random masks survive pixels, runs and compressed text; area and box equal a count over the pixels")
  func roundTrip() throws {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<300 {
      let (height, width) = (1 + generator.integer(below: 40), 1 + generator.integer(below: 40))
      let density = generator.uniform()
      let pixels = (0..<height * width).map { _ in UInt8(generator.chance(density) ? 1 : 0) }
      let mask = RunLengthMask(pixels: pixels, height: height, width: width)
      #expect(mask.pixels == pixels)
      #expect(try RunLengthMask(compressed: mask.compressed, height: height, width: width) == mask)
      #expect(mask.area == pixels.count { $0 == 1 })
      let places = pixels.indices.filter { pixels[$0] == 1 }
      let rows = places.map { Double($0 / width) }
      let columns = places.map { Double($0 % width) }
      if let top = rows.min(), let bottom = rows.max(), let left = columns.min(), let right = columns.max() {
        #expect(mask.box == Box(x0: left, y0: top, x1: right + 1, y1: bottom + 1))
      } else {
        #expect(mask.box == nil)
      }
    }
  }

  @Test("pycocotools' texts, areas and boxes come out the same to the byte")
  func golden() throws {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/run-lengths", withExtension: "json"))
    let cases = try #require(try JSON(contentsOf: url.path)["cases"]?.array)
    #expect(cases.count == 60)
    for golden in cases {
      let rows = try #require(golden["rows"]?.array).compactMap(\.string)
      let height = try #require(golden["size"]?.array?[0].int)
      let width = try #require(golden["size"]?.array?[1].int)
      let mask = RunLengthMask(pixels: bytes(rows), height: height, width: width)
      #expect(mask.compressed == golden["counts"]?.string)
      #expect(mask.area == golden["area"]?.int)
      let box = try #require(golden["box"]?.array).compactMap(\.double)
      // pycocotools gives an empty mask the box 0, 0, 0, 0.
      #expect(
        mask.box ?? Box(x: 0, y: 0, width: 0, height: 0) == Box(x: box[0], y: box[1], width: box[2], height: box[3]))
      let counts = try #require(golden["counts"]?.string)
      #expect(try RunLengthMask(compressed: counts, height: height, width: width).pixels == bytes(rows))
    }
  }

  @Test(
    "broken compressed texts are refused with the reason",
    arguments: [
      ("0", 2, 2, "the runs add up to 0 pixels, the size to 4"),
      ("6", 2, 2, "the runs add up to 6 pixels, the size to 4"),
      ("O5", 2, 2, "a run is negative"), (" ", 2, 2, "counts has the byte 32, which is not used in run lengths"),
      ("P", 2, 2, "counts ends within a number"), ("4", -2, 2, "the size [-2, 2] is not one of a mask"),
      ("4", 4_000_000_000, 4_000_000_000, "the size [4000000000, 4000000000] is not one of a mask"),
      (String(repeating: "o", count: 40), 2, 2, "counts has a number that is too large"),
    ])
  func refused(text: String, height: Int, width: Int, message: String) {
    #expect(errorMessage { _ = try RunLengthMask(compressed: text, height: height, width: width) } == message)
  }
}
