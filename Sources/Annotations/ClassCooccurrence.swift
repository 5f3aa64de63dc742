import Documents

/// In how many images two classes are seen together, of those with most objects.
public struct ClassCooccurrence: Sendable, Equatable {
  /// The most classes whose pairs are counted: half a million numbers, however many classes an image shows.
  static let mostClasses = 1000
  /// The most pairs that JSON lists.
  private static let mostPairs = 1000

  /// The places of the classes that are counted, rising.
  private let classes: [Int]
  /// For each class its place among them.
  private let rows: [Int?]
  /// The images of each pair: those of a row with all rows before it, row by row.
  private var images: [Int]

  /// Nothing counted yet.
  ///
  /// - Parameter objects: The number of objects of each class; of more than ``mostClasses`` those with most are counted, of equal
  ///   ones the first.
  init(objects: [Int]) {
    let order = objects.indices.sorted { (objects[$1], $0) < (objects[$0], $1) }
    classes = order.prefix(Self.mostClasses).sorted()
    var rows = [Int?](repeating: nil, count: objects.count)
    for (row, place) in classes.enumerated() { rows[place] = row }
    self.rows = rows
    images = Array(repeating: 0, count: classes.count * max(0, classes.count - 1) / 2)
  }

  /// Counts an image that shows these classes, each named once.
  mutating func add(_ shown: some Sequence<Int>) {
    let sorted = shown.compactMap { rows[$0] }.sorted()
    for (place, later) in sorted.enumerated() {
      for earlier in sorted[..<place] { images[Self.pair(earlier, later)] += 1 }
    }
  }

  /// In how many images both classes are; 0 where one of them is not counted.
  public func count(_ one: Int, _ other: Int) -> Int {
    guard one != other, rows.indices.contains(one), rows.indices.contains(other), let row = rows[one],
      let column = rows[other]
    else { return 0 }
    return images[Self.pair(min(row, column), max(row, column))]
  }

  /// Where the number of two rows is.
  private static func pair(_ earlier: Int, _ later: Int) -> Int { later * (later - 1) / 2 + earlier }

  /// The pairs that are most often together, as JSON.
  func json(names: [String]) -> JSON {
    var found: [(first: Int, second: Int, images: Int)] = []
    for later in classes.indices {
      for earlier in 0..<later where images[Self.pair(earlier, later)] > 0 {
        found.append((classes[earlier], classes[later], images[Self.pair(earlier, later)]))
      }
    }
    found.sort { ($1.images, $0.first, $0.second) < ($0.images, $1.first, $1.second) }
    return .array(
      found.prefix(Self.mostPairs).map { pair in
        ["classes": [JSON(names[pair.first]), JSON(names[pair.second])], "images": JSON(pair.images)]
      })
  }
}
