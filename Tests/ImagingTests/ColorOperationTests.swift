import Documents
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
    case "hue": .hue(turn: Double(parameter) / 100)
    case "grey": .color(factor: 0)
    default: nil
    }
  }
}

@Suite("ColorOperation")
struct ColorOperationTests {
  @Test("every operation gives Pillow's bytes", arguments: AugmentationGolden.pictures)
  func pillow(_ picture: String) throws {
    let cases = AugmentationGolden.file.names.filter { $0.hasPrefix("color/\(picture)/") }
    #expect(cases.count == 2 + 3 + 4 + 4 * 5 + 7 + 1)
    for name in cases {
      let words = name.split(separator: "/")
      let parameter = try #require(Int(words[3]))
      let operation = try #require(AugmentationGolden.operation(words[2], parameter))
      var image = AugmentationGolden.image("picture/\(picture)")
      operation.apply(to: &image)
      #expect(image == AugmentationGolden.image(name), "\(name)")
    }
  }

  @Test("brightness, contrast, saturation and hue in any order give torchvision's bytes", arguments: 0..<24)
  func jitter(_ number: Int) {
    let file = AugmentationGolden.file
    let order = file.integers("jitter/\(number)/order")
    let factors = file.doubles("jitter/\(number)/factors")
    let operations: [ColorOperation] = [
      .brightness(factor: factors[0]), .contrast(factor: factors[1]), .color(factor: factors[2]),
      .hue(turn: factors[3]),
    ]
    var image = AugmentationGolden.image(number % 2 == 0 ? "picture/noise" : "picture/dull")
    #expect(Set(order) == [0, 1, 2, 3])
    for place in order { operations[Int(place)].apply(to: &image) }
    #expect(image == AugmentationGolden.image("jitter/\(number)"))
  }

  @Test("every colour is turned as by Pillow", arguments: [-10, 0, 7])
  func everyColor(hundredths: Int) {
    var digest = SHA256()
    for red in 0..<256 {
      var image = Image(height: 256, width: 256, channels: 3)
      image.pixels.withUnsafeMutableBufferPointer { pixels in
        for color in 0..<65536 {
          pixels[3 * color] = UInt8(red)
          pixels[3 * color + 1] = UInt8(color / 256)
          pixels[3 * color + 2] = UInt8(color % 256)
        }
      }
      ColorOperation.hue(turn: Double(hundredths) / 100).apply(to: &image)
      image.pixels.withUnsafeBytes { digest.update($0) }
    }
    let wanted = AugmentationGolden.file.bytes("hues/\(hundredths)").map {
      ($0 < 16 ? "0" : "") + String($0, radix: 16)
    }.joined()
    #expect(digest.hexDigest() == wanted)
  }

  @Test("identity and factors of 1 change nothing, 256 inverts nothing, 0 inverts all, no bits are black")
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
    var black = image
    ColorOperation.posterize(bits: 0).apply(to: &black)
    #expect(black.pixels.allSatisfy { $0 == 0 })
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
