import Documents
import Foundation
import TestSupport
import Testing

@testable import Annotations

@Suite struct PolygonRunsTests {
  @Test("a box on whole pixels covers its pixels")
  func box() throws {
    let mask = try #require(RunLengthMask(polygon: [1, 1, 3, 1, 3, 4, 1, 4], height: 5, width: 4))
    #expect(mask.pixels == [0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0])
  }

  @Test("pycocotools' runs come out the same, also over the edges, with crossings and without area")
  func golden() throws {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/polygons", withExtension: "json"))
    let cases = try #require(try JSON(contentsOf: url.path)["cases"]?.array)
    #expect(cases.count == 140)
    for golden in cases {
      let size = try #require(golden["size"]?.array).compactMap(\.int)
      let ring = try #require(golden["ring"]?.array).compactMap(\.double)
      let mask = try #require(RunLengthMask(polygon: ring, height: size[0], width: size[1]))
      #expect(mask.compressed == golden["counts"]?.string, "\(ring)")
    }
  }

  @Test("an outline that crosses its columns again and again gives the same runs however many crossings are kept")
  func zigzag() throws {
    // From the left to the right and back, a little lower each time; the last of them at the heights of the first.
    func ring(_ turns: Int, width: Double) -> [Double] {
      (0..<turns).flatMap { turn -> [Double] in
        let (side, row) = (Double(turn % 2), Double(turn % 40))
        return [side * width, row * 0.7]
      }
    }
    for turns in [3, 40, 200, 1001] {
      let ring = ring(turns, width: 57)
      var runs: [[UInt32]] = [[], [], []]
      for (place, most) in [1 << 20, 100, 0].enumerated() {
        var polygon = PolygonRuns(most: most)
        polygon.append(ring, height: 40, width: 60, to: &runs[place])
        #expect(runs[place] == runs[0], "\(turns), \(most)")
      }
    }
    let begin = ContinuousClock.now
    let mask = try #require(RunLengthMask(polygon: ring(4000, width: 3000), height: 2000, width: 3000))
    #expect(mask.counts.reduce(0, +) == 2000 * 3000 && ContinuousClock.now - begin < .seconds(10))
  }

  @Test(
    "what is no polygon is refused",
    arguments: [[0, 0, 1, 1], [0, 0, 1, 1, 2], [0, 0, .nan, 1, 2, 2], [0, 0, 1e12, 1, 2, 2]])
  func refused(ring: [Double]) {
    #expect(RunLengthMask(polygon: ring, height: 4, width: 4) == nil)
  }
}
