import Foundation
import TestSupport
import Testing

@testable import Imaging

/// Arrays of `Fixtures/augmentation.safetensors`, written by `tools/make-goldens/augmentation.py`.
enum AugmentationGolden {
  static let file = try! GoldenFile(
    path: Bundle.module.url(forResource: "Fixtures/augmentation", withExtension: "safetensors")!.path)

  static let pictures = file.names.filter { $0.hasPrefix("picture/") }.map { String($0.dropFirst(8)) }

  static func image(_ name: String) -> Image {
    let shape = file.shape(name)
    return Image(height: shape[0], width: shape[1], channels: 3, pixels: file.bytes(name))
  }

  static func operation(_ name: Substring, _ parameter: Int) -> ColorOperation? {
    let factor = 0.18 * Double(parameter) + 0.1
    return switch name {
    case "autoContrast": .autoContrast
    case "equalize": .equalize
    case "solarize": .solarize(threshold: parameter)
    case "posterize": .posterize(bits: parameter)
    case "color": .color(factor: factor)
    case "contrast": .contrast(factor: factor)
    case "brightness": .brightness(factor: factor)
    case "sharpness": .sharpness(factor: factor)
    default: nil
    }
  }
}

@Suite("ColorOperation")
struct ColorOperationTests {
  @Test("every operation gives Pillow's bytes", arguments: AugmentationGolden.pictures)
  func pillow(_ picture: String) throws {
    let cases = AugmentationGolden.file.names.filter { $0.hasPrefix("color/\(picture)/") }
    #expect(cases.count == 2 + 3 + 4 + 4 * 5)
    for name in cases {
      let words = name.split(separator: "/")
      let parameter = try #require(Int(words[3]))
      let operation = try #require(AugmentationGolden.operation(words[2], parameter))
      var image = AugmentationGolden.image("picture/\(picture)")
      operation.apply(to: &image)
      #expect(image == AugmentationGolden.image(name), "\(name)")
    }
  }

  @Test("identity and factors of 1 change nothing, 256 inverts nothing, 0 inverts all")
  func neutral() {
    let image = ResizeFixture.picture(9, 14)
    let neutral: [ColorOperation] = [
      .identity, .color(factor: 1), .contrast(factor: 1), .brightness(factor: 1), .sharpness(factor: 1),
      .posterize(bits: 8), .solarize(threshold: 256),
    ]
    for operation in neutral {
      var copy = image
      operation.apply(to: &copy)
      #expect(copy == image, "\(operation)")
    }
    var inverted = image
    ColorOperation.solarize(threshold: 0).apply(to: &inverted)
    #expect(inverted.pixels == image.pixels.map { 255 - $0 })
  }

  @Test("floats become bytes as rounding and cutting off say, in and outside the range")
  func conversion() {
    for step in 0...4 * 255 {
      let value = Float(step) / 4
      #expect(value.roundedByte == UInt8(value.rounded(.toNearestOrEven)), "\(value)")
      for near in [value.nextDown, value, value.nextUp] where near >= 0 && near < 256 {
        #expect(near.truncatedByte == UInt8(near), "\(near)")
      }
    }
    #expect([-0.1, -300, 255.5, 1e6].map { (value: Float) in value.truncatedByte } == [0, 0, 255, 255])
  }
}
