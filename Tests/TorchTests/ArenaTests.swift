import CTorch
import Randomness
import Testing

@testable import Torch

/// Large tensors in memory of their own. Once it is in use it stays so for all tests behind this one.
@Suite struct ArenaTests {
  init() { ct_use_arena() }

  /// A tensor whose elements are all one number, and that number.
  private func marked(_ count: Int, _ mark: Int) -> (Tensor, Int) {
    (Tensor.full([count], Double(mark), .int64), mark)
  }

  private func isWhole(_ tensor: Tensor, _ mark: Int) -> Bool {
    tensor.min().scalar == Double(mark) && tensor.max().scalar == Double(mark)
  }

  @Test("tensors of all sizes that come and go in any order do not touch one another")
  func random() {
    var generator = SeededGenerator(seed: 5)
    var alive: [(Tensor, Int)] = []
    for mark in 0..<600 {
      if alive.count > 20 || (!alive.isEmpty && Bool.random(using: &generator)) {
        let (tensor, expected) = alive.remove(at: Int.random(in: alive.indices, using: &generator))
        #expect(isWhole(tensor, expected))
      }
      // From far below the least size of the arena to two megabytes, in bytes of no round number.
      alive.append(
        marked(1 << Int.random(in: 4...18, using: &generator) + Int.random(in: 0..<100, using: &generator), mark))
    }
    for (tensor, mark) in alive { #expect(isWhole(tensor, mark)) }
  }

  @Test("what was freed is used again: by the same sizes, and by one as large as its neighbours together")
  func reuse() {
    let count = 1 << 18  // two megabytes
    func addresses(_ sizes: [Int]) -> [Int] {
      let tensors = sizes.map { Tensor.empty([$0], .int64) }
      return tensors.map { Int(bitPattern: ct_tensor_data($0.handle)) }
    }
    let first = addresses([count, count, count, count])
    #expect(Set(first).count == 4)
    #expect(addresses([count, count, count, count]).sorted() == first.sorted())
    let whole = addresses([4 * count])[0]
    #expect(first.contains(whole))
  }

  @Test("tensors may be made in one thread and freed in another")
  func threads() async {
    await withTaskGroup(of: Bool.self) { group in
      for worker in 0..<4 {
        group.addTask {
          var last: (Tensor, Int)?
          for step in 0..<50 {
            let next = self.marked(20_000 + 977 * step, 100 * worker + step)
            if let (tensor, mark) = last, !self.isWhole(tensor, mark) { return false }
            last = next
            await Task.yield()
          }
          return true
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
