import Imaging

/// Cityscapes' classes: their ids, the numbers that training uses, and which of them have instances.
///
/// Source: the table of labels of cityscapesScripts (`helpers/labels.py`).
enum CityscapesClasses {
  /// One class.
  struct Entry {
    let name: String
    let id: Int
    /// Its number in `labelTrainIds`; nil for those that are not judged.
    let trainID: Int?
    let group: String
    let hasInstances: Bool
    let color: UInt32
  }

  /// How pixels are numbered in a file.
  enum Numbering: String, CaseIterable {
    case ids = "labelIds"
    case trainIDs = "labelTrainIds"
  }

  static let all: [Entry] = [
    .init("unlabeled", 0, nil, "void", 0x000000), .init("ego vehicle", 1, nil, "void", 0x000000),
    .init("rectification border", 2, nil, "void", 0x000000), .init("out of roi", 3, nil, "void", 0x000000),
    .init("static", 4, nil, "void", 0x000000), .init("dynamic", 5, nil, "void", 0x6F4A00),
    .init("ground", 6, nil, "void", 0x510051), .init("road", 7, 0, "flat", 0x804080),
    .init("sidewalk", 8, 1, "flat", 0xF423E8), .init("parking", 9, nil, "flat", 0xFAAAA0),
    .init("rail track", 10, nil, "flat", 0xE6968C), .init("building", 11, 2, "construction", 0x464646),
    .init("wall", 12, 3, "construction", 0x66669C), .init("fence", 13, 4, "construction", 0xBE9999),
    .init("guard rail", 14, nil, "construction", 0xB4A5B4), .init("bridge", 15, nil, "construction", 0x966464),
    .init("tunnel", 16, nil, "construction", 0x96785A), .init("pole", 17, 5, "object", 0x999999),
    .init("polegroup", 18, nil, "object", 0x999999), .init("traffic light", 19, 6, "object", 0xFAAA1E),
    .init("traffic sign", 20, 7, "object", 0xDCDC00), .init("vegetation", 21, 8, "nature", 0x6B8E23),
    .init("terrain", 22, 9, "nature", 0x98FB98), .init("sky", 23, 10, "sky", 0x4682B4),
    .init("person", 24, 11, "human", 0xDC143C, hasInstances: true),
    .init("rider", 25, 12, "human", 0xFF0000, hasInstances: true),
    .init("car", 26, 13, "vehicle", 0x00008E, hasInstances: true),
    .init("truck", 27, 14, "vehicle", 0x000046, hasInstances: true),
    .init("bus", 28, 15, "vehicle", 0x003C64, hasInstances: true),
    .init("caravan", 29, nil, "vehicle", 0x00005A, hasInstances: true),
    .init("trailer", 30, nil, "vehicle", 0x00006E, hasInstances: true),
    .init("train", 31, 16, "vehicle", 0x005064, hasInstances: true),
    .init("motorcycle", 32, 17, "vehicle", 0x0000E6, hasInstances: true),
    .init("bicycle", 33, 18, "vehicle", 0x770B20, hasInstances: true),
  ]

  /// The nineteen classes that are judged, under the numbers of a kind of file; all others are ignored.
  static func table(_ numbering: Numbering) -> ClassTable {
    let judged = all.compactMap { entry -> ClassTable.Class? in
      guard let trainID = entry.trainID else { return nil }
      return ClassTable.Class(
        id: numbering == .ids ? entry.id : trainID, name: entry.name, color: RGB(hex: entry.color))
    }
    switch numbering {
    case .ids: return ClassTable(judged, ignoredIDs: Set(all.filter { $0.trainID == nil }.map(\.id) + [255]))
    case .trainIDs: return ClassTable(judged, ignoredIDs: [255])
    }
  }

  /// The group of a class, by its name.
  static func entry(_ name: String) -> Entry? { all.first { $0.name == name } }
}

extension CityscapesClasses.Entry {
  fileprivate init(
    _ name: String, _ id: Int, _ trainID: Int?, _ group: String, _ color: UInt32, hasInstances: Bool = false
  ) {
    self.init(name: name, id: id, trainID: trainID, group: group, hasInstances: hasInstances, color: color)
  }
}
