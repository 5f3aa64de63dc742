import Samples
import Training

/// How a segmenter looks at whole images when it is judged, labels or predicts. Figures differ by it, so it is recorded with them.
public struct SegmentationInference: Settings {
  /// The shorter side in pixels that images are resized to; 0 for their own size.
  public var shortSide = 0
  /// The longer side is at most this many pixels, where images are resized.
  public var longSide = 4096
  /// Whether an image is looked at as a whole or in parts.
  public var mode = Mode.whole
  /// Height of a part in pixels.
  public var windowHeight = 512
  /// Width of a part in pixels.
  public var windowWidth = 512
  /// From one part to the next, as a share of its sides.
  public var windowStride = 2.0 / 3
  /// Sizes at which an image is looked at, as factors; the class probabilities of all are summed.
  public var scales = [1.0]
  /// Whether it is looked at mirrored, too.
  public var mirrored = false
  /// Images a batch.
  public var batchSize = 1

  /// Whether an image is looked at as a whole or in parts.
  public enum Mode: String, Codable, CaseIterable, Sendable {
    /// At once.
    case whole
    /// In overlapping parts, whose logits are averaged; the last of a row or column is moved back into the image.
    case sliding
  }

  /// Once, as a whole, in its own size.
  public init() {}

  /// As ST and ST++ label: five sizes, each also mirrored.
  public static let released: SegmentationInference = {
    var inference = SegmentationInference()
    inference.scales = [0.5, 0.75, 1, 1.5, 2]
    inference.mirrored = true
    return inference
  }()

  /// Ranges of the numbers.
  public var rules: [SettingsRule] {
    [
      SettingsRule("short_side", shortSide >= 0, "0 or more"),
      SettingsRule("long_side", longSide >= max(1, shortSide), "short_side or more"),
      SettingsRule("window_height", windowHeight >= 1, "1 or more"),
      SettingsRule("window_width", windowWidth >= 1, "1 or more"),
      SettingsRule("window_stride", windowStride > 0 && windowStride <= 1, "above 0 and at most 1"),
      SettingsRule("scales", !scales.isEmpty && scales.allSatisfy { $0 > 0 }, "numbers above 0"),
      SettingsRule("batch_size", batchSize >= 1, "1 or more"),
    ]
  }

  /// In words, as reports say it: `whole image, own size`, `parts of 801×801 every 0.67, shorter side 1024, 3 sizes (0.5, 1, 2), mirrored too`.
  public var summary: String {
    var words = [
      mode == .whole ? "whole image" : "parts of \(windowWidth)×\(windowHeight) every \(share(windowStride))"
    ]
    words.append(shortSide == 0 ? "own size" : "shorter side \(shortSide)")
    if scales != [1] { words.append("\(scales.count) sizes (\(scales.map { share($0) }.joined(separator: ", ")))") }
    if mirrored { words.append("mirrored too") }
    return words.joined(separator: ", ")
  }

  private func share(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  /// Whether an image is looked at more than once, so that probabilities are summed.
  var looksRepeatedly: Bool { scales.count > 1 || scales != [1] || mirrored }

  /// A reader of images for it.
  public func reader(workers: Int, scaledDecoding: Bool, layout: BatchLayout) -> PoolReader {
    PoolReader(
      shortSide: shortSide, longSide: longSide, batchSize: batchSize, workers: workers, scaledDecoding: scaledDecoding,
      layout: layout)
  }
}
