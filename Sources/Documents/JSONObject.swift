/// Named JSON values in the order in which they stand in a file; every key occurs once.
///
/// Objects are equal when they hold the same keys with equal values, in any order.
public struct JSONObject: Sendable {
  /// One key and its value.
  public struct Member: Sendable, Equatable {
    /// The key, unescaped.
    public let key: String
    /// Its value.
    public var value: JSON
  }

  /// The members in order.
  public private(set) var members: [Member] = []

  /// An object without members.
  public init() {}

  /// An object of these members. A key given twice is a programming error.
  public init(_ members: [(String, JSON)]) {
    for (key, value) in members {
      precondition(self[key] == nil, "the key \(key) is given twice")
      append(key, value)
    }
  }

  /// The keys in order.
  public var keys: [String] { members.map(\.key) }

  /// Whether there are no members.
  public var isEmpty: Bool { members.isEmpty }

  /// How many members there are.
  public var count: Int { members.count }

  /// The value of a key. Setting a new key appends it; setting nil removes the key.
  public subscript(key: String) -> JSON? {
    get { members.first { $0.key == key }?.value }
    set {
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): append(key, value)
      case (nil, nil): break
      }
    }
  }

  /// Appends a key that is known not to be there.
  mutating func append(_ key: String, _ value: JSON) {
    members.append(Member(key: key, value: value))
  }

  /// Makes room for `count` members.
  mutating func reserve(_ count: Int) { members.reserveCapacity(count) }
}

extension JSONObject: Equatable {
  /// Whether both hold the same keys with equal values.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    if left.members == right.members { return true }
    guard left.count == right.count else { return false }
    let others = Dictionary(right.members.map { ($0.key, $0.value) }) { first, _ in first }
    return left.members.allSatisfy { others[$0.key] == $0.value }
  }
}
