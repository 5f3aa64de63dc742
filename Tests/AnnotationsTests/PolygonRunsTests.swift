import Annotations
import Documents
import Foundation
import TestSupport
import Testing

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

  @Test(
    "what is no polygon is refused",
    arguments: [[0, 0, 1, 1], [0, 0, 1, 1, 2], [0, 0, .nan, 1, 2, 2], [0, 0, 1e12, 1, 2, 2]])
  func refused(ring: [Double]) {
    #expect(RunLengthMask(polygon: ring, height: 4, width: 4) == nil)
  }
}
