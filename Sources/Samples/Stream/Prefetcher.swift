/// Makes the elements of an endless sequence ahead of their use, on worker threads, and delivers them in order.
///
/// An element is a function of its index alone, so neither the number of workers nor their timing changes what is
/// delivered. At most `depth` elements are made ahead; then the workers wait. Without workers an element is made when
/// it is asked for. The position to save is ``position``: a new prefetcher that starts there continues exactly.
public final class Prefetcher<Element: Sendable> {
  private let queue: Queue
  private var threads: [WorkerThread] = []

  /// Starts making elements from `position` on.
  ///
  /// - Parameters:
  ///   - position: index of the first element.
  ///   - workers: number of threads, 0 for none.
  ///   - depth: how many elements may lie ready or be in the making.
  ///   - make: the element of an index; called from several threads at once, each index once.
  /// - Precondition: `workers` ≥ 0 and `depth` ≥ 1.
  public init(
    from position: Int = 0, workers: Int, depth: Int, make: @escaping @Sendable (_ index: Int) -> Element
  ) {
    precondition(workers >= 0 && depth >= 1, "Prefetcher: expected workers ≥ 0 and depth ≥ 1, got \(workers), \(depth)")
    let queue = Queue(position: position, depth: depth, make: make)
    self.queue = queue
    for _ in 0..<min(workers, depth) {
      // With fewer threads than asked for the elements are the same, only later.
      if let thread = WorkerThread({ queue.work() }) { threads.append(thread) }
    }
  }

  deinit {
    queue.stop()
    for thread in threads { thread.join() }
  }

  /// The index of the element that `next` delivers.
  public var position: Int { queue.position }

  /// The next element; waits until it is made.
  public func next() -> Element { threads.isEmpty ? queue.makeNext() : queue.takeNext() }

  private final class Queue: @unchecked Sendable {
    private let monitor = Monitor()
    private let depth: Int
    private let make: @Sendable (Int) -> Element
    // Guarded by the monitor.
    private var delivered: Int
    private var started: Int
    private var ready: [Int: Element] = [:]
    private var isStopped = false

    init(position: Int, depth: Int, make: @escaping @Sendable (Int) -> Element) {
      self.depth = depth
      self.make = make
      delivered = position
      started = position
    }

    var position: Int { monitor.locked { delivered } }

    func stop() {
      monitor.locked {
        isStopped = true
        monitor.wakeAll()
      }
    }

    func work() {
      while let index = claim() {
        let element = make(index)
        monitor.locked {
          ready[index] = element
          monitor.wakeAll()
        }
      }
    }

    private func claim() -> Int? {
      monitor.locked {
        while !isStopped, started >= delivered + depth { monitor.wait() }
        guard !isStopped else { return nil }
        defer { started += 1 }
        return started
      }
    }

    func takeNext() -> Element {
      monitor.locked {
        while true {
          if let element = ready.removeValue(forKey: delivered) {
            delivered += 1
            monitor.wakeAll()
            return element
          }
          monitor.wait()
        }
      }
    }

    func makeNext() -> Element {
      let element = make(position)
      monitor.locked { delivered += 1 }
      return element
    }
  }
}
