import Testing

@testable import Imaging

@Suite("Image.blur")
struct ImageBlurTests {
  @Test("a blur gives Pillow's bytes, of images smaller than its box too", arguments: AugmentationGolden.pictures)
  func pillow(_ picture: String) throws {
    let cases = AugmentationGolden.file.names.filter { $0.hasPrefix("blur/\(picture)/") }
    #expect(cases.count == 8)
    for name in cases {
      let tenths = try #require(Int(name.split(separator: "/")[2]))
      var image = AugmentationGolden.image("picture/\(picture)")
      image.blur(deviation: Double(tenths) / 10)
      #expect(image == AugmentationGolden.image(name), "\(name)")
    }
  }

  @Test("an edge becomes as soft as the deviation says", arguments: [0.5, 1, 1.9, 4.5, 6])
  func spread(deviation: Double) {
    let side = 121
    var image = Image(height: side, width: side, channels: 3)
    image.fill(y: 40, x: 40, height: 41, width: 41, with: 250)
    image.blur(deviation: deviation)
    // Along the middle row the square's edge is an integral of the Gaussian: its slopes have the Gaussian's variance.
    var (sum, variance) = (0.0, 0.0)
    for x in 1..<60 {
      let slope = Double(image[60, x, 0]) - Double(image[60, x - 1, 0])
      sum += slope
      variance += slope * (Double(x) - 40) * (Double(x) - 40)
    }
    #expect(abs(sum - 250) <= 250 * 0.02)
    // Bytes are rounded in each of six passes.
    #expect(abs((variance / sum).squareRoot() - deviation) < 0.1 + 0.05 * deviation)
  }

  @Test("one colour stays, however wide the blur is", arguments: [0, 0.1, 2, 300])
  func flat(deviation: Double) {
    for (height, width) in [(1, 1), (2, 9), (30, 21)] {
      let image = Image(height: height, width: width, channels: 3, fill: 201)
      var blurred = image
      blurred.blur(deviation: deviation)
      #expect(blurred == image)
    }
  }
}
