import Documents

extension JSON {
  /// Whether both say the same, numbers by value: `0.5` is `0.50`, and `1` is `1.0`.
  func hasSameValue(as other: JSON) -> Bool {
    switch (content, other.content) {
    case (.number(let one), .number(let other)): Self.isSame(one, other)
    case (.array(let one), .array(let other)):
      one.count == other.count && zip(one, other).allSatisfy { $0.hasSameValue(as: $1) }
    case (.object(let one), .object(let other)): one.hasSameValues(as: other)
    default: self == other
    }
  }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    if one == other { return true }
    if let one = Int(one), let other = Int(other) { return one == other }
    // Whole numbers that exceed 64 bits: as doubles many are one.
    let isWhole = { (text: String) in !text.utf8.contains { [0x2E, 0x45, 0x65].contains($0) } }
    guard !(isWhole(one) && isWhole(other)), let one = Double(one), let other = Double(other) else { return false }
    return one.isFinite && one == other
  }
}

extension JSONObject {
  /// Whether both hold the same keys and say the same under each, in any order; numbers by value.
  func hasSameValues(as other: JSONObject) -> Bool {
    count == other.count && members.allSatisfy { other.hasSameValue($0) }
  }

  /// Whether it says the same as a member under its key; numbers by value.
  func hasSameValue(_ member: Member) -> Bool {
    self[member.key].map { member.value.hasSameValue(as: $0) } ?? false
  }
}

extension Segmentation {
  /// Whether both say the same, numbers by value.
  func hasSameValue(as other: Segmentation) -> Bool {
    if self == other { return true }
    guard let one = try? JSON(parsing: text, file: ""), let two = try? JSON(parsing: other.text, file: "") else {
      return false
    }
    return one.hasSameValue(as: two)
  }
}
