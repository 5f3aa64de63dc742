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
  private var table = KeyTable()

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
    get { place(of: key).map { members[$0].value } }
    set {
      let place = place(of: key)
      switch (place, newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil):
        members.remove(at: place)
        table = KeyTable()
        fillTable()
      case (nil, let value?): append(key, value)
      case (nil, nil): break
      }
    }
  }

  /// The object of those members that `isKept` says yes to.
  public func filter(_ isKept: (Member) -> Bool) -> JSONObject {
    var kept = JSONObject()
    for member in members where isKept(member) { kept.append(member.key, member.value) }
    return kept
  }

  /// Appends a member; false for a key that is there.
  public mutating func add(_ key: String, _ value: JSON) -> Bool {
    guard place(of: key) == nil else { return false }
    append(key, value)
    return true
  }

  /// Appends a key that is known not to be there.
  mutating func append(_ key: String, _ value: JSON) {
    members.append(Member(key: key, value: value))
    fillTable()
  }

  /// Adds the last key to the table, or all where it is new.
  private mutating func fillTable() {
    if count > KeyTable.longestList { table.append(count: count) { members[$0].key.hashValue } }
  }

  /// Makes room for `count` members.
  mutating func reserve(_ count: Int) { members.reserveCapacity(count) }

  private func place(of key: String) -> Int? {
    if count <= KeyTable.longestList { return members.firstIndex { $0.key == key } }
    return table.place(key.hashValue) { members[$0].key == key }
  }
}

extension JSONObject: Equatable {
  /// Whether both hold the same keys with equal values.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    // Each value is compared once: twice would take time by the power of their depth.
    left.count == right.count
      && zip(left.members, right.members).allSatisfy { one, other in
        one.key == other.key ? one.value == other.value : right[one.key] == one.value
      }
  }
}
