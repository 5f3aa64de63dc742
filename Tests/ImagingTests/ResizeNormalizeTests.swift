import Foundation
import Testing

@testable import Imaging

/// One line of `Fixtures/resize.txt`, written by `tools/make-goldens/resize.py`.
struct ResizeFixture: CustomStringConvertible, Sendable {
  let height, width, outputHeight, outputWidth: Int
  let mirrored: Bool
  let places: [(channel: Int, y: Int, x: Int, value: Float)]

  var description: String {
    "\(height) x \(width) to \(outputHeight) x \(outputWidth)\(mirrored ? ", mirrored" : "")"
  }

  static let all: [ResizeFixture] = {
    let url = Bundle.module.url(forResource: "Fixtures/resize", withExtension: "txt")!
    return try! String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
      let words = line.split(separator: " ")
      let numbers = words.prefix(5).map { Int($0)! }
      return ResizeFixture(
        height: numbers[0], width: numbers[1], outputHeight: numbers[2], outputWidth: numbers[3],
        mirrored: numbers[4] == 1,
        places: words.dropFirst(5).map { word in
          let parts = word.split(separator: ":")
          return (Int(parts[0])!, Int(parts[1])!, Int(parts[2])!, Float(parts[3])!)
        })
    }
  }()

  /// The script's input: noise, so that every error of a coordinate shows.
  static func picture(_ height: Int, _ width: Int) -> Image {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(height * width * 3)
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<3 {
          pixels.append(UInt8(((y * 7919 + x * 104_729 + c * 1_299_709 + 1) &* 2_654_435_761) >> 13 & 255))
        }
      }
    }
    return Image(height: height, width: width, channels: 3, pixels: pixels)
  }
}

@Suite("ResizeNormalize")
struct ResizeNormalizeTests {
  /// Sums of a few products in another order, of values up to 3.
  private static let sameAlgorithm: Float = 1e-5

  @Test("both layouts equal torch's interpolate", arguments: ResizeFixture.all)
  func equalsTorch(_ fixture: ResizeFixture) {
    let image = ResizeFixture.picture(fixture.height, fixture.width)
    let (rows, columns) = (fixture.outputHeight, fixture.outputWidth)
    let untouched: Float = -77
    // A canvas with room at the right and below, which must stay as it is.
    let (stride, planeStride) = (columns + 3, (columns + 3) * (rows + 2))
    var planar = [Float](repeating: untouched, count: planeStride * 3)
    var interleaved = planar
    planar.withUnsafeMutableBufferPointer {
      ResizeNormalize.imageNet.write(
        image, outputHeight: rows, outputWidth: columns, mirrored: fixture.mirrored, to: $0.baseAddress!,
        rowStride: stride, layout: .planar(planeStride: planeStride))
    }
    interleaved.withUnsafeMutableBufferPointer {
      ResizeNormalize.imageNet.write(
        image, outputHeight: rows, outputWidth: columns, mirrored: fixture.mirrored, to: $0.baseAddress!,
        rowStride: stride * 3, layout: .interleaved)
    }
    for place in fixture.places {
      let value = planar[place.channel * planeStride + place.y * stride + place.x]
      #expect(abs(value - place.value) <= Self.sameAlgorithm, "channel \(place.channel), \(place.y), \(place.x)")
    }
    var (differences, written) = (0, 0)
    for y in 0..<rows + 2 {
      for x in 0..<stride {
        for c in 0..<3 {
          let (a, b) = (planar[c * planeStride + y * stride + x], interleaved[(y * stride + x) * 3 + c])
          differences += a == b ? 0 : 1
          written += a == untouched ? 0 : 1
        }
      }
    }
    #expect(differences == 0)
    #expect(written == rows * columns * 3, "nothing outside the image is written")
  }

  @Test("mirroring equals resizing the mirrored image", arguments: [(5, 7, 9, 4), (8, 8, 8, 8), (3, 40, 6, 61)])
  func mirroring(_ height: Int, _ width: Int, _ rows: Int, _ columns: Int) {
    let image = ResizeFixture.picture(height, width)
    func run(_ image: Image, mirrored: Bool) -> [Float] {
      var result = [Float](repeating: 0, count: rows * columns * 3)
      result.withUnsafeMutableBufferPointer {
        ResizeNormalize.imageNet.write(
          image, outputHeight: rows, outputWidth: columns, mirrored: mirrored, to: $0.baseAddress!,
          rowStride: columns, layout: .planar(planeStride: rows * columns))
      }
      return result
    }
    #expect(run(image, mirrored: true) == run(image.flippedHorizontally(), mirrored: false))
  }
}

@Suite("Image, resizing")
struct ImageResizeTests {
  @Test(
    "bytes are the rounded interpolation", arguments: [(7, 9, 20, 13), (37, 53, 11, 16), (6, 6, 6, 6), (1, 1, 3, 2)])
  func bytes(_ height: Int, _ width: Int, _ rows: Int, _ columns: Int) {
    let image = ResizeFixture.picture(height, width)
    let resized = image.resized(height: rows, width: columns)
    #expect((resized.height, resized.width) == (rows, columns))
    for y in 0..<rows {
      for x in 0..<columns {
        let sy = max(0, Double(height) / Double(rows) * (Double(y) + 0.5) - 0.5)
        let sx = max(0, Double(width) / Double(columns) * (Double(x) + 0.5) - 0.5)
        let (y0, x0) = (Int(sy), Int(sx))
        let (y1, x1) = (min(y0 + 1, height - 1), min(x0 + 1, width - 1))
        let (fy, fx) = (sy - Double(y0), sx - Double(x0))
        for c in 0..<3 {
          func value(_ y: Int, _ x: Int) -> Double { Double(image[y, x, c]) }
          let exact =
            (value(y0, x0) * (1 - fx) + value(y0, x1) * fx) * (1 - fy)
            + (value(y1, x0) * (1 - fx) + value(y1, x1) * fx) * fy
          #expect(abs(Double(resized[y, x, c]) - exact) <= 0.5 + 1e-4)
        }
      }
    }
  }

  @Test("nearest takes existing values only, and doubles each pixel at twice the size")
  func nearest() {
    let labels = Image(height: 2, width: 3, channels: 1, pixels: [1, 2, 3, 4, 5, 6])
    #expect(
      labels.resizedNearest(height: 4, width: 6).pixels
        == [1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 4, 4, 5, 5, 6, 6])
    #expect(labels.resizedNearest(height: 2, width: 3) == labels)
    #expect(labels.resizedNearest(height: 1, width: 1).pixels == [5])
  }
}
