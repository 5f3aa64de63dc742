import Backbone
import Detection
import Documents
import Segmentation
import Torch

/// What a file of weights holds, for a person or a program.
struct WeightDescription {
  private let stored: StoredWeights
  /// What is said about a detector; nil for weights that say nothing of the kind.
  private let detector: DetectorMetadata?
  /// The same of a segmenter.
  private let segmenter: SegmenterMetadata?
  /// The same of an encoder alone.
  private let encoder: EncoderMetadata?
  /// Method and step of a file for resuming, whose metadata is one text.
  private let state: JSON?

  /// Reads a file; of its tensors only names, types and shapes.
  init(_ path: String, key: String?) throws {
    stored = try WeightFile.read(path, key: key)
    detector = try DetectorMetadata(stored.metadata, file: path)
    segmenter = try SegmenterMetadata(stored.metadata, file: path)
    encoder = try EncoderMetadata(stored.metadata, file: path)
    state = try stored.metadata["state"].map { try JSON(parsing: $0, file: "\(path): state") }
  }

  private var method: String? { stored.metadata["method"] ?? state?["method"]?.string }
  private var step: Int? { stored.metadata["step"].flatMap { Int($0) } ?? state?["counters"]?["step"]?.int }
  private var byteCount: Int { stored.entries.reduce(0) { $0 + $1.tensor.byteCount } }
  private var elementCount: Int { stored.entries.reduce(0) { $0 + $1.tensor.elementCount } }

  /// How many tensors there are of each element type, by the types' names.
  private var types: [(name: String, count: Int)] {
    Dictionary(grouping: stored.entries) { "\($0.tensor.elementType)" }.map { ($0.key, $0.value.count) }
      .sorted { $0.name < $1.name }
  }

  /// All of it as JSON; what the file does not say is left out.
  ///
  /// - Parameter tensors: Whether each tensor is listed.
  func json(listing tensors: Bool) -> JSON {
    var object = JSONObject([
      ("file", JSON(stored.path)), ("format", JSON(stored.format.rawValue)), ("tensors", JSON(stored.entries.count)),
      ("elements", JSON(elementCount)), ("bytes", JSON(byteCount)),
      ("elementTypes", .object(JSONObject(types.map { ($0.name, JSON($0.count)) }))),
    ])
    object["method"] = method.map { JSON($0) }
    object["predictor"] = stored.metadata["predictor"].map { JSON($0) }
    object["step"] = step.map { JSON($0) }
    object["selectedBy"] = stored.metadata["selected_by"].map { JSON($0) }
    if let detector {
      object["model"] = [
        "task": "detection", "backbone": JSON(detector.detector.backbone.kind.rawValue),
        "shortSide": JSON(detector.input.shortSide), "longSide": JSON(detector.input.longSide),
      ]
      object["classes"] = .array(detector.classes.map { JSON($0) })
    }
    if let segmenter {
      object["model"] = [
        "task": "segmentation", "kind": JSON(segmenter.network.kind.rawValue),
        "backbone": JSON(segmenter.network.backbone.kind.rawValue), "looksAt": JSON(segmenter.input.inference.summary),
      ]
      object["classes"] = .array(segmenter.classes.names.map { JSON($0) })
      object["ids"] = .array(segmenter.classes.classes.map { JSON($0.id) })
    }
    if let encoder {
      object["model"] = [
        "task": "encoder", "backbone": JSON(encoder.encoder.kind.rawValue),
        "outputStride": JSON(encoder.encoder.outputStride),
      ]
    }
    if !stored.notes.isEmpty { object["notes"] = .array(stored.notes.map { JSON($0) }) }
    if tensors {
      object["entries"] = .array(
        stored.entries.map { entry in
          [
            "name": JSON(entry.name), "shape": .array(entry.tensor.shape.map { JSON($0) }),
            "elementType": JSON("\(entry.tensor.elementType)"), "bytes": JSON(entry.tensor.byteCount),
          ]
        })
    }
    return .object(object)
  }

  /// The same in lines.
  func text(listing tensors: Bool) -> String {
    let kinds = types.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    var lines = [
      "\(stored.path): \(stored.format.rawValue)",
      "tensors: \(stored.entries.count)\(kinds.isEmpty ? "" : " (\(kinds))"), \(elementCount) elements, "
        + "\(byteCount) bytes",
    ]
    let origin = [
      method.map { "method: \($0)" }, stored.metadata["predictor"].map { "predictor: \($0)" },
      step.map { "step: \($0)" },
      stored.metadata["selected_by"].map { "selected by: \($0)" },
    ]
    let known = origin.compactMap { $0 }
    if !known.isEmpty { lines.append(known.joined(separator: ", ")) }
    if let detector {
      lines.append(
        "model: detector on \(detector.detector.backbone.kind.rawValue), images of \(detector.input.shortSide) to "
          + "\(detector.input.longSide) pixels")
      lines.append("classes: \(detector.classes.count): \(detector.classes.joined(separator: ", "))")
    } else if let segmenter {
      let network = segmenter.network
      lines.append(
        "model: segmenter \(network.kind.rawValue) on \(network.backbone.kind.rawValue), output stride "
          + "\(network.backbone.outputStride), looks at: \(segmenter.input.inference.summary)")
      let classes = segmenter.classes
      lines.append("classes: \(classes.count): \(classes.names.joined(separator: ", ")); numbers: \(classes.idsText)")
    } else if let encoder = encoder?.encoder {
      lines.append(
        "model: encoder \(encoder.kind.rawValue) alone, output stride \(encoder.outputStride); seg-train --weights begins at it"
      )
    } else if state != nil {
      lines.append("model: none; this is what resuming needs beside last.safetensors")
    } else {
      lines.append("model: not said")
    }
    lines += stored.notes.map { "note: \($0)" }
    if tensors {
      lines += stored.entries.map { "\($0.name)  \($0.tensor.elementType) \($0.tensor.shape)" }
    }
    return lines.joined(separator: "\n")
  }
}
