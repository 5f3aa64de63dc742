import Testing

@testable import Annotations

@Suite struct RingTracingTests {
  private func mask(_ rows: [String]) -> RunLengthMask {
    RunLengthMask(
      pixels: rows.joined().utf8.map { $0 == UInt8(ascii: "#") ? 1 : 0 }, height: rows.count, width: rows[0].utf8.count)
  }

  @Test(
    "parts are rings along the edges of pixels; holes are counted; what touches at a corner is one part",
    arguments: [
      (["....", ".##.", "...."], [[1.0, 1, 3, 1, 3, 2, 1, 2]], 0), (["#"], [[0.0, 0, 1, 0, 1, 1, 0, 1]], 0),
      (["..."], [], 0),
      (["#.#"], [[0.0, 0, 1, 0, 1, 1, 0, 1], [2, 0, 3, 0, 3, 1, 2, 1]], 0),
      (["#.", ".#"], [[0.0, 0, 1, 0, 1, 1, 2, 1, 2, 2, 1, 2, 1, 1, 0, 1]], 0),
      ([".#", "#."], [[1.0, 0, 2, 0, 2, 1, 1, 1, 1, 2, 0, 2, 0, 1, 1, 1]], 0),
      (["###", "#.#", "###"], [[0.0, 0, 3, 0, 3, 3, 0, 3]], 1),
      (["##", "#."], [[0.0, 0, 2, 0, 2, 1, 1, 1, 1, 2, 0, 2]], 0),
      (["#####", "#.#.#", "#####"], [[0.0, 0, 5, 0, 5, 3, 0, 3]], 2),
    ] as [([String], [[Double]], Int)])
  func rings(rows: [String], rings: [[Double]], holes: Int) {
    let traced = RingTracing(mask(rows))
    #expect(traced.rings == rings)
    #expect(traced.holes == holes)
  }

  @Test("the pixels inside the rings of any mask are its own and those of its holes")
  func inside() {
    var state: UInt64 = 11
    for round in 0..<300 {
      let (height, width) = (1 + round % 9, 1 + round % 13)
      let pixels = (0..<height * width).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 40 & 3 > UInt64(round % 3) ? 1 : 0
      }
      let traced = RingTracing(RunLengthMask(pixels: pixels, height: height, width: width))
      // Pixels that cannot be reached from outside without crossing the mask are in a hole.
      let filled = Self.filled(pixels, height: height, width: width)
      var inside = [Int](repeating: 0, count: pixels.count)
      for ring in traced.rings {
        for (place, value) in Self.pixels(within: ring, height: height, width: width).enumerated() where value {
          inside[place] += 1
        }
      }
      #expect(inside.map { $0 > 0 } == filled, "\(height)×\(width) \(pixels)")
      #expect((traced.holes == 0) == (zip(pixels, filled).allSatisfy { ($0 == 1) == $1 }))
    }
  }

  @Test("empty runs divide no part, and a mask of a hundred million pixels is traced along its edge alone")
  func runs() throws {
    let divided = try RunLengthMask(counts: [4, 1, 0, 1, 3, 2, 1], height: 4, width: 3)
    #expect(RingTracing(divided).rings == RingTracing(mask([".#.", ".##", "..#", "..."])).rings)
    let begin = ContinuousClock.now
    let full = RingTracing(try RunLengthMask(counts: [0, 100_000_000], height: 10_000, width: 10_000))
    #expect(full.rings == [[0, 0, 10_000, 0, 10_000, 10_000, 0, 10_000]] && full.holes == 0)
    #expect(ContinuousClock.now - begin < .seconds(5))
  }

  /// By the winding of the ring around the middle of each pixel.
  private static func pixels(within ring: [Double], height: Int, width: Int) -> [Bool] {
    (0..<height * width).map { place in
      let (x, y) = (Double(place % width) + 0.5, Double(place / width) + 0.5)
      var winding = 0
      for at in stride(from: 0, to: ring.count, by: 2) {
        let next = (at + 2) % ring.count
        guard ring[at] == ring[next], ring[at] > x else { continue }
        if ring[at + 1] < y, ring[next + 1] > y { winding += 1 }
        if ring[at + 1] > y, ring[next + 1] < y { winding -= 1 }
      }
      return winding != 0
    }
  }

  /// The mask with its holes: background is joined by sides alone, since the mask is joined by corners.
  private static func filled(_ pixels: [UInt8], height: Int, width: Int) -> [Bool] {
    var outside = [Bool](repeating: false, count: pixels.count)
    var pending = (0..<pixels.count).filter {
      pixels[$0] == 0 && ($0 % width == 0 || $0 % width == width - 1 || $0 / width == 0 || $0 / width == height - 1)
    }
    while let place = pending.popLast() {
      if outside[place] { continue }
      outside[place] = true
      let (x, y) = (place % width, place / width)
      for (nx, ny) in [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
      where nx >= 0 && ny >= 0 && nx < width && ny < height && pixels[ny * width + nx] == 0 {
        pending.append(ny * width + nx)
      }
    }
    return outside.map { !$0 }
  }
}
