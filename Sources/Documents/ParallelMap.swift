import Dispatch

/// Calls `body` with 0 ..< count on all cores, and gives the results in this order.
public func parallelMap<Result: Sendable>(count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
  var results = [Result?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { slots in
    nonisolated(unsafe) let slots = slots
    // Each iteration writes its own slot only.
    DispatchQueue.concurrentPerform(iterations: count) { slots[$0] = body($0) }
  }
  return results.compactMap { $0 }
}
