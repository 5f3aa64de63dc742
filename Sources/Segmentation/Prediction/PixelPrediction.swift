import Imaging
import Torch

/// What a segmenter says of one image, in the image's own size.
public struct PixelPrediction {
  /// What may be kept beside the classes.
  public struct Extras: OptionSet, Sendable {
    /// The bits.
    public let rawValue: Int
    /// Extras of these bits.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// The probability of each pixel's class.
    public static let confidence = Extras(rawValue: 1)
    /// The probabilities of all classes.
    public static let probabilities = Extras(rawValue: 2)
  }

  /// The image's place in its pool.
  public let image: Int
  /// Height in pixels of the image.
  public let height: Int
  /// Width in pixels of the image.
  public let width: Int
  /// Class probabilities, float16 [K, height, width] on the CPU; nil where they are not wanted.
  public let probabilities: Tensor?
  private var classes: [UInt8]
  private var sureness: [UInt8]?
  private var sum = 0.0

  /// Nothing yet.
  init(image: Int, height: Int, width: Int, classes count: Int, _ extras: Extras) {
    (self.image, self.height, self.width) = (image, height, width)
    classes = [UInt8](repeating: 0, count: height * width)
    sureness = extras.contains(.confidence) ? classes : nil
    probabilities = extras.contains(.probabilities) ? .zeros([count, height, width], .float16) : nil
  }

  /// The most probable class of each pixel, of several the first: one channel of dense indices.
  public var labels: Image { Image(height: height, width: width, channels: 1, pixels: classes) }

  /// The probability of that class, in 1/255: one channel; nil where it is not wanted.
  public var confidence: Image? { sureness.map { Image(height: height, width: width, channels: 1, pixels: $0) } }

  /// The mean over all pixels of the most probable class's probability.
  public var meanConfidence: Double { sum / Double(classes.count) }

  /// How many pixels each class has, by dense index.
  public func pixelCounts(classes count: Int) -> [Int] {
    Array(labels.valueCounts.prefix(count))
  }

  /// Takes a part of the image.
  ///
  /// - Parameters:
  ///   - labels: Row by row.
  ///   - probabilities: float32 [K, rows, columns].
  mutating func add(labels part: [UInt8], rows: Range<Int>, columns: Range<Int>, probabilities found: Tensor) {
    Self.put(part, width: width, over: &classes, rows, columns)
    let best = found.max(0).values
    sum += best.mean().scalar * Double(rows.count * columns.count)
    if var known = sureness {
      sureness = nil
      let bytes = (best * 255).rounded().clamped(min: 0, max: 255).to(.uint8).contiguous().to(.cpu)
      Self.put(bytes.withBytes { [UInt8]($0) }, width: width, over: &known, rows, columns)
      sureness = known
    }
    probabilities?.sliced(axis: 1, from: rows.lowerBound, to: rows.upperBound)
      .sliced(axis: 2, from: columns.lowerBound, to: columns.upperBound).copyInPlace(from: found)
  }

  /// Writes a value for each pixel of a part, row by row.
  private static func put(
    _ values: [UInt8], width: Int, over pixels: inout [UInt8], _ rows: Range<Int>, _ columns: Range<Int>
  ) {
    precondition(values.count == rows.count * columns.count, "PixelPrediction: expected a value for each pixel")
    pixels.withUnsafeMutableBufferPointer { pixels in
      values.withUnsafeBufferPointer { values in
        for (place, row) in rows.enumerated() {
          let target = pixels[row * width + columns.lowerBound..<row * width + columns.upperBound]
          _ = UnsafeMutableBufferPointer(rebasing: target)
            .update(from: values[place * columns.count..<(place + 1) * columns.count])
        }
      }
    }
  }
}
