/// The place of each identifier among the distinct ones in ascending order.
///
/// Identifiers that lie close together, as most do, are found in a table.
struct IdentifierIndex: Sendable {
  /// The distinct identifiers, ascending.
  let identifiers: [Int]
  private let lowest: Int
  /// The place of `lowest + index`, -1 where there is no such identifier; empty where they lie too far apart.
  private var table: [Int32] = []
  private var places: [Int: Int32] = [:]

  init(_ all: [Int]) {
    identifiers = Self.sortedDistinct(all)
    lowest = identifiers.first ?? 0
    let (span, overflow) = (identifiers.last ?? 0).subtractingReportingOverflow(lowest)
    if !overflow, span < 16 * identifiers.count + 4096 {
      table = Array(repeating: -1, count: span + 1)
      for (place, identifier) in identifiers.enumerated() { table[identifier - lowest] = Int32(place) }
    } else {
      places.reserveCapacity(identifiers.count)
      for (place, identifier) in identifiers.enumerated() { places[identifier] = Int32(place) }
    }
  }

  /// The identifier's place, -1 where it does not occur.
  @inline(__always)
  subscript(identifier: Int) -> Int32 {
    if table.isEmpty { return places[identifier] ?? -1 }
    let (offset, overflow) = identifier.subtractingReportingOverflow(lowest)
    return overflow || offset < 0 || offset >= table.count ? -1 : table[offset]
  }

  private static func sortedDistinct(_ all: [Int]) -> [Int] {
    var isAscending = true
    for place in all.indices.dropFirst() where all[place - 1] >= all[place] {
      isAscending = false
      break
    }
    return isAscending ? all : Set(all).sorted()
  }
}
