import Backbone
import Documents
import Imaging
import Samples
import Training

/// What a detector's weight file says about itself, so that it can be used without its run folder.
public struct DetectorMetadata: Sendable {
  /// The sizes and thresholds of the network.
  public var detector: FasterRCNNSettings
  /// How images were read.
  public var input: Input
  /// The classes in the order of the network's labels, without background.
  public var classes: [String]

  /// How images become batches in evaluation.
  public struct Input: Settings {
    /// The shorter side in pixels.
    public var shortSide = 800
    /// The longer side at most.
    public var longSide = 1333
    /// Sides are padded to a multiple of this.
    public var sizeDivisor = 32
    /// Whether JPEG files are decoded no larger than needed.
    public var scaledDecoding = false

    /// torchvision's sizes.
    public init() {}

    /// A reader of images for a backbone that wants `normalization`.
    public func reader(batchSize: Int, workers: Int, normalization: InputNormalization) -> PoolReader {
      PoolReader(
        shortSide: shortSide, longSide: longSide, batchSize: batchSize, workers: workers,
        scaledDecoding: scaledDecoding,
        layout: BatchLayout(
          sizeDivisor: sizeDivisor, isChannelsLast: true,
          normalization: .init(normalization)))
    }
  }

  /// A description.
  public init(detector: FasterRCNNSettings, input: Input, classes: [String]) {
    self.detector = detector
    self.input = input
    self.classes = classes
  }

  /// As entries of a safetensors file.
  public var entries: [String: String] {
    [
      "task": "detection", "detector": detector.yaml, "input": input.yaml,
      "classes": JSON.array(classes.map { .string($0) }).serialized(),
    ]
  }

  /// Reads the entries of a file; nil where they describe no detector.
  public init?(_ entries: [String: String], file: String) throws {
    guard entries["task"] == "detection", let detector = entries["detector"], let input = entries["input"],
      let classes = entries["classes"]
    else { return nil }
    self.detector = try FasterRCNNSettings.resolved([.init(yaml: detector, name: "\(file): detector")])
    self.input = try Input.resolved([.init(yaml: input, name: "\(file): input")])
    self.classes = try JSON(parsing: classes, file: file).array?.compactMap(\.string) ?? []
  }
}
