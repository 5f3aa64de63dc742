import Annotations
import Backbone
import Documents
import Imaging
import Samples
import Training

/// What a segmentation network's weight file says about itself, so that it can be used without its run folder.
public struct SegmenterMetadata: Sendable {
  /// What the network is made of.
  public var network: SegmentationNetworkSettings
  /// How images were read.
  public var input: Input
  /// The classes in the order of the network's logits, with their numbers in files and their colours.
  public var classes: ClassTable

  /// How images are read and looked at in evaluation.
  public struct Input: Settings {
    /// How they are looked at.
    public var inference = SegmentationInference()
    /// Whether JPEG files are decoded no larger than needed.
    public var scaledDecoding = false

    /// Images as they are.
    public init() {}

    /// A way of looking.
    public init(inference: SegmentationInference, scaledDecoding: Bool) {
      self.inference = inference
      self.scaledDecoding = scaledDecoding
    }
  }

  /// A description.
  public init(network: SegmentationNetworkSettings, input: Input, classes: ClassTable) {
    self.network = network
    self.input = input
    self.classes = classes
  }

  /// As entries of a safetensors file.
  public var entries: [String: String] {
    let table: [JSON] = classes.classes.map { entry in
      ["id": JSON(entry.id), "name": .string(entry.name), "color": .string(entry.color.hexText)]
    }
    return [
      "task": "segmentation", "segmenter": network.yaml, "input": input.yaml,
      "classes": JSON.array(table).serialized(),
      "ignored_ids": JSON.array(classes.ignoredIDs.sorted().map { JSON($0) }).serialized(),
    ]
  }

  /// Reads the entries of a file; nil where they describe no segmentation network.
  public init?(_ entries: [String: String], file: String) throws {
    guard entries["task"] == "segmentation", let network = entries["segmenter"], let input = entries["input"],
      let classes = entries["classes"], let ignored = entries["ignored_ids"]
    else { return nil }
    self.network = try SegmentationNetworkSettings.resolved([.init(yaml: network, name: "\(file): segmenter")])
    self.input = try Input.resolved([.init(yaml: input, name: "\(file): input")])
    self.classes = try Self.table(
      JSON(parsing: classes, file: file).array ?? [], ignored: JSON(parsing: ignored, file: file).array ?? [],
      file: file)
  }

  private static func table(_ list: [JSON], ignored: [JSON], file: String) throws(SegmentationError) -> ClassTable {
    func damaged(_ reason: String) -> SegmentationError { .damaged(file, reason: "its list of classes \(reason)") }
    let range = 0...255
    let classes = try list.enumerated().map { index, entry throws(SegmentationError) in
      guard let id = entry["id"]?.int, let name = entry["name"]?.string, range.contains(id),
        let color = entry["color"]?.string.flatMap({ RGB(hexText: $0) })
      else { throw damaged("has no id in 0…255, name and colour #RRGGBB at place \(index)") }
      return ClassTable.Class(id: id, name: name, color: color)
    }
    let ids = ignored.compactMap(\.int)
    guard ids.count == ignored.count, ids.allSatisfy(range.contains) else {
      throw damaged("ignores no numbers of 0…255")
    }
    guard (1...ClassTable.mostClasses).contains(classes.count), Set(classes.map(\.id)).count == classes.count,
      Set(ids).isDisjoint(with: classes.map(\.id))
    else { throw damaged("has \(classes.count) classes, wanted are 1…255 of different ids, none ignored") }
    return ClassTable(classes, ignoredIDs: Set(ids))
  }
}

extension RGB {
  /// `#RRGGBB`.
  fileprivate var hexText: String {
    let digits = String(Int(r) << 16 | Int(g) << 8 | Int(b), radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// nil unless the text is `#RRGGBB`.
  fileprivate init?(hexText: String) {
    guard hexText.count == 7, hexText.first == "#", let value = UInt32(hexText.dropFirst(), radix: 16) else {
      return nil
    }
    self.init(hex: value)
  }
}
