import Randomness
import Testing

@testable import Annotations

@Suite("MaskRuns")
struct MaskRunsTests {
  @Test("area, box and overlap are those of the pixels", arguments: 0..<30)
  func measures(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let (height, width) = (Int.random(in: 1...20, using: &generator), Int.random(in: 1...20, using: &generator))
    let masks = (0..<2).map { _ in
      let share = [0, 0.1, 0.5, 1][Int.random(in: 0..<4, using: &generator)]
      return (0..<height * width).map { _ in UInt8(Double.random(in: 0..<1, using: &generator) < share ? 1 : 0) }
    }
    let plain = masks.map { RunLengthMask(pixels: $0, height: height, width: width) }
    var (one, two) = (MaskRuns(), MaskRuns())
    // Another mask in front, so that offsets matter.
    _ = try two.append(Segmentation(plain[0]), size: nil)
    let first = try one.append(Segmentation(plain[0]), size: nil)
    let second = try two.append(Segmentation(plain[1]), size: nil)
    #expect(one.area(of: first) == plain[0].area && two.area(of: second) == plain[1].area)
    let box = two.box(of: second)
    let wanted = plain[1].box ?? Box(x0: 0, y0: 0, x1: 0, y1: 0)
    #expect(Double(box.x) == wanted.x0 && Double(box.y) == wanted.y0)
    #expect(Double(box.width) == wanted.width && Double(box.height) == wanted.height)
    let common = zip(masks[0], masks[1]).count { $0 & $1 != 0 }
    let either = zip(masks[0], masks[1]).count { $0 | $1 != 0 }
    let overlap = one.overlap(of: first, with: second, in: two, isCrowd: false)
    #expect(overlap == (common == 0 ? 0 : Double(common) / Double(either)))
    let share = one.overlap(of: first, with: second, in: two, isCrowd: true)
    #expect(share == (common == 0 ? 0 : Double(common) / Double(plain[0].area)))
    if common > 0 { #expect(one.box(of: first).overlaps(box)) }
  }

  @Test("several polygons are one mask of the pixels in any of them", arguments: 0..<30)
  func union(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let rings = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
      (0..<2 * Int.random(in: 3...6, using: &generator)).map { _ in Double.random(in: -5...25, using: &generator) }
    }
    let masks = try rings.map { try #require(RunLengthMask(polygon: $0, height: 20, width: 17)).pixels }
    let pixels = (0..<20 * 17).map { place in masks.contains { $0[place] != 0 } ? UInt8(1) : 0 }
    var runs = MaskRuns()
    let mask = try runs.append(Segmentation(polygons: rings), size: MaskSize(height: 20, width: 17))
    let wanted = RunLengthMask(pixels: pixels, height: 20, width: 17)
    #expect(runs.runs[mask.range].map { Int($0) } == wanted.counts)
  }

  @Test("a plain text is read as any other: keys in any order, white space, backslashes")
  func texts() throws {
    let pixels = (0..<60 * 60).map { UInt8($0 * 7919 % 61 < 20 ? 1 : 0) }
    let mask = RunLengthMask(pixels: pixels, height: 60, width: 60)
    let counts = mask.counts.map(String.init).joined(separator: ", ")
    let long = try RunLengthMask(counts: [44 << 5 | 1, 12, 3600 - 1409 - 12], height: 60, width: 60)
    let escaped = long.compressed.replacing("\\", with: "\\\\")
    for (text, wanted) in [
      (Segmentation(mask).text, mask), (#"{ "counts" : [\#(counts)], "size": [60 ,60] }"#, mask),
      (#"{"size":[60,60],"counts":"\#(escaped)"}"#, long),
    ] {
      var runs = MaskRuns()
      let found = try runs.append(Segmentation(text: text), size: nil, keepsEmptyRuns: true)
      #expect(found.size == MaskSize(height: 60, width: 60))
      #expect(runs.runs[found.range].map { Int($0) } == wanted.counts, "\(text.prefix(80))")
    }
  }

  @Test("empty runs join their neighbours unless they are to be kept")
  func emptyRuns() throws {
    let text = #"{"size":[4,5],"counts":[0,3,0,2,5,0,4,1,0,0,5,0]}"#
    var runs = MaskRuns()
    let joined = try runs.append(Segmentation(text: text), size: nil)
    let kept = try runs.append(Segmentation(text: text), size: nil, keepsEmptyRuns: true)
    #expect(Array(runs.runs[joined.range]) == [0, 5, 9, 1, 5])
    #expect(Array(runs.runs[kept.range]) == [0, 3, 0, 2, 5, 0, 4, 1, 0, 0, 5, 0])
    #expect(runs.area(of: joined) == 6 && runs.area(of: kept) == 6 && runs.box(of: joined) == runs.box(of: kept))
  }

  @Test("of a damaged compressed text the same runs are taken as by the slow reader, or none", arguments: 0..<200)
  func damage(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let (height, width) = (Int.random(in: 1...60, using: &generator), Int.random(in: 1...60, using: &generator))
    let pixels = (0..<height * width).map { _ in UInt8.random(in: 0..<8, using: &generator) == 0 ? UInt8(1) : 0 }
    var bytes = Array(RunLengthMask(pixels: pixels, height: height, width: width).compressed.utf8)
    for _ in 0..<Int.random(in: 0...2, using: &generator) where !bytes.isEmpty {
      let place = Int.random(in: bytes.indices, using: &generator)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: 35...120, using: &generator)
      case 1: bytes.remove(at: place)
      default: bytes.insert(UInt8.random(in: 80...111, using: &generator), at: place)
      }
    }
    let counts = String(decoding: bytes, as: UTF8.self)
    let escaped = counts.replacing("\\", with: "\\\\")
    var runs = MaskRuns()
    let found = try? runs.append(
      Segmentation(text: #"{"size":[\#(height),\#(width)],"counts":"\#(escaped)"}"#), size: nil, keepsEmptyRuns: true)
    let wanted = try? RunLengthMask(compressed: counts, height: height, width: width)
    #expect(found.map { runs.runs[$0.range].map { Int($0) } } == wanted?.counts)
  }
}
