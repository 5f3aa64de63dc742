import Foundation
import TestSupport
import Testing

@testable import Imaging

/// The operations that only RandAugment and CTAugment have, against `Fixtures/policies.safetensors`, written by
/// `tools/make-goldens/policies.py`.
@Suite struct RingBlurTests {
  private static let golden = try! GoldenFile(
    path: Bundle.module.url(forResource: "Fixtures/policies", withExtension: "safetensors")!.path)

  private func image(_ name: String) -> Image {
    let shape = Self.golden.shape(name)
    return Image(height: shape[0], width: shape[1], channels: 3, pixels: Self.golden.bytes(name))
  }

  private static let pictures = golden.names.filter { $0.hasPrefix("picture/") }.map { String($0.dropFirst(8)) }

  @Test("a ring blur gives Pillow's bytes, of images smaller than the ring too", arguments: pictures)
  func blur(picture: String) {
    var found = image("picture/\(picture)")
    ColorOperation.ringBlur.apply(to: &found)
    #expect(found == image("ringBlur/\(picture)"))
  }

  @Test("an operation in part gives the bytes of Pillow's blend", arguments: pictures)
  func mixed(picture: String) throws {
    let operations: [Substring: ColorOperation] = [
      "autoContrast": .autoContrast, "equalize": .equalize, "invert": .solarize(threshold: 0), "blur": .ringBlur,
      "smooth": .sharpness(factor: 0),
    ]
    let names = Self.golden.names.filter { $0.hasPrefix("mixed/\(picture)/") }
    #expect(names.count == 25)
    for name in names {
      let words = name.split(separator: "/")
      let (operation, share) = (try #require(operations[words[2]]), try #require(Double(words[3])) / 100)
      var found = image("picture/\(picture)")
      ColorOperation.mixed(operation, share: share).apply(to: &found)
      #expect(found == image(name), "\(name)")
    }
  }

  @Test("each inner pixel is the mean of the sixteen around it, written out")
  func reference() {
    var image = Image(height: 7, width: 6, channels: 3)
    for place in image.pixels.indices { image.pixels[place] = UInt8(place * 37 % 256) }
    var found = image
    found.blurByRing()
    for y in 0..<7 {
      for x in 0..<6 {
        for channel in 0..<3 {
          var wanted = Int(image[y, x, channel])
          if (2..<5).contains(y) && (2..<4).contains(x) {
            var sum = 0
            for (row, column) in (-2...2).flatMap({ row in (-2...2).map { (row, $0) } })
            where max(abs(row), abs(column)) == 2 { sum += Int(image[y + row, x + column, channel]) }
            wanted = Int((Double(sum) / 16 + 0.5).rounded(.down))
          }
          #expect(Int(found[y, x, channel]) == wanted)
        }
      }
    }
  }
}
