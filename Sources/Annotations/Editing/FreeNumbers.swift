/// Numbers that are taken once.
struct FreeNumbers {
  private let reserved: Set<Int>
  private var taken: Set<Int> = []
  private var next = 1

  init(reserved: [[Int]]) { self.reserved = Set(reserved.joined()) }

  /// The number itself, or where it is taken the smallest from 1 on that nobody has.
  mutating func take(_ number: Int) -> Int {
    if taken.insert(number).inserted { return number }
    while reserved.contains(next) || taken.contains(next) { next += 1 }
    taken.insert(next)
    return next
  }
}
