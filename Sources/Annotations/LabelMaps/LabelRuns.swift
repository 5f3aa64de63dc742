/// Where each number of a label map is, as run lengths, found in one walk down the columns.
struct LabelRuns: Sendable {
  /// A number and its pixels.
  struct Entry: Sendable {
    let value: Int
    let mask: RunLengthMask
  }

  /// The numbers that occur, rising, but for those that were passed over.
  let entries: [Entry]

  /// Looks at a label map, row by row.
  ///
  /// - Parameter passed: numbers that nobody asks for, such as the background, whose runs are not made.
  /// - Precondition: there are height × width pixels, no more than ``RunLengthMask/mostPixels``.
  init<Number: FixedWidthInteger & UnsignedInteger>(
    _ pixels: [Number], height: Int, width: Int, without passed: Set<Int> = []
  ) {
    precondition(pixels.count == height * width, "LabelRuns: \(pixels.count) pixels are not \(height) × \(width)")
    self.init(
      columns: Self.transposed(pixels, height: height, width: width), height: height, width: width, without: passed)
  }

  /// Looks at a label map, column by column.
  init<Number: FixedWidthInteger & UnsignedInteger>(
    columns: [Number], height: Int, width: Int, without passed: Set<Int> = []
  ) {
    var runs = Runs(total: columns.count, passed: passed)
    columns.withUnsafeBufferPointer { columns in
      var at = 0
      while at < columns.count {
        let value = columns[at]
        var end = at + 1
        while end < columns.count, columns[end] == value { end += 1 }
        runs.add(Int(value), from: at, to: end)
        at = end
      }
    }
    entries = runs.masks(height: height, width: width)
  }

  /// The pixels column by column, moved in squares so that both sides stay near in memory.
  static func transposed<Number: FixedWidthInteger>(_ pixels: [Number], height: Int, width: Int) -> [Number] {
    let side = 32
    return [Number](unsafeUninitializedCapacity: pixels.count) { target, count in
      pixels.withUnsafeBufferPointer { source in
        for top in stride(from: 0, to: height, by: side) {
          let rows = top..<min(top + side, height)
          for left in stride(from: 0, to: width, by: side) {
            for column in left..<min(left + side, width) {
              for row in rows { target.initializeElement(at: column * height + row, to: source[row * width + column]) }
            }
          }
        }
      }
      count = pixels.count
    }
  }

  /// Runs of all numbers as they grow.
  private struct Runs {
    let total: Int
    let passed: Set<Int>
    /// The place of each number in the lists below; -1 for those that are passed over.
    private var places: [Int: Int] = [:]
    private var counts: [[Int]] = []
    private var ends: [Int] = []
    /// The last two numbers met, which most runs are of.
    private var recent = [(value: Int, place: Int)](repeating: (-1, -1), count: 2)

    init(total: Int, passed: Set<Int>) { (self.total, self.passed) = (total, passed) }

    mutating func add(_ value: Int, from start: Int, to end: Int) {
      let place = place(of: value)
      guard place >= 0 else { return }
      counts[place].append(start - ends[place])
      counts[place].append(end - start)
      ends[place] = end
    }

    private mutating func place(of value: Int) -> Int {
      if recent[0].value == value { return recent[0].place }
      recent.swapAt(0, 1)
      if recent[0].value == value { return recent[0].place }
      let place: Int
      if let known = places[value] {
        place = known
      } else if passed.contains(value) {
        place = -1
      } else {
        place = counts.count
        counts.append([])
        ends.append(0)
      }
      places[value] = place
      recent[0] = (value, place)
      return place
    }

    consuming func masks(height: Int, width: Int) -> [Entry] {
      places.filter { $0.value >= 0 }.sorted { $0.key < $1.key }.compactMap { value, place in
        let rest = total - ends[place]
        let runs = rest > 0 ? counts[place] + [rest] : counts[place]
        return (try? RunLengthMask(counts: runs, height: height, width: width)).map { Entry(value: value, mask: $0) }
      }
    }
  }
}
