import Backbone
import Layers
import Torch

/// Brings weight files into a segmentation network: a whole network's, or its backbone's alone.
public enum SegmenterWeights {
  /// What was loaded, for the log.
  public struct Outcome: Sendable {
    /// One line a fact.
    public var notes: [String]
    /// Whether the decoder was loaded too.
    public var isWholeNetwork: Bool
  }

  /// Loads a file; finds out by its names whether it holds a whole network or a backbone alone.
  ///
  /// An auxiliary head that only one of both has is left as it is, or left out, and a note says so.
  /// - Parameter replacingPredictor: Keeps the random last convolutions, for other classes than the file's.
  @discardableResult
  public static func load(
    _ path: String, into network: SegmentationNetwork, replacingPredictor: Bool = false
  ) throws -> Outcome {
    let stored = try WeightFile.read(path)
    var state = StateDict(stored)
    try check(stored, for: network.settings.backbone, path: path)
    var notes = stored.notes.map { "\(path): \($0)" }
    let isSegFormer = SegFormerNames.areWhole(state.names)
    let isWhole = isSegFormer || !SegFormerNames.areNames(state.names) && isWholeNetwork(state.names)
    if isSegFormer { state = state.renamed(SegFormerNames.table) }
    guard isWhole else {
      var report = try network.backbone.loadPublished(state, source: path)
      // What is left over is the classifier's, or of stages that are not made, or loading would have failed.
      let unused = report.unexpected.count
      report.unexpected = []
      notes.append(
        "\(path): backbone: \(report.summary)" + (unused > 0 ? "; \(unused) of its classifier are not used" : ""))
      return Outcome(notes: notes, isWholeNetwork: false)
    }
    let report: LoadReport
    do {
      report = try load(state, into: network, replacingPredictor: replacingPredictor, source: path)
    } catch {
      throw isSegFormer ? LoadError(source: path, report: error.report.renamed(SegFormerNames.table.reversed)) : error
    }
    notes.append("\(path): \(report.summary)" + (replacingPredictor ? "; the predictor is new" : ""))
    return Outcome(notes: notes, isWholeNetwork: true)
  }

  /// Loads weights that came with their model's settings, such as a checkpoint of a run.
  public static func load(
    _ stored: StoredWeights, into network: SegmentationNetwork, source: String
  ) throws(LoadError) {
    try network.load(StateDict(stored), source: source)
  }

  /// The number of classes of a whole network's weights; nil where there is no predictor.
  ///
  /// - Parameter predictor: The name of the predictor's bias.
  static func classCount(_ stored: StoredWeights, predictor: String) -> Int? { stored[predictor]?.shape.first }

  /// Whether weights have an auxiliary head.
  static func hasAuxiliary(_ names: [String]) -> Bool { names.contains { $0.hasPrefix(auxiliaryPrefix) } }

  private static let auxiliaryPrefix = "aux_classifier."

  private static func isWholeNetwork(_ names: [String]) -> Bool {
    names.contains { $0.hasPrefix("backbone.") || $0.hasPrefix("classifier.") }
  }

  private static func load(
    _ state: StateDict, into network: SegmentationNetwork, replacingPredictor: Bool, source: String
  ) throws(LoadError) -> LoadReport {
    var excused = replacingPredictor ? network.predictorPrefixes : []
    let used = StateDict(state.entries.filter { entry in !excused.contains { entry.name.hasPrefix($0) } })
    if hasAuxiliary(state.names) != (network.settings.auxiliaryWeight > 0) { excused.append(auxiliaryPrefix) }
    return try network.load(used, excusing: excused, source: source)
  }

  /// Refuses weights that load and are wrong, or whose names would only say that much is missing.
  private static func check(_ stored: StoredWeights, for encoder: EncoderSettings, path: String) throws {
    let own =
      try SegmenterMetadata(stored.metadata, file: path)?.network.backbone
      ?? EncoderMetadata(stored.metadata, file: path)?.encoder
    if let own, own.style != encoder.style {
      throw SegmentationError.otherStyle(path, found: own.style, wanted: encoder.style)
    }
    let isDeep = stored.entries.contains { $0.name == "conv1.0.weight" || $0.name == "backbone.conv1.0.weight" }
    let isPlain = stored.entries.contains { $0.name == "conv1.weight" || $0.name == "backbone.conv1.weight" }
    if SegFormerNames.areNames(stored.entries.map(\.name)), !encoder.kind.isMixTransformer {
      throw SegmentationError.otherEncoder(path, found: "a Mix Transformer", wanted: encoder.kind.rawValue)
    }
    if isDeep, encoder.stem == .plain, encoder.kind.isResNet {
      throw SegmentationError.otherStem(path, found: .deep, wanted: .plain)
    }
    if isPlain, encoder.stem == .deep { throw SegmentationError.otherStem(path, found: .plain, wanted: .deep) }
  }
}
