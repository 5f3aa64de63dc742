import Testing

@testable import Imaging

/// Maps of how much pixels matter, over pictures.
@Suite struct HeatMapTests {
  @Test("colours go from dark violet over red and orange to pale yellow, brighter and brighter")
  func colors() {
    #expect(HeatMap.color(0) == RGB(hex: 0x0A0722) && HeatMap.color(255) == RGB(hex: 0xFCFFA4))
    let luminances = (0...255).map { HeatMap.color(UInt8($0)).luminance }
    #expect(zip(luminances, luminances.dropFirst()).allSatisfy { $0 <= $1 + 1 })
    #expect(luminances[255] > luminances[191] && luminances[191] > luminances[127] && luminances[127] > luminances[63])
  }

  @Test("the picture is seen through where nothing matters, and an area is enclosed, but for the picture's border")
  func over() {
    var values = Image(height: 5, width: 6, channels: 1)
    values[2, 5, 0] = 255
    var area = Image(height: 5, width: 6, channels: 1)
    for y in 0..<5 { for x in 0..<3 { area[y, x, 0] = 1 } }
    let picture = Image(height: 5, width: 6, color: RGB(100, 100, 100))
    let drawn = HeatMap(values).over(picture, outlined: area)
    func color(_ y: Int, _ x: Int) -> [UInt8] { (0..<3).map { drawn[y, x, $0] } }
    for y in 0..<5 {
      #expect(color(y, 2) == [255, 255, 255] && color(y, 0) == color(0, 3))
    }
    #expect(color(0, 3).allSatisfy { (80...100).contains($0) })
    // Pale yellow: much red and green, less blue.
    #expect(color(2, 5)[0] > 200 && color(2, 5)[2] < color(2, 5)[0])
  }

  @Test("a legend is as wide as its picture, however narrow")
  func legend() {
    for width in [1, 40, 300] { #expect(HeatMap.legend("car 3.1 %", width: width).width == width) }
  }
}
