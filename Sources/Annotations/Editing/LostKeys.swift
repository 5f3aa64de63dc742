import Documents

/// Other keys of an image or a class that went up in another, which lacks them or says something else there.
public struct LostKeys: Sendable, Equatable {
  /// The image's file name, or the class.
  public let name: String
  /// The keys, in the order of the file.
  public let keys: [String]
}

extension [LostKeys] {
  /// As reports have them.
  public var json: JSON {
    .array(map { ["name": JSON($0.name), "keys": .array($0.keys.map { JSON($0) })] })
  }
}

extension JSONObject {
  /// The keys that another object lacks, or under which it says something else; numbers by value.
  func keysLost(in kept: JSONObject) -> [String] {
    members.filter { !kept.hasSameValue($0) }.map(\.key)
  }
}

extension Category {
  /// The keys beside id and name that another class lacks, or under which it says something else.
  func keysLost(in kept: Category) -> [String] {
    let isKept = supercategory == nil || supercategory == kept.supercategory
    return (isKept ? [] : ["supercategory"]) + extra.keysLost(in: kept.extra)
  }
}

extension ImageRecord {
  /// The keys that another image lacks, or under which it says something else; not of ignored pixels, which are united.
  func keysLost(in kept: ImageRecord) -> [String] {
    extra.keysLost(in: kept.extra).filter { $0 != Self.ignoredKey }
  }
}
