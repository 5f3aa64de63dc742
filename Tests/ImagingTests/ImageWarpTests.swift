import Foundation
import TestSupport
import Testing

@testable import Imaging

@Suite("Image, warping")
struct ImageWarpTests {
  /// The slow way, in double precision: four neighbours, `fill` where one lies outside.
  private static func exact(
    _ image: Image, _ sourceX: SIMD3<Double>, _ sourceY: SIMD3<Double>, _ fill: UInt8, _ y: Int, _ x: Int, _ c: Int
  ) -> Double {
    let place = SIMD3(Double(x) + 0.5, Double(y) + 0.5, 1)
    let (px, py) = ((sourceX * place).sum() - 0.5, (sourceY * place).sum() - 0.5)
    let (left, top) = (px.rounded(.down), py.rounded(.down))
    var sum = 0.0
    for (row, rowWeight) in [(top, 1 - (py - top)), (top + 1, py - top)] {
      for (column, columnWeight) in [(left, 1 - (px - left)), (left + 1, px - left)] {
        let inside =
          row >= 0 && column >= 0 && row < Double(image.height) && column < Double(image.width)
        sum += rowWeight * columnWeight * Double(inside ? image[Int(row), Int(column), c] : fill)
      }
    }
    return sum
  }

  private static let maps: [(x: SIMD3<Double>, y: SIMD3<Double>)] = [
    ([1, 0, 0], [0, 1, 0]), ([1, 0, -3.25], [0, 1, 0]), ([1, 0, 0], [0, 1, 2.5]), ([0.8, 0.6, -2], [-0.6, 0.8, 7]),
    ([0, 1, 0], [1, 0, 0]), ([-1, 0, 17], [0, 1, 0]), ([1, 1e-17, 0.5], [1e-12, 1, 0]), ([1, 0, 500], [0, 1, 0]),
    ([0.1, 0, 3], [0, 0.1, 3]), ([9, 2, -40], [1, -7, 30]), ([0, 0, 5.2], [0, 0, 4.9]),
    ([1.2, -0.48, 0], [-0.41, 1, 0]),
  ]

  @Test(
    "every pixel is the interpolation of its four neighbours, the fill beyond the edge",
    arguments: [(13, 17), (1, 1), (3, 5), (2, 2), (1, 9), (40, 3)])
  func reference(_ height: Int, _ width: Int) {
    let image = ResizeFixture.picture(height, width)
    for (number, map) in Self.maps.enumerated() {
      let result = image.warped(sourceX: map.x, sourceY: map.y, fill: 125)
      #expect((result.height, result.width, result.channels) == (height, width, 3))
      var worst = 0.0
      for y in 0..<height {
        for x in 0..<width {
          for c in 0..<3 {
            worst = max(worst, abs(Double(result[y, x, c]) - Self.exact(image, map.x, map.y, 125, y, x, c)))
          }
        }
      }
      // Rounding to bytes, and weights in single precision.
      #expect(worst <= 0.5 + 1e-3, "map \(number)")
    }
    let same = image.warped(sourceX: [1, 0, 0], sourceY: [0, 1, 0], fill: 125)
    #expect(same == image)
    let gone = image.warped(sourceX: [1, 0, 1e9], sourceY: [0, -1e6, 0], fill: 7)
    #expect(gone.pixels.allSatisfy { $0 == 7 })
    // All of the image within a millionth of a pixel: only the column there could show it.
    let steep = image.warped(sourceX: [1e6, 0, 0.5 - 0.5e6], sourceY: [0, 1, 0], fill: 7)
    for y in 0..<height {
      #expect(steep[y, 0, 0] == image[y, 0, 0])
      #expect((1..<max(width, 1)).allSatisfy { steep[y, $0, 0] == 7 })
    }
  }

  @Test("inside the image it is Pillow's bilinear transform, which cuts off where this rounds", arguments: 0..<7)
  func pillow(_ number: Int) {
    let numbers = AugmentationGolden.file.doubles("map/\(number)")
    let (mapX, mapY) = (SIMD3(numbers[0], numbers[1], numbers[2]), SIMD3(numbers[3], numbers[4], numbers[5]))
    let image = AugmentationGolden.image("picture/noise")
    let wanted = AugmentationGolden.image("warp/\(number)")
    let result = image.warped(sourceX: mapX, sourceY: mapY, fill: 125)
    var compared = 0
    for y in 0..<image.height {
      for x in 0..<image.width {
        let place = SIMD3(Double(x) + 0.5, Double(y) + 0.5, 1)
        let (px, py) = ((mapX * place).sum() - 0.5, (mapY * place).sum() - 0.5)
        // Pillow repeats the edge there, this blends with the fill.
        guard px >= 0, py >= 0, px <= Double(image.width - 1), py <= Double(image.height - 1) else { continue }
        compared += 1
        for c in 0..<3 { #expect((0...1).contains(Int(result[y, x, c]) - Int(wanted[y, x, c])), "\(y) \(x) \(c)") }
      }
    }
    #expect(compared > image.height * image.width / 2)
  }

  @Test("a filled rectangle is exactly that, and an empty one nothing")
  func fill() {
    let image = ResizeFixture.picture(6, 8)
    var changed = image
    changed.fill(y: 2, x: 3, height: 4, width: 5, with: 125)
    changed.fill(y: 6, x: 8, height: 0, width: 0, with: 1)
    for y in 0..<6 {
      for x in 0..<8 {
        for c in 0..<3 { #expect(changed[y, x, c] == (y >= 2 && x >= 3 ? 125 : image[y, x, c])) }
      }
    }
  }

  @Test("resizing with mirroring is mirroring before", arguments: [(7, 9, 20, 13), (37, 53, 11, 16), (6, 6, 6, 6)])
  func mirrored(_ height: Int, _ width: Int, _ rows: Int, _ columns: Int) {
    let image = ResizeFixture.picture(height, width)
    let result = image.resized(height: rows, width: columns, mirrored: true)
    #expect(result == image.flippedHorizontally().resized(height: rows, width: columns))
    let grey = Image(height: 2, width: 3, channels: 1, pixels: [0, 10, 20, 30, 40, 50])
    let wide = grey.resized(height: 2, width: 6, mirrored: true)
    #expect(wide.pixels == [20, 18, 12, 8, 2, 0, 50, 48, 42, 38, 32, 30])
  }
}
