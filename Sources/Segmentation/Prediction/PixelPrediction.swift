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
  /// The most probable class of each pixel, of several the first: one channel of dense indices.
  public private(set) var labels: Image
  /// The probability of that class, in 1/255: one channel; nil where it is not wanted.
  public private(set) var confidence: Image?
  /// Class probabilities, float16 [K, height, width] on the CPU; nil where they are not wanted.
  public let probabilities: Tensor?
  private var sum = 0.0

  /// Nothing yet.
  init(image: Int, height: Int, width: Int, classes: Int, _ extras: Extras) {
    self.image = image
    labels = Image(height: height, width: width, channels: 1)
    confidence = extras.contains(.confidence) ? Image(height: height, width: width, channels: 1) : nil
    probabilities = extras.contains(.probabilities) ? .zeros([classes, height, width], .float16) : nil
  }

  /// Height in pixels of the image.
  public var height: Int { labels.height }
  /// Width in pixels of the image.
  public var width: Int { labels.width }

  /// The mean over all pixels of the most probable class's probability.
  public var meanConfidence: Double { sum / Double(labels.pixels.count) }

  /// How many pixels each class has, by dense index.
  public func pixelCounts(classes: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: 256)
    labels.pixels.withUnsafeBufferPointer { labels in for label in labels { counts[Int(label)] += 1 } }
    return Array(counts.prefix(classes))
  }

  /// Takes a part of the image.
  ///
  /// - Parameters:
  ///   - labels: Row by row.
  ///   - probabilities: float32 [K, rows, columns].
  mutating func add(labels part: [UInt8], rows: Range<Int>, columns: Range<Int>, probabilities found: Tensor) {
    labels.put(part, rows: rows, columns: columns)
    let best = found.max(0).values
    sum += best.mean().scalar * Double(rows.count * columns.count)
    confidence?.put(
      (best * 255).rounded().clamped(min: 0, max: 255).to(.uint8).contiguous().to(.cpu).withBytes { [UInt8]($0) },
      rows: rows, columns: columns)
    probabilities?.sliced(axis: 1, from: rows.lowerBound, to: rows.upperBound)
      .sliced(axis: 2, from: columns.lowerBound, to: columns.upperBound).copyInPlace(from: found)
  }
}

extension Image {
  /// Writes values of one channel, row by row, over a part.
  fileprivate mutating func put(_ values: [UInt8], rows: Range<Int>, columns: Range<Int>) {
    precondition(
      channels == 1 && values.count == rows.count * columns.count, "Image.put: expected a value for each pixel")
    let width = self.width
    pixels.withUnsafeMutableBufferPointer { pixels in
      values.withUnsafeBufferPointer { values in
        for (place, row) in rows.enumerated() {
          let part = values[place * columns.count..<(place + 1) * columns.count]
          _ = UnsafeMutableBufferPointer(rebasing: pixels[(row * width + columns.lowerBound)...]).update(from: part)
        }
      }
    }
  }
}
